"""The catalogue as a reader browses it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from archive import access, search
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
    standing = _standing(holdings) if asked.is_narrowed else _standing_counted(found)
    pages = Paginator(_shown(matching, asked), ASSETS_ON_A_PAGE)
    if not asked.is_narrowed:
        pages.count = standing["held"]
    page = pages.get_page(request.GET.get("page"))
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


def _shown(matching: QuerySet[Asset], asked: Asked) -> QuerySet[Asset]:
    narrowed = asked.in_order(search.narrow(matching, asked.choice))
    return narrowed.select_related("collection", "poster_file").prefetch_related("titles", "dates").defer(
        "search_vector", "description", "description_zh", "notes")


def _standing(holdings: QuerySet[Asset]) -> dict[str, int]:
    return holdings.aggregate(
        held=Count("pk"),
        to_review=Count("pk", filter=Q(restoration_state=RestorationState.TO_REVIEW)),
        restoring=Count("pk", filter=Q(restoration_state=RestorationState.RESTORING)))


def _standing_counted(found: Facets) -> dict[str, int]:
    """The same, where the facets have counted all assets already."""
    counts = {facet.value: facet.count for facet in found.restoration_states}
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
