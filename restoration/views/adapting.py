"""The cleaner adapted to a recording: asked for, followed and given up on the page of its analysis."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from restoration.access import RESTORERS, adaptation_for, analysis_for, may
from restoration.actions import adapting
from restoration.models import Adaptation, Analysis
from restoration.views.telling import telling
from restoration.vocabularies import ENDED_STATES, WorkState


@require_POST
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    analysis = analysis_for(user, pk)
    with telling(request):
        adapting.queue(analysis, by=user)
    return redirect("analysis", pk)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page."""
    analysis = analysis_for(request.user, pk)
    return render(request, "restoration/_adaptation.html", {"analysis": analysis, **facts(request, analysis)})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    adaptation = adaptation_for(user, pk)
    with telling(request, _("The adaptation was cancelled.")):
        adapting.cancel(adaptation, by=user)
    return redirect("analysis", adaptation.analysis_id)


def facts(request: HttpRequest, analysis: Analysis) -> dict[str, Any]:
    """What the page says of the asset's latest adaptation, and of weights that were lost, and whether another can be
    asked for."""
    asset = analysis.media_file.instantiation.asset
    latest = Adaptation.objects.filter(asset=asset).first()
    is_adapting = latest is not None and latest.state not in ENDED_STATES
    return {
        "adaptation": latest,
        "is_adapting": is_adapting,
        "gain": _gain(latest),
        "lost": adapting.lost_for(asset),
        "can_restore": may(request.user, RESTORERS),
        "can_adapt": analysis.state == WorkState.FINISHED and not is_adapting and may(request.user, RESTORERS),
    }


def _gain(latest: Adaptation | None) -> dict[str, float] | None:
    """Mean squared errors against held-out moments, in millionths of the scale squared."""
    if latest is None or not latest.scores:
        return None
    told = latest.scores
    return {name: round(1e6 * told[name], 2) for name in ("without", "shipped", "adapted", "error")}
