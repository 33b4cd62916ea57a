"""The physical things on the shelf."""

from django.db import transaction
from django.utils.translation import gettext_noop

from archive.access import require_cataloguer
from archive.actions import provenance
from archive.actions.wording import term
from archive.models import Asset, Instantiation, User
from archive.vocabularies import CarrierFormat, Condition, EventType, Generation


def add_carrier(asset: Asset, *, by: User | None, carrier_format: CarrierFormat | str, label: str = "",
                generation: Generation | str = Generation.UNKNOWN, condition: Condition | str = Condition.UNKNOWN,
                condition_note: str = "", shelf: str = "") -> Instantiation:
    """A physical carrier that the archive holds: a tape, a reel of film."""
    require_cataloguer(by)
    with transaction.atomic():
        carrier = Instantiation.objects.create(
            asset=asset, is_physical=True, carrier_format=term(CarrierFormat, carrier_format), label=label.strip(),
            generation=term(Generation, generation), condition=term(Condition, condition),
            condition_note=condition_note.strip(), shelf=shelf.strip())
        provenance.record(EventType.CATALOGUED, on=carrier, by=by, asset=asset,
                          detail=gettext_noop("Carrier added: {format}, shelf {shelf}."),
                          format=str(CarrierFormat(carrier.carrier_format).value), shelf=carrier.shelf or "—")
    return carrier
