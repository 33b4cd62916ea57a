"""One network of others: what it is, what was done with it, and, for who may register some, the pen."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from archive.models import ProvenanceEvent
from restoration.access import RESTORERS, brought_for, may
from restoration.actions import shelving, weights
from restoration.forms import NamingForm, WithdrawalForm
from restoration.models import Weights
from restoration.views.networks import LICENCES
from restoration.views.telling import telling


def show(request: HttpRequest, pk: int) -> HttpResponse:
    row = brought_for(request.user, pk, to_change=request.method == "POST")
    form = _naming(row, request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        user = require_role(request.user, RESTORERS)
        with telling(request, _("What is said of it is corrected."), in_form=True) as asked:
            shelving.correct(row, **form.cleaned_data, by=user)
        if asked.was_done:
            return redirect("network", pk)
        refusal = asked.refusal
    return _page(request, row, form, WithdrawalForm(), refusal)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    row = brought_for(user, pk, to_change=True)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _page(request, row, _naming(row), form)
    with telling(request, _("%(name)s is not offered for new versions any more.") % {"name": row.name}):
        shelving.withdraw(row, reason=form.cleaned_data["reason"], by=user)
    return redirect("network", pk)


@require_POST
def offer_again(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    row = brought_for(user, pk, to_change=True)
    with telling(request, _("%(name)s can be chosen from now on.") % {"name": row.name}):
        shelving.offer_again(row, by=user)
    return redirect("network", pk)


def _naming(row: Weights, data: QueryDict | None = None) -> NamingForm:
    return NamingForm(data, initial={"name": row.name, "licence": row.licence, "origin": row.origin})


def _page(request: HttpRequest, row: Weights, naming: NamingForm, withdrawal: WithdrawalForm,
          refusal: str = "") -> HttpResponse:
    kind = str(Weights._meta.verbose_name)
    events = list(ProvenanceEvent.objects.filter(object_type=kind, object_id=row.pk).select_related("by"))
    return render(request, "restoration/network.html", {
        "weights": row, "form": naming, "withdrawal": withdrawal, "refusal": refusal, "licences": LICENCES,
        "lies_here": weights.lies_here(row), "can_correct": may(request.user, RESTORERS),
        "times": weights.times_used().get(row.sha256, 0),
        "events": events, "happened": len(events),
    }, status=422 if refusal or naming.errors or withdrawal.errors else 200)
