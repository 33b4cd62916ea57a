"""The one way to write provenance."""

from typing import Any

from django.db.models import Model

from archive.models import Asset, ProvenanceEvent, User
from archive.vocabularies import EventType, Outcome


def record(
    type: EventType,
    *,
    on: Model,
    by: User | None = None,
    software: str = "",
    asset: Asset | None = None,
    outcome: Outcome = Outcome.SUCCESS,
    detail: str = "",
    **facts: Any,
) -> ProvenanceEvent:
    """Record that something was done to `on`.

    detail: an English sentence with {placeholders}, marked for translation where it is written; facts: what fills
    them, and whatever else is worth keeping, as plain JSON values. Call it in the transaction of the change itself.
    """
    return ProvenanceEvent.objects.create(
        type=type, by=by, software=software, outcome=outcome, object_type=str(on._meta.verbose_name or on._meta.label),
        object_id=str(on.pk), asset=asset, detail=detail, facts=facts,
    )
