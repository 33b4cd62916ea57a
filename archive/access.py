"""Who may see and do what in the archive. The gate fetches: a view gets an object only from here.

Rule of the house: the people of the archive see all holdings; a rights holder sees nothing of the catalogue and gets
404, as for something that does not exist. What a rights holder receives goes through the gates of `restoration`.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from archive.models import Asset, Collection, MediaFile, Upload, User
from archive.vocabularies import Role

CATALOGUERS = {Role.ARCHIVIST, Role.ADMINISTRATOR}
STAFF = {Role.ARCHIVIST, Role.RESTORER, Role.REVIEWER, Role.ADMINISTRATOR}


def require_role(user: Any, roles: set[Role]) -> User:
    """The user, if they hold one of the roles. A rights holder learns nothing (404); a colleague is told (403)."""
    if not isinstance(user, User) or not user.is_active or user.role not in STAFF | roles:
        raise Http404
    if user.role not in roles:
        names = pgettext("between words", ", ").join(sorted(str(role.label) for role in roles))
        raise PermissionDenied(_("This is for: %(roles)s.") % {"roles": names})
    return user


def require_cataloguer(by: User | None) -> None:
    """Nobody (None) is the operator of this machine at its shell, who may do everything anyhow."""
    if by is not None:
        require_role(by, CATALOGUERS)


def can_catalogue(user: Any) -> bool:
    return isinstance(user, User) and user.role in CATALOGUERS


def assets_for(user: Any) -> QuerySet[Asset]:
    require_role(user, STAFF)
    return Asset.objects.all()


def asset_for(user: Any, pk: int, *, to_change: bool = False) -> Asset:
    require_role(user, CATALOGUERS if to_change else STAFF)
    return get_object_or_404(Asset, pk=pk)


def collection_for(user: Any, pk: int, *, to_change: bool = False) -> Collection:
    require_role(user, CATALOGUERS if to_change else STAFF)
    return get_object_or_404(Collection, pk=pk)


def media_file_for(user: Any, pk: UUID, *, to_change: bool = False) -> MediaFile:
    """Also the gate of everything made from a file: poster, filmstrip, waveform, viewing proxy."""
    require_role(user, CATALOGUERS if to_change else STAFF)
    return get_object_or_404(MediaFile.objects.select_related("instantiation__asset"), pk=pk)


def upload_for(user: Any, pk: UUID) -> Upload:
    """One's own upload only."""
    return get_object_or_404(Upload, pk=pk, by=require_role(user, CATALOGUERS))
