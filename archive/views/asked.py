"""What a reader asked of the catalogue, as the address says it; every address can be kept and passed on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from archive.models import Asset, Collection
from archive.search import Choice, Facet, Facets
from archive.templatetags.patina import decade_in_words
from archive.vocabularies import AssetKind, RestorationState, TitleType

SORTS = {
    "": _("Newest in the archive"),
    "title": _("Title"),
    "oldest": _("Oldest recording"),
    "youngest": _("Latest recording"),
}
SORTS_OF_A_SEARCH = {**SORTS, "": _("Best match"), "newest": _("Newest in the archive")}
KEPT_BY_A_SEARCH = ("kind", "decade", "collection", "state", "sort", "show")


@dataclass(frozen=True)
class Filter:
    """One choice that narrows what is shown, and the name under which the address keeps it."""

    name: str
    dimension: Any
    value: str


@dataclass(frozen=True)
class Asked:
    q: str = ""
    choice: Choice = field(default_factory=Choice)
    sort: str = ""
    show: str = "grid"
    kept_by_a_search: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def from_address(cls, address: QueryDict) -> "Asked":
        """Whatever the address says that cannot be, is as if it had not been said."""
        sort = address.get("sort", "")
        return cls(
            q=address.get("q", "").strip()[:300],
            choice=Choice(kind=_term(AssetKind.values, address.get("kind", "")),
                          decade=_number(address.get("decade", ""), 9990),
                          collection=_number(address.get("collection", ""), 2**62),
                          restoration_state=_term(RestorationState.values, address.get("state", ""))),
            sort=sort if sort in SORTS_OF_A_SEARCH else "",
            show="list" if address.get("show") == "list" else "grid",
            kept_by_a_search=[(name, address.get(name, "")) for name in KEPT_BY_A_SEARCH if address.get(name)])

    @property
    def sorts(self) -> Mapping[str, Any]:
        return SORTS_OF_A_SEARCH if self.q else SORTS

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q) or self.choice != Choice()

    def in_order(self, assets: QuerySet[Asset]) -> QuerySet[Asset]:
        if self.sort == "title":
            return assets.annotate(called=FilteredRelation(
                "titles", condition=Q(titles__type=TitleType.PREFERRED))).order_by("called__value", "pk")
        if self.sort == "oldest":
            return assets.order_by(F("year").asc(nulls_last=True), "pk")
        if self.sort == "youngest":
            return assets.order_by(F("year").desc(nulls_last=True), "-pk")
        if self.sort == "newest" or not self.q:
            return assets.order_by("-created_at", "-pk")
        return assets

    def filters(self, found: Facets) -> list[Filter]:
        """What is chosen now, in words, so that each can be taken back."""
        dimensions: tuple[tuple[str, Any, Any, Callable[[Any], Any]], ...] = (
            ("kind", _("Kind"), self.choice.kind, lambda kind: AssetKind(kind).label),
            ("decade", _("Decade"), self.choice.decade, decade_in_words),
            ("collection", _("Collection"), self.choice.collection, lambda pk: _collection(pk, found.collections)),
            ("state", _("Restoration"), self.choice.restoration_state, lambda state: RestorationState(state).label),
        )
        return [Filter(name, dimension, str(in_words(value)))
                for name, dimension, value, in_words in dimensions if value not in ("", None)]


def _collection(pk: int, facets: list[Facet]) -> str:
    """A collection that holds nothing of what was found has no facet; it still has a name."""
    known = next((facet.label for facet in facets if facet.value == pk), None)
    return known or str(Collection.objects.filter(pk=pk).first() or pk)


def _term(terms: list[str], value: str) -> str:
    return value if value in terms else ""


def _number(text: str, largest: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= largest else None
