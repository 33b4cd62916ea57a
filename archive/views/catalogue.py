"""The catalogue as a reader browses it."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from archive import access, search
from archive.glances import glances
from archive.models import Asset, Collection
from archive.search import Facets
from archive.views.asked import Asked
from archive.vocabularies import RestorationState

ASSETS_ON_A_PAGE = 48


def browse(request: HttpRequest) -> HttpResponse:
    """The same number of queries whatever the archive holds."""
    holdings = access.assets_for(request.user)
    asked = Asked.from_address(request.GET)
    matching = search.search(holdings, asked.q)
    found = search.facets(matching, asked.choice)
    standing = _standing(_by_state(holdings) if asked.is_narrowed else {
        facet.value: facet.count for facet in found.restoration_states})
    page = _page(asked.in_order(search.narrow(matching, asked.choice)), found.found, request.GET.get("page"))
    return render(request, "archive/catalogue.html", {
        "asked": asked, "page": page, "facets": _dimensions(found, asked), "filters": asked.filters(found),
        "standing": standing, "has_collection": bool(standing["held"]) or Collection.objects.exists(),
        "may_catalogue": access.can_catalogue(request.user),
    })


def collections(request: HttpRequest) -> HttpResponse:
    access.assets_for(request.user)
    tree = Collection.objects.annotate(held=Count("assets")).order_by("name", "pk")
    return render(request, "archive/collections.html", {
        "branches": _branches(list(tree)), "may_catalogue": access.can_catalogue(request.user)})


def _page(ordered: QuerySet[Asset], found: int, number: str | None) -> Page[Any]:
    """The order is found from the keys alone, and only the assets of the page are looked at: a database that sorts
    thousands of assets with all that is shown of each takes twice as long."""
    pages: Paginator[Any] = Paginator(ordered.values_list("pk", flat=True), ASSETS_ON_A_PAGE)
    pages.count = found
    page = pages.get_page(number)
    page.object_list = glances(list(page.object_list))
    return page


def _by_state(holdings: QuerySet[Asset]) -> dict[str | int, int]:
    return dict(holdings.order_by().values_list("restoration_state").annotate(held=Count("*")))


def _standing(counts: Mapping[str | int, int]) -> dict[str, int]:
    """How much there is and what waits, from the number of assets in each state."""
    return {"held": sum(counts.values()), "to_review": counts.get(RestorationState.TO_REVIEW, 0),
            "restoring": counts.get(RestorationState.RESTORING, 0)}


def _dimensions(found: Facets, asked: Asked) -> list[dict[str, Any]]:
    return [
        {"name": "kind", "label": _("Kind"), "facets": found.kinds, "chosen": asked.choice.kind},
        {"name": "decade", "label": _("Decade"), "facets": found.decades, "chosen": asked.choice.decade},
        {"name": "state", "label": _("Restoration"), "facets": found.restoration_states,
         "chosen": asked.choice.restoration_state},
        {"name": "collection", "label": _("Collection"), "facets": found.collections,
         "chosen": asked.choice.collection},
    ]


def _branches(tree: list[Any], parent: int | None = None) -> list[dict[str, Any]]:
    return [{"collection": collection, "parts": _branches(tree, collection.pk)}
            for collection in tree if collection.parent_id == parent]
