"""The networks there are: our own with their model cards, and those that people brought, with their licences."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings as site
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markdown_it import MarkdownIt

from archive.access import require_role
from archive.bodies import takes_files
from restoration.access import RESTORERS, may, weights_for
from restoration.actions import weights
from restoration.engine.networks.brought import LARGEST, NOT_INSTALLED, is_able, ncnn
from restoration.engine.networks.registry import NETWORKS, Network
from restoration.forms import WeightsForm
from restoration.models import Version, Weights
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
    form = WeightsForm(request.POST if is_answered else None, request.FILES if is_answered else None)
    refusal = ""
    if is_answered:
        user = require_role(request.user, RESTORERS)
        if form.is_valid():
            told = form.cleaned_data
            with telling(request, in_form=True) as asked:
                asked.done = _taken(weights.register(
                    told["file"], file_name=told["file"].name, size=told["file"].size, by=user, name=told["name"],
                    licence=told["licence"], origin=told["origin"]))
            if asked.was_done:
                return redirect("networks")
            refusal = asked.refusal
    times = dict(Version.objects.exclude(settings__upscale__weights=None).values_list("settings__upscale__weights")
                 .annotate(times=Count("pk")).order_by())
    return render(request, "restoration/networks.html", {
        "own": [Own(each, card_of(each)) for each in NETWORKS],
        "brought": [Brought(each, times.get(each.sha256, 0), weights.lies_here(each)) for each in brought],
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
        asked.done = _taken(weights.register_found(found, by=user))
    return redirect("networks")


def _taken(brought: weights.Brought) -> str:
    if brought.is_back:
        return _("The bytes of %(name)s had been lost here and are back. Its name and licence stay as they were.") % {
            "name": brought.weights.name}
    return _("%(name)s can be chosen from now on.") % {"name": brought.weights.name}


def card_of(network: Network) -> SafeString:
    """The model card as HTML, its own heading left out; nothing where it was not brought along."""
    try:
        written = (Path(site.BASE_DIR) / network.card).read_text(encoding="utf-8")
    except OSError:
        return SafeString("")
    _heading, _line, rest = written.partition("\n") if written.startswith("# ") else ("", "", written)
    drawn = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    return mark_safe(drawn)  # noqa: S308 (our own text, and HTML in it is escaped)
