"""How many assets of each kind, decade, collection and state: five queries, whatever the number of assets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from archive.models import Asset, Collection
from archive.vocabularies import AssetKind, RestorationState


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person filters by; an empty field does not filter. A decade is named by its first year, 1990; a
    collection holds what its parts hold."""

    kind: str = ""
    decade: int | None = None
    collection: int | None = None
    restoration_state: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value one can filter by. `depth` is how deep a collection lies in others."""

    value: str | int
    label: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    kinds: list[Facet]
    decades: list[Facet]
    collections: list[Facet]
    restoration_states: list[Facet]


def narrow(queryset: QuerySet[Asset], choice: Choice) -> QuerySet[Asset]:
    """Only the assets that fit the choice; one query more when a collection is chosen."""
    return _narrow(queryset, choice, list(Collection.objects.all()) if choice.collection is not None else [])


def facets(queryset: QuerySet[Asset], choice: Choice | None = None) -> Facets:
    """Counts over the assets of `queryset`, which is not yet narrowed. Each dimension counts what its values would
    show beside the choices made in the others, so that one can change one's mind."""
    choice = choice or Choice()
    tree = list(Collection.objects.all())
    plain = queryset.order_by()

    def counts(field: str, others: Choice) -> dict:
        rows = _narrow(plain, others, tree).values_list(field).annotate(found=Count("pk"))
        return dict(rows.values_list(field, "found"))

    kinds = counts("kind", replace(choice, kind=""))
    years = counts("year", replace(choice, decade=None))
    direct = counts("collection", replace(choice, collection=None))
    states = counts("restoration_state", replace(choice, restoration_state=""))
    return Facets(
        kinds=[Facet(term.value, str(term.label), kinds[term.value]) for term in AssetKind if term.value in kinds],
        decades=_decades(years),
        collections=_collections(direct, tree),
        restoration_states=[Facet(term.value, str(term.label), states[term.value])
                            for term in RestorationState if term.value in states])


def _narrow(queryset: QuerySet[Asset], choice: Choice, tree: Iterable[Collection]) -> QuerySet[Asset]:
    if choice.kind:
        queryset = queryset.filter(kind=choice.kind)
    if choice.decade is not None:
        queryset = queryset.filter(year__gte=choice.decade, year__lt=choice.decade + 10)
    if choice.collection is not None:
        queryset = queryset.filter(collection__in=_with_parts(choice.collection, tree))
    if choice.restoration_state:
        queryset = queryset.filter(restoration_state=choice.restoration_state)
    return queryset


def _parts(tree: Iterable[Collection]) -> dict[int | None, list[Collection]]:
    parts: dict[int | None, list[Collection]] = {}
    for collection in tree:
        parts.setdefault(collection.parent_id, []).append(collection)
    return parts


def _with_parts(pk: int, tree: Iterable[Collection]) -> list[int]:
    parts, found = _parts(tree), [pk]
    for above in found:
        found.extend(part.pk for part in parts.get(above, []))
    return found


def _decades(years: Mapping[int | None, int]) -> list[Facet]:
    decades: dict[int, int] = {}
    for year, count in years.items():
        if year is not None:
            decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + count
    return [Facet(decade, f"{decade}s", count) for decade, count in sorted(decades.items(), reverse=True)]


def _collections(direct: Mapping[int, int], tree: list[Collection]) -> list[Facet]:
    """In the order of a tree; a parent counts what its parts hold; what holds nothing is left out."""
    parts = _parts(tree)

    def branch(collection: Collection, depth: int) -> list[Facet]:
        below = [facet for part in parts.get(collection.pk, []) for facet in branch(part, depth + 1)]
        count = direct.get(collection.pk, 0) + sum(facet.count for facet in below if facet.depth == depth + 1)
        return [Facet(collection.pk, collection.display_name, count, depth), *below] if count else []

    return [facet for root in parts.get(None, []) for facet in branch(root, 0)]
