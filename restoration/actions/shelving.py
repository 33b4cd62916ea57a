"""What becomes of registered weights: what is said of them corrected, withdrawn, offered again.

Their bytes and what they are stay in every case, and so does what versions that name them say and make.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import User
from archive.vocabularies import EventType
from restoration.access import RESTORERS
from restoration.actions.weights import refuse_unnamed
from restoration.models import Weights


def correct(weights: Weights, *, name: str, licence: str, origin: str, by: User) -> None:
    """Say what they are called, by which licence they may be used, and where they come from, which may be empty.
    Raises ValidationError without a name or a licence, or where all are so already."""
    require_role(by, RESTORERS)
    refuse_unnamed(name, licence)
    said = {"name": name.strip(), "licence": licence.strip(), "origin": origin.strip()}
    with transaction.atomic():
        row = Weights.objects.select_for_update().get(pk=weights.pk)
        changes = {field: [getattr(row, field), said[field]] for field in said if getattr(row, field) != said[field]}
        if not changes:
            raise ValidationError(_("Nothing differs from what is said already."))
        Weights.objects.filter(pk=row.pk).update(**said)
        _record(row, said, changes, by=by)
    weights.refresh_from_db()


def withdraw(weights: Weights, *, by: User, reason: str = "") -> None:
    """Offer them for no new version. Raises ValidationError where they are withdrawn already."""
    require_role(by, RESTORERS)
    reason = reason.strip()
    with transaction.atomic():
        if not Weights.objects.filter(pk=weights.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            raise ValidationError(_("%(name)s was withdrawn already."), params={"name": weights.name})
        provenance.record(EventType.WEIGHTS_WITHDRAWN, on=weights, by=by, name=weights.name, sha256=weights.sha256,
                          reason=reason, detail=gettext_noop("{name} withdrawn: {reason}") if reason else
                          gettext_noop("{name} withdrawn"))
    weights.refresh_from_db()


def offer_again(weights: Weights, *, by: User) -> None:
    """Raises ValidationError where they are on offer."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        if not Weights.objects.filter(pk=weights.pk, withdrawn_at__isnull=False).update(withdrawn_at=None):
            raise ValidationError(_("%(name)s is on offer already."), params={"name": weights.name})
        provenance.record(EventType.WEIGHTS_OFFERED_AGAIN, on=weights, by=by, name=weights.name,
                          sha256=weights.sha256, detail=gettext_noop("{name} offered again"))
    weights.refresh_from_db()


def _record(row: Weights, said: dict[str, str], changes: dict[str, list[str]], *, by: User) -> None:
    named = {field: change for field, change in changes.items() if field != "origin"}
    if named:
        provenance.record(EventType.DESCRIBED, on=row, by=by, sha256=row.sha256, changes=named, name=said["name"],
                          licence=said["licence"], old_name=row.name, old_licence=row.licence,
                          detail=gettext_noop("Corrected: “{old_name}”, {old_licence} is now “{name}”, {licence}"))
    if "origin" in changes:
        provenance.record(EventType.DESCRIBED, on=row, by=by, sha256=row.sha256, name=said["name"],
                          changes={"origin": changes["origin"]}, origin=said["origin"], old_origin=row.origin,
                          detail=gettext_noop("Where {name} comes from was corrected: “{old_origin}” is now "
                                              "“{origin}”"))
