"""The networks there are: our own with their model cards, and those that people brought, with their licences."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings as site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markdown_it import MarkdownIt

from archive.access import require_role
from archive.bodies import takes_files
from restoration.access import RESTORERS, inspection_for, may, weights_for
from restoration.actions import inspections, weights
from restoration.engine.networks.brought import LARGEST, NOT_INSTALLED, is_able, ncnn
from restoration.engine.networks.registry import NETWORKS, Network
from restoration.forms import WeightsForm
from restoration.models import Adaptation, Inspection, Weights
from restoration.views.telling import telling

LICENCES = ("Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "GPL-3.0-only", "CC-BY-NC-4.0")
_AROUND_THE_FILE = 64 * 1024  # Bytes of a form beside its file.


@dataclass(frozen=True)
class Own:
    """One of our own, with what its model card says as HTML."""

    network: Network
    card: SafeString


@dataclass(frozen=True)
class Brought:
    """One of others: in how many versions it has a part, and whether its bytes lie here."""

    weights: Weights
    times: int
    lies_here: bool


@takes_files(RESTORERS, at_most=LARGEST + _AROUND_THE_FILE)
def shelf(request: HttpRequest) -> HttpResponse:
    brought = weights_for(request.user)
    is_answered = request.method == "POST"
    form = WeightsForm(request.POST if is_answered else None, request.FILES if is_answered else None,
                       initial=_words_of(request))
    refusal = ""
    if is_answered:
        user = require_role(request.user, RESTORERS)
        if form.is_valid():
            told = form.cleaned_data
            with telling(request, in_form=True) as asked:
                asked.done = _done(inspections.bring(
                    told["file"], file_name=told["file"].name, size=told["file"].size, by=user, name=told["name"],
                    licence=told["licence"], origin=told["origin"]))
            if asked.was_done:
                return redirect("networks")
            refusal = asked.refusal
    times = weights.times_used()
    return render(request, "restoration/networks.html", {
        "own": [Own(each, card_of(each)) for each in NETWORKS],
        "brought": [Brought(each, times.get(each.sha256, 0), weights.lies_here(each)) for each in brought],
        "inspections": _inspections(request.user),
        "form": form, "refusal": refusal, "licences": LICENCES, "can_register": may(request.user, RESTORERS),
        "missing": "" if is_able() else NOT_INSTALLED,
        "found": weights.found_beside_us(), "found_licence": ncnn.LICENCE,
    }, status=422 if refusal or form.errors else 200)


@require_POST
def take_found(request: HttpRequest, key: str) -> HttpResponse:
    """Register what a package that is installed here carries."""
    user = require_role(request.user, RESTORERS)
    found = next((each for each in weights.found_beside_us() if each.key == key), None)
    if found is None:
        raise Http404
    with telling(request) as asked:
        asked.done = _done(inspections.bring_found(found, by=user))
    return redirect("networks")


def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One inspection; it asks again by itself while it is under way."""
    return render(request, "restoration/_inspection.html", {"inspection": inspection_for(request.user, pk)})


@require_POST
def cancel_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    asked_of = inspection_for(user, pk)
    with telling(request, _("The inspection was cancelled; nothing of the file was kept.")):
        inspections.cancel(asked_of, by=user)
    return redirect("networks")


def _inspections(user: Any) -> list[Inspection]:
    return inspections.shown_to(user) if may(user, RESTORERS) else []


def _done(brought: Inspection | Weights | Adaptation) -> str:
    if isinstance(brought, Inspection):
        return _("“%(file)s” is being inspected.") % {"file": brought.file_name}
    if isinstance(brought, Adaptation):
        return _("The bytes of %(name)s had been lost here and are back.") % {"name": brought.name}
    return _("The bytes of %(name)s had been lost here and are back. Its name and licence stay as they were.") % {
        "name": brought.name}


def _words_of(request: HttpRequest) -> dict[str, str]:
    """What was said of a file that was refused, so that nobody has to say it twice."""
    asked = request.GET.get("again", "")
    if not asked.isdecimal() or len(asked) > 18 or not may(request.user, RESTORERS):
        return {}
    refused = inspection_for(request.user, int(asked))
    return {"name": refused.name, "licence": refused.licence, "origin": refused.origin}


def card_of(network: Network) -> SafeString:
    """The model card as HTML, its own heading left out; nothing where it was not brought along."""
    try:
        written = (Path(site.BASE_DIR) / network.card).read_text(encoding="utf-8")
    except OSError:
        return SafeString("")
    _heading, _line, rest = written.partition("\n") if written.startswith("# ") else ("", "", written)
    drawn = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    return mark_safe(drawn)  # noqa: S308 (our own text, and HTML in it is escaped)
