"""What an analysis saw: for each defect the frame where it is worst, as the source holds it, or before and after."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from archive.storage import holding_path
from restoration.access import analysis_for
from restoration.engine.facts import AnalysisReport, Defect, Shot
from restoration.engine.settings import PRESETS
from restoration.models import Version
from restoration.views import stills
from restoration.views.timeline import (
    defect_words,
    measured,
    reel_frames_per_source_frame,
    severity_words,
    timecode,
)


@dataclass(frozen=True)
class Evidence:
    name: str
    severity: str
    value: str
    frame: int
    timecode: str
    shot: int


def worst(report: AnalysisReport) -> list[Evidence]:
    """One piece of evidence for each defect, the worst first."""
    cases: dict[str, tuple[Defect, Shot]] = {}
    for shot in report.shots:
        for defect in shot.defects:
            if defect.frames and (defect.name not in cases or defect.severity > cases[defect.name][0].severity):
                cases[defect.name] = (defect, shot)
    return [Evidence(defect_words(defect.name), severity_words(defect.severity), measured(defect.value, defect.unit),
                     defect.frames[0], timecode(defect.frames[0], report.source), shot.index + 1)
            for defect, shot in sorted(cases.values(), key=lambda case: -case[0].severity)]


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
    first, times = int(reel.get("first_frame", 0)), reel_frames_per_source_frame(version)
    for each in worst(report):
        if 0 <= (each.frame - first) * times < reel["frames"]:
            return Moment((each.frame - first) * times, each.timecode, each.name)
    middle = reel["frames"] // 2
    return Moment(middle, timecode(first + middle // times, report.source))


def frame(request: HttpRequest, pk: int, frame: int) -> HttpResponseBase:
    """One of the frames that the analysis names as evidence, untouched but for square pixels."""
    analysis = analysis_for(request.user, pk)
    if analysis.report is None:
        raise Http404
    report = AnalysisReport.model_validate(analysis.report)
    if frame not in {number for shot in report.shots for defect in shot.defects for number in defect.frames}:
        raise Http404
    file = analysis.media_file
    asked = {"side": "a", "path": str(holding_path(file)), "frame": frame, "first_frame": 0,
             "facts": report.source.model_dump(mode="json"),
             "settings": PRESETS["as-is"].settings.model_dump(mode="json")}
    return stills.serve(request, asked, f"evidence/{analysis.pk}/{frame}.png", etag=f"{file.sha256}-{frame}")
