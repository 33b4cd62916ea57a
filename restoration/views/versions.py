from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from archive.models import MediaFile
from archive.vocabularies import EssenceKind
from restoration.access import DELIVERERS, RESTORERS, analysis_for, may, version_for
from restoration.actions import adapting, approval, foresight, presets, versions, weights
from restoration.actions.certificate import certificate_of, finished_shots
from restoration.actions.excepted import exceptions, retouched
from restoration.actions.made_with import made_with
from restoration.actions.shots import shots_of
from restoration.engine.errors import SettingsError
from restoration.engine.facts import AnalysisReport
from restoration.engine.settings import PRESETS, parse
from restoration.forms import SettingsForm
from restoration.models import Analysis, Preset, Version
from restoration.setting_fields import sections, value_at
from restoration.views.asking import asking
from restoration.views.beginning import Beginning, beginning
from restoration.views.changes import changes_of
from restoration.views.evidence import most_telling
from restoration.views.reels import small_raster_of
from restoration.views.telling import telling
from restoration.vocabularies import ENDED_STATES, VersionState, WorkState


def show(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_for(request.user, pk)
    runs = list(version.runs.select_related("by").annotate(
        done=Sum("shots__frames_done"), shot_count=Count("shots"),
        shots_done=Count("shots", filter=Q(shots__state=WorkState.FINISHED))))
    is_running = any(run.state not in ENDED_STATES for run in runs)
    shots, moment = finished_shots(version), most_telling(version)
    here = approval.standing_of(version)
    can_run = version.master_id is None and not is_running and may(request.user, RESTORERS)
    return render(request, "restoration/version.html", {
        "version": version,
        "asset": version.asset,
        "in_words": in_words(version),
        **beyond(version),
        "networks": made_with(version, shots),
        "left_alone": left_alone(version),
        "changes": changes_of(shots),
        "certificate": certificate_of(shots, shots_of(version)),
        "moment": moment,
        "raster": small_raster_of(version) if moment else None,
        "runs": runs,
        "master": version.master,
        "picture": picture_of(version.master),
        "reviews": version.reviews.select_related("reviewer"),
        "deliveries": version.deliveries.select_related("recipient"),
        "can_run": can_run,
        "foreseen": foresight.of_version(version) if can_run else None,
        "has_run": bool(runs),
        "can_propose": may(request.user, RESTORERS),
        "can_compare": bool(version.pair_reel_key),
        "can_judge": here.open is not None and version.state == VersionState.TO_REVIEW
        and may(request.user, here.open.stage.roles),
        "approval_standing": here if version.master_id else None,
        **asking(version, here),
        "can_deliver": version.state == VersionState.APPROVED and may(request.user, DELIVERERS),
    })


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The form made from the engine's settings. It begins from the recommendation, a preset, or another version."""
    user = require_role(request.user, RESTORERS)
    analysis = analysis_for(user, pk, to_change=True)
    if analysis.state != WorkState.FINISHED:
        return redirect("analysis", pk)
    found = AnalysisReport.model_validate(analysis.report)
    natural = presets.natural(found)
    begun = beginning(request, analysis, found, natural)
    form = _form(request, analysis, found, begun)
    if request.method == "POST" and form.is_valid():
        version = None
        with telling(request, in_form=True) as asked:
            version = versions.propose(analysis, settings=form.settings, preset=form.cleaned_data["preset"],
                                       note=form.cleaned_data["note"], by=user)
        if version is not None:
            return redirect("version", version.pk)
        form.add_error(None, asked.refusal)
    return render(request, "restoration/propose.html", {
        "form": form, "analysis": analysis, "asset": analysis.media_file.instantiation.asset, "source": found.source,
        "media_file": analysis.media_file, "presets": PRESETS.values(), "begun": begun,
        "exceptions": exceptions(form.begin, found.source), "retouched": retouched(form.begin, found.source),
        "natural": natural, "withdrawn": weights.withdrawn(begun.settings),
        "foreseen": foresight.foreseen(found, form.settings or form.begin),
        "learnt": Preset.objects.select_related("learnt_on__asset", "by"),
        "recommended_preset": found.recommendation.preset,
    }, status=422 if form.errors else 200)


@require_POST
def how_long(request: HttpRequest, pk: int) -> HttpResponse:
    """What making a version would take by the settings as the form holds them at this moment."""
    user = require_role(request.user, RESTORERS)
    analysis = analysis_for(user, pk, to_change=True)
    if analysis.state != WorkState.FINISHED:
        raise Http404
    found = AnalysisReport.model_validate(analysis.report)
    form = _form(request, analysis, found, beginning(request, analysis, found, presets.natural(found)))
    return render(request, "restoration/_how_long.html", {
        "analysis": analysis, "foreseen": foresight.foreseen(found, form.settings)
        if form.is_valid() and form.settings else None})


def _form(request: HttpRequest, analysis: Analysis, found: AnalysisReport, begun: Beginning) -> SettingsForm:
    return SettingsForm(request.POST or None, recommended=found.recommendation.settings,
                        start=weights.without_withdrawn(begun.settings),
                        reasons=found.recommendation.reasons, initial={"preset": begun.preset},
                        offered={path: weights.offered(path) for path in weights.NAMING},
                        adapted=adapting.kept_for(analysis.media_file.instantiation.asset))


def in_words(version: Version) -> list[dict[str, Any]]:
    """A version's settings as people read them; what today's engine does not know any more, as it was written."""
    try:
        settings = parse(version.settings)
    except SettingsError:
        return [{"title": name, "rows": [{"title": key, "value": value} for key, value in values.items()]}
                for name, values in version.settings.items() if isinstance(values, dict)]
    told = versions.told(version, settings)
    return [
        {"title": section.title, "rows": [
            {"title": _(setting.field.title or setting.path), "value": setting.words(value_at(settings, setting.path)),
             "reasons": [reason for reason in version.reasons if reason.get("field") == setting.path]}
            for setting in section.settings if setting.name in told[section.name]]}
        for section in sections() if told[section.name]
    ]


def beyond(version: Version) -> dict[str, Any]:
    """What holds for single shots alone and what was drawn by hand; nothing where today's engine cannot read it."""
    try:
        settings = parse(version.settings)
    except SettingsError:
        return {}
    source = AnalysisReport.model_validate(version.analysis.report).source
    return {"exceptions": exceptions(settings, source), "retouched": retouched(settings, source)}


def left_alone(version: Version) -> list[str]:
    """The titles of what a version does not touch."""
    try:
        told = versions.told(version, parse(version.settings))
    except SettingsError:
        return []
    return [section.title for section in sections() if not told[section.name]]


def picture_of(media_file: MediaFile | None) -> Any:
    return media_file and media_file.tracks.filter(kind=EssenceKind.PICTURE).first()
