"""Everything an analysis found, as rows that can be sorted and carried away."""

import csv
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify

from restoration.access import analysis_for
from restoration.engine.facts import AnalysisReport, Defect, Shot
from restoration.source_time import timecode
from restoration.views.timeline import defect_words, measured, severity_words, slug

COLUMNS = ("shot", "start", "end", "start_timecode", "end_timecode", "transition", "defect", "severity", "confidence",
           "value", "unit", "worst_frames")


@dataclass(frozen=True)
class Row:
    """One defect of one shot; of a shot without any, one row that says so (`defect` is None)."""

    shot: Shot
    start: str
    end: str
    defect: Defect | None = None

    @property
    def number(self) -> int:
        return self.shot.index + 1

    @property
    def words(self) -> str:
        return defect_words(self.defect.name) if self.defect else ""

    @property
    def slug(self) -> str:
        return slug(self.defect.name) if self.defect and self.defect.frames else ""

    @property
    def severity_words(self) -> str:
        return severity_words(self.defect.severity) if self.defect else ""

    @property
    def value(self) -> str:
        return measured(self.defect.value, self.defect.unit) if self.defect else ""


def rows(report: AnalysisReport) -> list[Row]:
    """In the order of the reel, in each shot the worst first."""
    found: list[Row] = []
    for shot in report.shots:
        bounds = timecode(shot.start, report.source), timecode(shot.end - 1, report.source)
        by_severity = sorted(shot.defects, key=lambda defect: -defect.severity)
        found += [Row(shot, *bounds, defect) for defect in by_severity] or [Row(shot, *bounds)]
    return found


def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as CSV, in the engine's own words and numbers, for spreadsheets of any language."""
    analysis = analysis_for(request.user, pk)
    if analysis.report is None:
        raise Http404
    name = slugify(analysis.media_file.name) or "analysis"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}-{analysis.pk}.csv"'})
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows(_line(row) for row in rows(AnalysisReport.model_validate(analysis.report)))
    return response


def _line(row: Row) -> list[Any]:
    shot, defect = row.shot, row.defect
    about = [row.number, shot.start, shot.end, row.start, row.end, shot.transition]
    if defect is None:
        return [*about, "", "", "", "", "", ""]
    return [*about, defect.name, defect.severity, defect.confidence, defect.value, defect.unit,
            " ".join(str(frame) for frame in defect.frames)]
