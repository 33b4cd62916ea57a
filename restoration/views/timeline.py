"""The reel over time: shots as cells, and one lane for each defect over the same axis. Frames are the only unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from restoration.engine.defects import DEFECTS
from restoration.engine.facts import AnalysisReport, Shot, SourceFacts
from restoration.engine.moments import AS_THEY_ARE, Moments
from restoration.models import Version
from restoration.source_time import timecode

FAINTEST = 0.1
SEVERITIES = (
    (0.8, _("spoils the picture")),
    (0.5, _("anyone sees it")),
    (0.2, _("a trained eye finds it")),
    (0.0, _("hardly there")),
)


@dataclass(frozen=True)
class Cell:
    start: int
    length: int
    weight: float
    title: str
    marks: tuple[int, ...] = ()
    shot: int = 0
    defect: str = ""


@dataclass(frozen=True)
class Lane:
    name: str
    label: str
    cells: tuple[Cell, ...]


def lanes(report: AnalysisReport, *, first: int = 0, moments: Moments = AS_THEY_ARE) -> list[Lane]:
    """The lane of the shots and one of each defect found. With `first` and `moments` the axis is a reel's that begins
    at that source frame and lies so in the source's time. Shots in which no frame of it begins are left out."""
    source = report.source
    cells = [(shot, own.start - moments.first(first), len(own)) for shot in report.shots
             if (own := moments.owned(shot.start, shot.end))]
    shots = Lane("shots", str(_("Shots")), tuple(
        Cell(start, length, 0.35 if shot.index % 2 else 0.6, _shot_words(shot, source))
        for shot, start, length in cells))
    names = dict.fromkeys(defect.name for shot in report.shots for defect in shot.defects)
    return [shots, *(Lane(name, defect_words(name), tuple(_defect_cells(name, cells, source))) for name in names)]


def _defect_cells(name: str, cells: Sequence[tuple[Shot, int, int]], source: SourceFacts) -> list[Cell]:
    return [
        Cell(start, length, FAINTEST + (1 - FAINTEST) * defect.severity,
             f"{_shot_words(shot, source)}: {defect_words(name)} {severity_words(defect.severity)}",
             tuple(start + (frame - shot.start) * length // shot.frames for frame in defect.frames),
             shot.index, slug(defect.name) if defect.frames else "")
        for shot, start, length in cells for defect in shot.defects if defect.name == name
    ]


def defect_words(name: str) -> str:
    """What people call a defect; one that today's engine does not know any more, as it was written."""
    return gettext(DEFECTS[name].title) if name in DEFECTS else name.replace("_", " ").capitalize()


def slug(name: str) -> str:
    """A defect in an address."""
    return slugify(name)


def measured(value: float, unit: str) -> str:
    """A value with its unit, as people write it: a share in percent, a level as a part of its scale."""
    if unit == "share":
        return f"{value:.1%}"
    if unit == "per mille":
        return f"{value:.2g} ‰"
    return f"{value:.3g}{unit}" if unit.startswith("/") else f"{value:.2g} {gettext(unit)}"


def severity_words(severity: float) -> str:
    return str(next(words for least, words in SEVERITIES if severity >= least))


def _shot_words(shot: Shot, source: SourceFacts) -> str:
    return _("Shot %(number)s, from %(start)s, %(frames)s frames") % {
        "number": shot.index + 1, "start": timecode(shot.start, source), "frames": shot.frames}


def reel_moments(version: Version) -> Moments:
    """How the frames of a version's pair reel lie in the source's time."""
    return Moments.mapped((version.pair_reel or {}).get("frame_map", "identity"))


def reel_lanes(version: Version, report: AnalysisReport) -> list[Lane]:
    """The lanes over the frames of a version's pair reel."""
    reel = version.pair_reel or {}
    return lanes(report, first=int(reel.get("first_frame", 0)), moments=reel_moments(version))
