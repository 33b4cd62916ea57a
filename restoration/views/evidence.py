"""What an analysis saw: the frames where a defect is worst, as the source holds them, and where in them it is."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from archive.storage import holding_path
from restoration.access import analysis_for
from restoration.engine.defects import DEFECTS
from restoration.engine.facts import AnalysisReport, Defect, Shot
from restoration.engine.settings import PRESETS
from restoration.models import Analysis, Version
from restoration.source_time import timecode
from restoration.views import stills
from restoration.views.timeline import defect_words, measured, reel_moments, severity_words, slug


@dataclass(frozen=True)
class Evidence:
    """One defect of one shot, and the frame of it that is shown: one of `others`."""

    name: str
    slug: str
    severity: str
    confidence: float
    value: str
    meaning: str
    frame: int
    timecode: str
    shot: int
    shot_index: int
    others: tuple[int, ...]
    is_local: bool


def worst(report: AnalysisReport) -> list[Evidence]:
    """One piece of evidence for each defect, the worst first."""
    cases: dict[str, tuple[Defect, Shot]] = {}
    for shot in report.shots:
        for defect in shot.defects:
            if defect.frames and (defect.name not in cases or defect.severity > cases[defect.name][0].severity):
                cases[defect.name] = (defect, shot)
    return [_of(defect, shot, report) for defect, shot in sorted(cases.values(), key=lambda case: -case[0].severity)]


def _of(defect: Defect, shot: Shot, report: AnalysisReport, frame: int | None = None) -> Evidence:
    shown = defect.frames[0] if frame is None else frame
    meaning = gettext(DEFECTS[defect.name].meaning) if defect.name in DEFECTS else ""
    return Evidence(defect_words(defect.name), slug(defect.name), severity_words(defect.severity), defect.confidence,
                    measured(defect.value, defect.unit), meaning, shown, timecode(shown, report.source),
                    shot.index + 1, shot.index, defect.frames, defect.name in DEFECTS and DEFECTS[defect.name].is_local)


@dataclass(frozen=True)
class Moment:
    """A frame of a version's pair reel, and of the source what it shows; `name` is empty where no defect is there."""

    frame: int
    timecode: str
    name: str = ""


def most_telling(version: Version) -> Moment | None:
    """Where the reel shows best what was done: at the worst of the worst defect that lies in it, else in its middle."""
    reel = version.pair_reel or {}
    if version.master is None or not reel.get("frames") or version.analysis.report is None:
        return None
    report = AnalysisReport.model_validate(version.analysis.report)
    moments = reel_moments(version)
    first = moments.first(int(reel.get("first_frame", 0)))
    for each in worst(report):
        if 0 <= moments.showing(each.frame) - first < reel["frames"]:
            return Moment(moments.showing(each.frame) - first, each.timecode, each.name)
    middle = reel["frames"] // 2
    return Moment(middle, timecode(moments.source_frame(first + middle), report.source))


def show(request: HttpRequest, pk: int, shot: int, defect: str) -> HttpResponse:
    """One defect of one shot, large, with the mask over it: the part of the analysis page that a click exchanges."""
    analysis, report = _analysed(request, pk)
    chosen = _chosen(report, shot, defect, request.GET.get("frame", ""))
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('analysis', args=[pk])}?shot={shot}&defect={defect}#evidence")
    return render(request, "restoration/_evidence.html", {"analysis": analysis, "shown": chosen})


def asked_for(request: HttpRequest, report: AnalysisReport) -> Evidence | None:
    """What an address asks to see first, or else the worst of all."""
    wanted, number = request.GET.get("defect", ""), request.GET.get("shot", "")
    if wanted and number.isdecimal():
        return _chosen(report, int(number), wanted, request.GET.get("frame", ""))
    return next(iter(worst(report)), None)


def frame(request: HttpRequest, pk: int, frame: int) -> HttpResponseBase:
    """One of the frames that the analysis names as evidence, untouched but for square pixels."""
    analysis, report = _analysed(request, pk)
    _require_evidence(report, frame)
    file = analysis.media_file
    asked = {"side": "a", "path": str(holding_path(file)), "frame": frame, "first_frame": 0,
             "facts": report.source.model_dump(mode="json"),
             "settings": PRESETS["as-is"].settings.model_dump(mode="json")}
    return stills.serve(request, asked, f"evidence/{analysis.pk}/{frame}.png", etag=f"{file.sha256}-{frame}")


def mask(request: HttpRequest, pk: int, frame: int, defect: str) -> HttpResponseBase:
    """Where the defect is in that frame: a picture that is transparent but for the damage."""
    analysis, report = _analysed(request, pk)
    name = _require_evidence(report, frame, defect)
    file, source = analysis.media_file, report.source
    asked: dict[str, Any] = {"path": str(holding_path(file)), "report": analysis.report, "frame": frame, "defect": name,
                             "size": [round(source.width * source.pixel_aspect), source.height]}
    return stills.serve(request, asked, f"evidence/{analysis.pk}/{frame}-{defect}.png", maker=stills.MASK,
                        etag=f"{file.sha256}-{report.engine}-{frame}-{defect}")


def _analysed(request: HttpRequest, pk: int) -> tuple[Analysis, AnalysisReport]:
    analysis = analysis_for(request.user, pk)
    if analysis.report is None:
        raise Http404
    return analysis, AnalysisReport.model_validate(analysis.report)


def _chosen(report: AnalysisReport, shot: int, wanted: str, frame: str) -> Evidence:
    for each in report.shots:
        for defect in each.defects:
            if each.index == shot and slug(defect.name) == wanted and defect.frames:
                number = int(frame) if frame.isdecimal() and int(frame) in defect.frames else None
                return _of(defect, each, report, number)
    raise Http404


def _require_evidence(report: AnalysisReport, frame: int, wanted: str = "") -> str:
    """The defect's name, where the analysis names that frame as evidence of it."""
    for shot in report.shots:
        for defect in shot.defects:
            if frame in defect.frames and wanted in ("", slug(defect.name)):
                return defect.name
    raise Http404
