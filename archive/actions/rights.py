"""What may be done with an asset, on what basis, for whom and how long."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_cataloguer
from archive.actions import provenance
from archive.actions.agents import agent_named
from archive.models import Agent, Asset, RightsStatement, User
from archive.vocabularies import AgentKind, EventType, RightsBasis

# By whether the term has a first and a last day.
STATED = {
    (False, False): gettext_noop("{holder} holds rights: {basis}, without a term."),
    (True, False): gettext_noop("{holder} holds rights: {basis}, from {starts_on} on."),
    (False, True): gettext_noop("{holder} holds rights: {basis}, until {ends_on}."),
    (True, True): gettext_noop("{holder} holds rights: {basis}, from {starts_on} until {ends_on}."),
}


def state_rights(asset: Asset, *, by: User | None, holder: Agent | str, basis: RightsBasis | str,
                 holder_kind: AgentKind | str = AgentKind.ORGANISATION, territory: str = "",
                 starts_on: datetime.date | None = None, ends_on: datetime.date | None = None,
                 note: str = "") -> RightsStatement:
    """holder: an agent, or a name; who is not known by it as a `holder_kind` is made. Both days of the term belong to
    it; None is open. Raises ValidationError, and then no holder has been made either."""
    require_cataloguer(by)
    if starts_on and ends_on and ends_on < starts_on:
        raise ValidationError(_("The term ends before it begins."))
    if basis not in RightsBasis.values:
        raise ValidationError(_("Choose on what basis the rights are held."))
    with transaction.atomic():
        agent = holder if isinstance(holder, Agent) else agent_named(holder, holder_kind)
        statement = RightsStatement.objects.create(
            asset=asset, holder=agent, basis=basis, territory=territory.strip(), starts_on=starts_on,
            ends_on=ends_on, note=note.strip())
        provenance.record(
            EventType.RIGHTS_STATED, on=statement, by=by, asset=asset,
            detail=STATED[bool(starts_on), bool(ends_on)], holder=agent.name, basis=str(basis),
            starts_on=str(starts_on or ""), ends_on=str(ends_on or ""), territory=statement.territory,
            note=statement.note)
    return statement
