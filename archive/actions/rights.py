"""What may be done with an asset, on what basis, for whom and how long."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.actions import provenance
from archive.actions.catalogue import require_cataloguer
from archive.models import Agent, Asset, RightsStatement, User
from archive.vocabularies import EventType, RightsBasis


def state_rights(asset: Asset, *, by: User | None, holder: Agent, basis: RightsBasis | str, territory: str = "",
                 starts_on: datetime.date | None = None, ends_on: datetime.date | None = None,
                 note: str = "") -> RightsStatement:
    """Both days of the term belong to it; None is open. Raises ValidationError."""
    require_cataloguer(by)
    if starts_on and ends_on and ends_on < starts_on:
        raise ValidationError(_("The term ends before it begins."))
    if basis not in RightsBasis.values:
        raise ValidationError(_("Choose on what basis the rights are held."))
    with transaction.atomic():
        statement = RightsStatement.objects.create(
            asset=asset, holder=holder, basis=basis, territory=territory.strip(), starts_on=starts_on,
            ends_on=ends_on, note=note.strip())
        provenance.record(
            EventType.RIGHTS_STATED, on=statement, by=by, asset=asset,
            detail=gettext_noop("{holder} holds rights: {basis}, from {starts_on} until {ends_on}."),
            holder=holder.name, basis=str(basis), starts_on=str(starts_on or "…"), ends_on=str(ends_on or "…"),
            territory=statement.territory, note=statement.note)
    return statement
