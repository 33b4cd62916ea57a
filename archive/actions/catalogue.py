"""The door to the catalogue: every verb that describes what we hold.

Every change names the fields it changed, with what they said before.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive import search
from archive.access import require_cataloguer
from archive.actions import provenance
from archive.actions.agents import CreditLine
from archive.actions.carriers import add_carrier
from archive.actions.collection import create_collection, describe_collection
from archive.actions.description import (
    Date,
    Description,
    Place,
    Title,
    apply,
    guess_language,
    preferred_title,
    replace_titles,
    snapshot,
)
from archive.actions.wording import term
from archive.models import Asset, Collection, User
from archive.vocabularies import AssetKind, EventType, RestorationState

__all__ = [
    "CreditLine",
    "Date",
    "Description",
    "Place",
    "Title",
    "add_carrier",
    "create_asset",
    "create_collection",
    "describe_asset",
    "describe_collection",
    "preferred_title",
    "set_restoration_state",
]


def create_asset(*, by: User | None, kind: AssetKind | str, collection: Collection, title: str,
                 accession_number: str = "", description: Description | None = None, software: str = "") -> Asset:
    """A new asset with one preferred title and whatever else `description` says. Without an accession number it gets
    the year's next one. Raises ValidationError."""
    require_cataloguer(by)
    description = description or Description()
    with _who_comes_second_is_told(accession_number.strip(), None), transaction.atomic():
        number = accession_number.strip() or _next_accession_number()
        _refuse_taken_number(number, None)
        asset = Asset.objects.create(accession_number=number, kind=term(AssetKind, kind), collection=collection)
        if description.titles is None:
            replace_titles(asset, [Title(title, guess_language(title))])
        apply(asset, description)
        _keep_derived(asset)
        provenance.record(EventType.CATALOGUED, on=asset, by=by, software=software, asset=asset,
                          detail=gettext_noop("Catalogued as {accession_number}, “{title}”."),
                          accession_number=number, title=preferred_title(asset))
    return asset


def describe_asset(asset: Asset, description: Description, *, by: User | None) -> Asset:
    """Change what is said about an asset. Provenance keeps each changed field's old and new words. Raises
    ValidationError; then nothing has changed."""
    require_cataloguer(by)
    with _who_comes_second_is_told((description.accession_number or "").strip(), asset), transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset.pk)
        before = snapshot(asset)
        if description.accession_number is not None:
            _refuse_taken_number(description.accession_number.strip(), asset)
        apply(asset, description)
        _keep_derived(asset)
        after = snapshot(asset)
        changes = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
        if changes:
            provenance.record(EventType.DESCRIBED, on=asset, by=by, asset=asset,
                              detail=gettext_noop("Changed: {fields}."), fields=", ".join(changes), changes=changes)
    return asset


def set_restoration_state(asset: Asset, state: RestorationState | str) -> None:
    """Kept by the actions of restoration, which record their own provenance."""
    Asset.objects.filter(pk=asset.pk).exclude(restoration_state=state).update(restoration_state=state)
    asset.restoration_state = state


def _keep_derived(asset: Asset) -> None:
    """The year of the earliest date, and the words that the search reads."""
    earliest: datetime.date | None = asset.dates.order_by("earliest").values_list("earliest", flat=True).first()
    asset.year = earliest.year if earliest else None
    asset.save(update_fields=["year"])
    search.index_asset(asset)


def _next_accession_number() -> str:
    """P-2026-0001 and on. The lock lasts until the transaction ends, so numbers have neither gaps nor twins."""
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accession numbers'))")
        cursor.execute("SELECT max(substring(accession_number FROM %s)::int) FROM archive_asset"
                       " WHERE accession_number LIKE %s", [rf"^P-{year}-(\d{{4,9}})$", f"P-{year}-%"])
        last = cursor.fetchone()[0] or 0
    return f"P-{year}-{last + 1:04}"


@contextmanager
def _who_comes_second_is_told(number: str, asset: Asset | None) -> Iterator[None]:
    """Between looking for a number and writing it, somebody else may have taken it."""
    try:
        yield
    except IntegrityError:
        if number:
            _refuse_taken_number(number, asset)
        raise


def _refuse_taken_number(number: str, asset: Asset | None) -> None:
    if not number:
        raise ValidationError(_("An asset needs an accession number."))
    if Asset.objects.filter(accession_number=number).exclude(pk=asset.pk if asset else 0).exists():
        raise ValidationError(_("The accession number %(number)s is taken."), params={"number": number})
