from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import media_file_for, require_role
from restoration.access import ANALYSERS, RESTORERS, analysis_for, may
from restoration.actions import analyses
from restoration.actions.excepted import exceptions
from restoration.engine.facts import AnalysisReport
from restoration.models import Analysis, Version
from restoration.setting_fields import sections, value_at
from restoration.views import adapting
from restoration.views.evidence import asked_for, worst
from restoration.views.findings import rows
from restoration.views.telling import telling
from restoration.views.timeline import lanes
from restoration.views.traits import likenesses
from restoration.vocabularies import ENDED_STATES, RESUMABLE_STATES, WorkState


@require_POST
def queue(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = require_role(request.user, ANALYSERS)
    media_file = media_file_for(user, pk)
    analysis = None
    with telling(request):
        analysis = analyses.queue(media_file, by=user)
    analysis = analysis or media_file.analyses.first()
    return redirect("analysis", analysis.pk) if analysis else redirect("restoration-home")


def show(request: HttpRequest, pk: int) -> HttpResponse:
    analysis = analysis_for(request.user, pk)
    return render(request, "restoration/analysis.html", {
        **_facts(request, analysis), **_findings(request, analysis), **adapting.facts(request, analysis)})


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page. When it has ended the page itself is due again, with what was found."""
    analysis = analysis_for(request.user, pk)
    response = render(request, "restoration/_analysis_progress.html", _facts(request, analysis))
    if analysis.state in ENDED_STATES:
        response["HX-Refresh"] = "true"
    return response


def report(request: HttpRequest, pk: int) -> HttpResponse:
    analysis = analysis_for(request.user, pk)
    if analysis.report is None:
        raise Http404
    name = slugify(analysis.media_file.name) or "analysis"
    return JsonResponse(analysis.report, json_dumps_params={"indent": 2, "ensure_ascii": False},
                        headers={"Content-Disposition": f'attachment; filename="{name}-{analysis.pk}.json"'})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, ANALYSERS)
    analysis = analysis_for(user, pk, to_change=True)
    with telling(request, _("The analysis was cancelled.")):
        analyses.cancel(analysis, by=user)
    return redirect("analysis", pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Scan again: an analysis that failed begins anew; beside one that finished, a new one is made."""
    user = require_role(request.user, ANALYSERS)
    analysis = analysis_for(user, pk, to_change=True)
    with telling(request):
        if analysis.state == WorkState.FINISHED:
            analysis = analyses.queue(analysis.media_file, by=user)
        else:
            analyses.resume(analysis, by=user)
    return redirect("analysis", analysis.pk)


def _facts(request: HttpRequest, analysis: Analysis) -> dict[str, Any]:
    return {
        "analysis": analysis,
        "media_file": analysis.media_file,
        "asset": analysis.media_file.instantiation.asset,
        "is_under_way": analysis.state not in ENDED_STATES,
        "can_resume": analysis.state in RESUMABLE_STATES and may(request.user, ANALYSERS),
        "can_analyse": may(request.user, ANALYSERS),
        "can_propose": analysis.state == WorkState.FINISHED and may(request.user, RESTORERS),
    }


def _findings(request: HttpRequest, analysis: Analysis) -> dict[str, Any]:
    if not analysis.report:
        return {}
    found = AnalysisReport.model_validate(analysis.report)
    versions: QuerySet[Version] = Version.objects.filter(source=analysis.media_file_id).order_by("-number")
    return {
        "report": found,
        "source": found.source,
        "sound": [stream for stream in found.source.streams if stream.kind == "audio"],
        "lanes": lanes(found),
        "evidence": worst(found),
        "shown": asked_for(request, found),
        "shots": found.shots,
        "findings": rows(found),
        "likenesses": likenesses(found),
        "exceptions": exceptions(found.recommendation.settings, found.source),
        "recommended": _recommended(found),
        "versions": versions,
        "rate": f"{float(found.source.rate):.3f}".rstrip("0").rstrip("."),
    }


def _recommended(found: AnalysisReport) -> list[dict[str, Any]]:
    """The settings that have a reason, in words; whatever follows from a preset alone is left to the form."""
    reasons = found.recommendation.reasons
    return [
        {"title": _(setting.field.title or setting.path), "section": section.title,
         "value": setting.words(value_at(found.recommendation.settings, setting.path)),
         "reasons": [reason for reason in reasons if reason.field == setting.path]}
        for section in sections() for setting in section.settings
        if any(reason.field == setting.path for reason in reasons)
    ]


