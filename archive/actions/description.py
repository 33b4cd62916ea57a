"""What is said about an asset, as plain values: to be put in, to be compared, to be kept in provenance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archive.actions.agents import CreditLine, agents_of
from archive.actions.wording import put, term, words
from archive.edtf import bounds
from archive.models import Asset, AssetDate, AssetPlace, AssetTitle, Collection, Credit, Subject
from archive.vocabularies import AssetKind, CreditRole, DateType, Language, PlaceType, TitleType

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PLAIN_FIELDS = ("kind", "description", "description_zh", "notes", "accession_number")


@dataclass(frozen=True, slots=True)
class Title:
    value: str
    language: Language | str = Language.ENGLISH
    type: TitleType | str = TitleType.PREFERRED


@dataclass(frozen=True, slots=True)
class Date:
    value: str
    type: DateType | str = DateType.CREATED


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    type: PlaceType | str = PlaceType.PRODUCTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What to say about an asset. None leaves a field as it is; a sequence replaces all that was there, in order."""

    kind: AssetKind | str | None = None
    accession_number: str | None = None
    collection: Collection | None = None
    description: str | None = None
    description_zh: str | None = None
    notes: str | None = None
    titles: Sequence[Title] | None = None
    dates: Sequence[Date] | None = None
    places: Sequence[Place] | None = None
    credits: Sequence[CreditLine] | None = None
    subjects: Sequence[str] | None = None


def guess_language(title: str) -> Language:
    return Language.CHINESE_SIMPLIFIED if HAN.search(title) else Language.ENGLISH


def preferred_title(asset: Asset) -> str:
    title = asset.titles.filter(type=TitleType.PREFERRED).first() or asset.titles.first()
    return title.value if title else asset.accession_number


def snapshot(asset: Asset) -> dict[str, Any]:
    """What is said about an asset now, as plain JSON values: the before and after of its provenance."""
    return {
        **{field: getattr(asset, field) for field in PLAIN_FIELDS},
        "collection": asset.collection.name,
        "titles": [[title.value, title.language, title.type] for title in asset.titles.all()],
        "dates": [[date.value, date.type] for date in asset.dates.all()],
        "places": [[place.name, place.type] for place in asset.places.all()],
        "credits": [[credit.agent.name, credit.role] for credit in asset.credits.select_related("agent")],
        "subjects": [subject.term for subject in asset.subjects.all()],
    }


def apply(asset: Asset, description: Description) -> None:
    """Store what the description says. Call it in a transaction: it may raise ValidationError half way."""
    kind = None if description.kind is None else term(AssetKind, description.kind)
    put(asset, kind=kind, accession_number=description.accession_number, description=description.description,
        description_zh=description.description_zh, notes=description.notes)
    if description.collection is not None:
        asset.collection = description.collection
    asset.save()
    if description.titles is not None:
        replace_titles(asset, description.titles)
    if description.dates is not None:
        _replace_dates(asset, description.dates)
    if description.places is not None:
        asset.places.all().delete()
        AssetPlace.objects.bulk_create(
            AssetPlace(asset=asset, name=words(place.name), type=term(PlaceType, place.type))
            for place in description.places)
    if description.credits is not None:
        _replace_credits(asset, description.credits)
    if description.subjects is not None:
        asset.subjects.set(_subjects(description.subjects))


def replace_titles(asset: Asset, titles: Sequence[Title]) -> None:
    if sum(title.type == TitleType.PREFERRED for title in titles) != 1:
        raise ValidationError(_("An asset has exactly one preferred title."))
    asset.titles.all().delete()
    AssetTitle.objects.bulk_create(
        AssetTitle(asset=asset, value=words(title.value), language=term(Language, title.language),
                   type=term(TitleType, title.type), position=position)
        for position, title in enumerate(titles))


def _replace_dates(asset: Asset, dates: Sequence[Date]) -> None:
    rows = []
    for date in dates:
        earliest, latest = bounds(date.value)
        rows.append(AssetDate(asset=asset, value=date.value.strip().upper(), type=term(DateType, date.type),
                              earliest=earliest, latest=latest))
    asset.dates.all().delete()
    AssetDate.objects.bulk_create(rows)


def _replace_credits(asset: Asset, lines: Sequence[CreditLine]) -> None:
    agents = agents_of(lines)
    rows = {(words(line.name), line.role): line for line in lines}
    asset.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(asset=asset, agent=agents[(name, str(line.kind))], role=term(CreditRole, role), position=position)
        for position, ((name, role), line) in enumerate(rows.items()))


def _subjects(terms: Sequence[str]) -> list[Subject]:
    wanted = list(dict.fromkeys(words(said) for said in terms if said.strip()))
    Subject.objects.bulk_create([Subject(term=said) for said in wanted], ignore_conflicts=True)
    return list(Subject.objects.filter(term__in=wanted))
