"""Describing what we hold. Every change names the fields it changed, with what they said before."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive import search
from archive.access import CATALOGUERS, require_role
from archive.actions import provenance
from archive.edtf import bounds
from archive.models import (
    Agent,
    Asset,
    AssetDate,
    AssetPlace,
    AssetTitle,
    Collection,
    Credit,
    Instantiation,
    Subject,
    User,
)
from archive.vocabularies import (
    AgentKind,
    AssetKind,
    CarrierFormat,
    Condition,
    CreditRole,
    DateType,
    EventType,
    Generation,
    Language,
    PlaceType,
    RestorationState,
    TitleType,
)

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


@dataclass(frozen=True, slots=True)
class CreditLine:
    """An agent by name; one that the catalogue does not know yet is made."""

    name: str
    role: CreditRole | str
    kind: AgentKind | str = AgentKind.PERSON
    other_names: tuple[str, ...] = ()


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


def require_cataloguer(by: User | None) -> None:
    """Nobody (None) is the operator of this machine at its shell, who may do everything anyhow."""
    if by is not None:
        require_role(by, CATALOGUERS)


def create_asset(*, by: User | None, kind: AssetKind | str, collection: Collection, title: str,
                 accession_number: str = "", description: Description | None = None, software: str = "") -> Asset:
    """A new asset with one preferred title and whatever else `description` says. Without an accession number it gets
    the year's next one. Raises ValidationError."""
    require_cataloguer(by)
    description = description or Description()
    with transaction.atomic():
        number = accession_number.strip() or _next_accession_number()
        _refuse_taken_number(number, None)
        asset = Asset.objects.create(accession_number=number, kind=_term(AssetKind, kind), collection=collection)
        if description.titles is None:
            _replace_titles(asset, [Title(title, guess_language(title))])
        _apply(asset, description)
        _keep_derived(asset)
        provenance.record(EventType.CATALOGUED, on=asset, by=by, software=software, asset=asset,
                          detail=gettext_noop("Catalogued as {accession_number}, “{title}”."),
                          accession_number=number, title=preferred_title(asset))
    return asset


def describe_asset(asset: Asset, description: Description, *, by: User | None) -> Asset:
    """Change what is said about an asset. Provenance keeps each changed field's old and new words. Raises
    ValidationError; then nothing has changed."""
    require_cataloguer(by)
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset.pk)
        before = snapshot(asset)
        if description.accession_number is not None:
            _refuse_taken_number(description.accession_number.strip(), asset)
        _apply(asset, description)
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


def create_collection(*, by: User | None, name: str, name_zh: str = "", description: str = "",
                      parent: Collection | None = None) -> Collection:
    require_cataloguer(by)
    _refuse_taken_name(name.strip(), parent, None)
    with transaction.atomic():
        collection = Collection.objects.create(name=name.strip(), name_zh=name_zh.strip(),
                                               description=description.strip(), parent=parent)
        provenance.record(EventType.CATALOGUED, on=collection, by=by,
                          detail=gettext_noop("Collection “{name}” created."), name=collection.name)
    return collection


def describe_collection(collection: Collection, *, by: User | None, name: str | None = None,
                        name_zh: str | None = None, description: str | None = None) -> Collection:
    """Change a collection's words; None leaves them as they are."""
    require_cataloguer(by)
    with transaction.atomic():
        collection = Collection.objects.select_for_update().get(pk=collection.pk)
        if name is not None:
            _refuse_taken_name(name.strip(), collection.parent, collection)
        changes = _set_fields(collection, name=name, name_zh=name_zh, description=description)
        if changes:
            collection.save(update_fields=list(changes))
            provenance.record(EventType.DESCRIBED, on=collection, by=by, detail=gettext_noop("Changed: {fields}."),
                              fields=", ".join(changes), changes=changes)
    return collection


def move_collection(collection: Collection, *, into: Collection | None, by: User | None) -> Collection:
    """Make a collection part of another, or of none. Raises ValidationError for a cycle."""
    require_cataloguer(by)
    with transaction.atomic():
        parents = dict(Collection.objects.select_for_update().values_list("pk", "parent_id"))
        above: int | None = into.pk if into else None
        while above is not None:
            if above == collection.pk:
                raise ValidationError(_("A collection cannot be part of itself or of what it holds."))
            above = parents.get(above)
        _refuse_taken_name(collection.name, into, collection)
        changes = {"parent": [str(collection.parent or ""), str(into or "")]}
        collection.parent = into
        collection.save(update_fields=["parent"])
        provenance.record(EventType.DESCRIBED, on=collection, by=by, detail=gettext_noop("Changed: {fields}."),
                          fields="parent", changes=changes)
    return collection


def add_carrier(asset: Asset, *, by: User | None, carrier_format: CarrierFormat | str, label: str = "",
                generation: Generation | str = Generation.UNKNOWN, condition: Condition | str = Condition.UNKNOWN,
                condition_note: str = "", shelf: str = "") -> Instantiation:
    """A physical carrier that the archive holds: a tape, a reel of film."""
    require_cataloguer(by)
    with transaction.atomic():
        carrier = Instantiation.objects.create(
            asset=asset, is_physical=True, carrier_format=_term(CarrierFormat, carrier_format), label=label.strip(),
            generation=_term(Generation, generation), condition=_term(Condition, condition),
            condition_note=condition_note.strip(), shelf=shelf.strip())
        provenance.record(EventType.CATALOGUED, on=carrier, by=by, asset=asset,
                          detail=gettext_noop("Carrier added: {format}, shelf {shelf}."),
                          format=str(CarrierFormat(carrier.carrier_format).value), shelf=carrier.shelf or "—")
    return carrier


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


def _apply(asset: Asset, description: Description) -> None:
    kind = None if description.kind is None else _term(AssetKind, description.kind)
    _set_fields(asset, kind=kind, accession_number=description.accession_number, description=description.description,
                description_zh=description.description_zh, notes=description.notes)
    if description.collection is not None:
        asset.collection = description.collection
    asset.save()
    if description.titles is not None:
        _replace_titles(asset, description.titles)
    if description.dates is not None:
        _replace_dates(asset, description.dates)
    if description.places is not None:
        asset.places.all().delete()
        AssetPlace.objects.bulk_create(
            AssetPlace(asset=asset, name=_words(place.name), type=_term(PlaceType, place.type))
            for place in description.places)
    if description.credits is not None:
        _replace_credits(asset, description.credits)
    if description.subjects is not None:
        asset.subjects.set(_subjects(description.subjects))


def _set_fields(row: Any, **values: str | None) -> dict[str, list[str]]:
    """Put in what was said; return what changed, field by field: [old, new]."""
    changes = {}
    for field, value in values.items():
        if value is not None and getattr(row, field) != value.strip():
            changes[field] = [getattr(row, field), value.strip()]
            setattr(row, field, value.strip())
    return changes


def _replace_titles(asset: Asset, titles: Sequence[Title]) -> None:
    if sum(title.type == TitleType.PREFERRED for title in titles) != 1:
        raise ValidationError(_("An asset has exactly one preferred title."))
    asset.titles.all().delete()
    AssetTitle.objects.bulk_create(
        AssetTitle(asset=asset, value=_words(title.value), language=_term(Language, title.language),
                   type=_term(TitleType, title.type), position=position)
        for position, title in enumerate(titles))


def _replace_dates(asset: Asset, dates: Sequence[Date]) -> None:
    rows = []
    for date in dates:
        earliest, latest = bounds(date.value)
        rows.append(AssetDate(asset=asset, value=date.value.strip().upper(), type=_term(DateType, date.type),
                              earliest=earliest, latest=latest))
    asset.dates.all().delete()
    AssetDate.objects.bulk_create(rows)


def _replace_credits(asset: Asset, lines: Sequence[CreditLine]) -> None:
    agents = _agents(lines)
    rows = {(_words(line.name), line.role): line for line in lines}
    asset.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(asset=asset, agent=agents[(name, str(line.kind))], role=_term(CreditRole, role), position=position)
        for position, ((name, role), line) in enumerate(rows.items()))


def _agents(lines: Sequence[CreditLine]) -> dict[tuple[str, str], Agent]:
    """The agents of these names and kinds, those that were missing newly made; three queries at most."""
    new = {(_words(line.name), str(_term(AgentKind, line.kind))): line for line in lines}
    Agent.objects.bulk_create(
        [Agent(name=name, kind=kind, other_names=list(line.other_names)) for (name, kind), line in new.items()],
        ignore_conflicts=True)
    found = {(agent.name, agent.kind): agent
             for agent in Agent.objects.filter(name__in=[name for name, _kind in new])}
    changed = []
    for key, line in new.items():
        agent = found[key]
        missing = [name for name in line.other_names if name not in agent.all_names]
        if missing:
            agent.other_names = [*agent.other_names, *missing]
            changed.append(agent)
    Agent.objects.bulk_update(changed, ["other_names"])
    return found


def _subjects(terms: Sequence[str]) -> list[Subject]:
    wanted = list(dict.fromkeys(_words(term) for term in terms if term.strip()))
    Subject.objects.bulk_create([Subject(term=term) for term in wanted], ignore_conflicts=True)
    return list(Subject.objects.filter(term__in=wanted))


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


def _refuse_taken_number(number: str, asset: Asset | None) -> None:
    if not number:
        raise ValidationError(_("An asset needs an accession number."))
    if Asset.objects.filter(accession_number=number).exclude(pk=asset.pk if asset else 0).exists():
        raise ValidationError(_("The accession number %(number)s is taken."), params={"number": number})


def _refuse_taken_name(name: str, parent: Collection | None, collection: Collection | None) -> None:
    if not name:
        raise ValidationError(_("A collection needs a name."))
    others = Collection.objects.exclude(pk=collection.pk if collection else 0)
    if others.filter(name=name, parent=parent).exists():
        raise ValidationError(_("There is already a collection “%(name)s” here."), params={"name": name})


def _words(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise ValidationError(_("A title, place, name or subject cannot be empty."))
    return words


def _term(vocabulary: Any, value: str) -> Any:
    try:
        return vocabulary(value)
    except ValueError:
        terms = ", ".join(vocabulary.values)
        raise ValidationError(_("“%(value)s” is not one of: %(terms)s."),
                              params={"value": value, "terms": terms}) from None
