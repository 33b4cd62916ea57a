"""What a person filters by, and the assets that fit it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from archive.models import Asset, Collection


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person filters by; an empty field does not filter. A decade is named by its first year, 1990; a
    collection holds what its parts hold."""

    kind: str = ""
    decade: int | None = None
    collection: int | None = None
    restoration_state: str = ""


def narrow(queryset: QuerySet[Asset], choice: Choice) -> QuerySet[Asset]:
    """Only the assets that fit the choice; one query more when a collection is chosen."""
    return queryset.filter(fits(choice, list(Collection.objects.all()) if choice.collection is not None else []))


def fits(choice: Choice, tree: Iterable[Collection]) -> Q:
    """The condition that a choice makes; an empty one when nothing is chosen."""
    condition = Q()
    if choice.kind:
        condition &= Q(kind=choice.kind)
    if choice.decade is not None:
        condition &= Q(year__gte=choice.decade, year__lt=choice.decade + 10)
    if choice.collection is not None:
        condition &= Q(collection__in=_with_parts(choice.collection, tree))
    if choice.restoration_state:
        condition &= Q(restoration_state=choice.restoration_state)
    return condition


def parts_of(tree: Iterable[Collection]) -> dict[int | None, list[Collection]]:
    """The collections that lie directly in each collection; in None those that lie in no other."""
    parts: dict[int | None, list[Collection]] = {}
    for collection in tree:
        parts.setdefault(collection.parent_id, []).append(collection)
    return parts


def _with_parts(pk: int, tree: Iterable[Collection]) -> list[int]:
    parts, found = parts_of(tree), [pk]
    for above in found:
        found.extend(part.pk for part in parts.get(above, []))
    return found
