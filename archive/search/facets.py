"""How many assets of each kind, decade, collection and state: two queries, whatever the number of assets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from archive.models import Asset, Collection
from archive.search.choice import Choice, fits, parts_of
from archive.vocabularies import AssetKind, RestorationState

# What is counted, and the choice that each of them does not heed.
COUNTED: dict[str, dict[str, Any]] = {
    "kind": {"kind": ""}, "year": {"decade": None}, "collection_id": {"collection": None},
    "restoration_state": {"restoration_state": ""}}
# Matching a search costs more than counting what it found, so that all four are counted in one pass.
COUNTS = """
    SELECT kind, year, collection_id, restoration_state, GROUPING(kind, year, collection_id, restoration_state),
        {counts}
    FROM ({matching}) AS matching WHERE {wanted}
    GROUP BY GROUPING SETS ((kind), (year), (collection_id), (restoration_state))"""
# What GROUPING says of a row: the bits of those columns are set by which the row is not grouped.
GROUPED_BY = {0b0111: 0, 0b1011: 1, 0b1101: 2, 0b1110: 3}


@dataclass(frozen=True, slots=True)
class Facet:
    """One value one can filter by. `depth` is how deep a collection lies in others."""

    value: str | int
    label: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """`found` is how many assets fit all choices at once."""

    found: int
    kinds: list[Facet]
    decades: list[Facet]
    collections: list[Facet]
    restoration_states: list[Facet]


def facets(queryset: QuerySet[Asset], choice: Choice | None = None) -> Facets:
    """Counts over the assets of `queryset`, which is not yet narrowed. Each dimension counts what its values would
    show beside the choices made in the others, so that one can change one's mind."""
    choice = choice or Choice()
    tree = list(Collection.objects.all())
    kinds, years, direct, states = _counts(queryset, choice, tree)
    return Facets(
        found=sum(count for state, count in states.items() if choice.restoration_state in ("", state)),
        kinds=[Facet(term.value, str(term.label), kinds[term.value]) for term in AssetKind if term.value in kinds],
        decades=_decades(years),
        collections=_collections(direct, tree),
        restoration_states=[Facet(term.value, str(term.label), states[term.value])
                            for term in RestorationState if term.value in states])


def _counts(queryset: QuerySet[Asset], choice: Choice, tree: list[Collection]) -> list[dict[Any, int]]:
    """For each of the columns counted, how many assets have each of its values."""
    counts: list[dict[Any, int]] = [{} for _column in COUNTED]
    # One count serves all columns that heed the same choices; without a choice that is one for all four.
    heeded = [replace(choice, **unheeded) for unheeded in COUNTED.values()]
    conditions = {each: f"fits_{number}" for number, each in enumerate(dict.fromkeys(heeded))}
    matching = queryset.order_by().annotate(
        **{name: fits(each, tree) or Value(True) for each, name in conditions.items()})
    try:
        sql, values = matching.values_list(*COUNTED, *conditions.values()).query.sql_with_params()
    except EmptyResultSet:
        return counts
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(
            matching=sql, wanted=" OR ".join(conditions.values()),
            counts=", ".join(f"count(*) FILTER (WHERE {name})" for name in conditions.values())), values)
        places = [list(conditions).index(each) for each in heeded]
        for row in cursor:
            column = GROUPED_BY[row[len(COUNTED)]]
            if count := row[len(COUNTED) + 1 + places[column]]:
                counts[column][row[column]] = count
    return counts


def _decades(years: Mapping[int | None, int]) -> list[Facet]:
    decades: dict[int, int] = {}
    for year, count in years.items():
        if year is not None:
            decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + count
    return [Facet(decade, f"{decade}s", count) for decade, count in sorted(decades.items(), reverse=True)]


def _collections(direct: Mapping[int, int], tree: list[Collection]) -> list[Facet]:
    """In the order of a tree; a parent counts what its parts hold; what holds nothing is left out."""
    parts = parts_of(tree)

    def branch(collection: Collection, depth: int) -> list[Facet]:
        below = [facet for part in parts.get(collection.pk, []) for facet in branch(part, depth + 1)]
        count = direct.get(collection.pk, 0) + sum(facet.count for facet in below if facet.depth == depth + 1)
        return [Facet(collection.pk, collection.display_name, count, depth), *below] if count else []

    return [facet for root in parts.get(None, []) for facet in branch(root, 0)]
