"""By whom versions are approved, collection by collection."""

from typing import Any

from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import STAFF, collection_for, require_role
from archive.models import Collection
from archive.vocabularies import Role
from restoration.access import may
from restoration.actions import approval, policies
from restoration.decision_forms import StageForm
from restoration.views.telling import telling

STAGES = formset_factory(StageForm, extra=0, max_num=policies.MOST_STAGES, validate_max=True)


def index(request: HttpRequest) -> HttpResponse:
    user = require_role(request.user, STAFF)
    known, held = approval.Policies(), {each.pk: each for each in Collection.objects.order_by("name", "pk")}
    rows = [{"collection": each, "depth": _depth(each, held), "stages": known.of_collection(each.pk),
             "source": held.get(known.source_of(each.pk) or 0)} for each in _in_order(held)]
    return render(request, "restoration/policies.html", {
        "rows": rows, "house": approval.ONE_REVIEWER, "may_set": may(user, policies.ADMINISTRATORS)})


def show(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, policies.ADMINISTRATORS)
    collection = collection_for(user, pk)
    known = approval.Policies()
    stages, refusal = known.of_collection(pk), ""
    forms = STAGES(request.POST or None, initial=_rows(stages))
    if request.method == "POST" and forms.is_valid():
        with telling(request, _("These rules hold from now on."), in_form=True) as asked:
            policies.set_policy(collection, _chosen(forms), by=user)
        if asked.was_done:
            return redirect("approval-policies")
        refusal = asked.refusal
    source = known.source_of(pk)
    return render(request, "restoration/policy.html", {
        "collection": collection, "forms": forms, "refusal": refusal, "has_own": source == pk,
        "around": Collection.objects.filter(pk=source).first() if source not in (None, pk) else None,
    }, status=422 if request.method == "POST" else 200)


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, policies.ADMINISTRATORS)
    collection = collection_for(user, pk)
    with telling(request, _("“%(collection)s” follows the rules around it again.") % {
            "collection": collection.display_name}):
        policies.follow(collection, by=user)
    return redirect("approval-policies")


def _rows(stages: tuple[approval.Stage, ...]) -> list[dict[str, Any]]:
    """The stages there are, and empty ones up to the most there may be."""
    filled: list[dict[str, Any]] = [{"name": stage.name, "role": str(stage.role), "quorum": stage.quorum,
                                     "veto": stage.veto} for stage in stages]
    return filled + [{"quorum": 1, "veto": True}] * (policies.MOST_STAGES - len(filled))


def _chosen(forms: "BaseFormSet[StageForm]") -> list[approval.Stage]:
    """Those that name a role, in the order in which they stand on the page."""
    told = [form.cleaned_data for form in forms if form.cleaned_data.get("role")]
    return [approval.Stage(order, said["name"], Role(said["role"]), said["quorum"], said["veto"])
            for order, said in enumerate(told, start=1)]


def _in_order(held: dict[int, Collection]) -> list[Collection]:
    """Each collection after the one around it."""
    return sorted(held.values(), key=lambda each: _path(each, held))


def _path(collection: Collection, held: dict[int, Collection]) -> list[tuple[str, int]]:
    path = []
    here: Collection | None = collection
    while here is not None:
        path.append((here.display_name, here.pk))
        here = held.get(here.parent_id) if here.parent_id else None
    return path[::-1]


def _depth(collection: Collection, held: dict[int, Collection]) -> int:
    return len(_path(collection, held)) - 1
