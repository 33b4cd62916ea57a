"""What one sees of an asset at a glance, for pages that show many: three queries of plain values, whatever their
number."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from archive.models import Asset, AssetDate, AssetTitle
from archive.models.collection import name_for_the_reader
from archive.templatetags.patina import called, date_in_words
from archive.vocabularies import AssetKind, RestorationState

WITH_MONTH = re.compile(r"([0-9]{2}[0-9X]{2})(?:-[0-9X]{2}){1,2}")


class Title(NamedTuple):
    value: str
    language: str
    type: str


@dataclass(frozen=True, slots=True)
class Glance:
    """One asset as a card or a row shows it, in the reader's language. `year` is as exact as it is known: “1994”,
    “1920s”, “about 1934”, or empty; `poster` is the key of the file whose poster stands for it."""

    pk: int
    accession_number: str
    titles: list[Title]
    kind: str
    year: str
    collection: str
    state: str
    standing: str
    poster: UUID | None
    duration_seconds: Decimal | None


def glances(pks: Sequence[int]) -> list[Glance]:
    """The assets with these keys, in their order; a key that names none is left out."""
    rows = Asset.objects.filter(pk__in=pks).order_by().values_list(
        "pk", "accession_number", "kind", "year", "collection__name", "collection__name_zh", "restoration_state",
        "poster_file_id", "poster_file__duration_seconds")
    titles, dates = _titles(pks), _dates(pks)
    kinds, states = _labels(AssetKind), _labels(RestorationState)
    found = {
        pk: Glance(pk, accession_number, called(titles.get(pk, [])), kinds[kind],
                   year_in_words(dates.get(pk), year), name_for_the_reader(*names), state, states[state], poster,
                   duration)
        for pk, accession_number, kind, year, *names, state, poster, duration in rows}
    return [found[pk] for pk in pks if pk in found]


def year_in_words(earliest: str | None, year: int | None) -> str:
    """earliest: the first of the asset's dates, in EDTF. year: what is known where there is none."""
    return str(year or "") if earliest is None else date_in_words(WITH_MONTH.sub(r"\1", earliest))


def _labels(terms: type[AssetKind] | type[RestorationState]) -> dict[str, str]:
    return {term.value: str(term.label) for term in terms}


def _titles(pks: Iterable[int]) -> dict[int, list[Title]]:
    titles: dict[int, list[Title]] = {}
    for pk, *title in AssetTitle.objects.filter(asset__in=pks).values_list("asset_id", "value", "language", "type"):
        titles.setdefault(pk, []).append(Title(*title))
    return titles


def _dates(pks: Iterable[int]) -> dict[int, str]:
    """The first date of each; the others come after it, so that the list is read backwards."""
    dates = AssetDate.objects.filter(asset__in=pks).values_list("asset_id", "value")
    return dict(reversed(dates))
