"""What the shots are like, in words and small curves: facts that are no damage."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from restoration.engine.facts import AnalysisReport, Shot, Traits
from restoration.source_time import timecode

WIDTH, HEIGHT = 96, 28
HIGHEST = 12 / 255  # Noise at the upper edge of a curve.


@dataclass(frozen=True)
class Likeness:
    """One shot's traits. curve: points of a polyline on a field of 96 by 28; curve_words: the same numbers, read out;
    both empty where no noise could be measured."""

    number: int
    start: str
    end: str
    texture: str
    faces: str
    motion: str
    curve: str
    curve_words: str


def likenesses(report: AnalysisReport) -> list[Likeness]:
    """In the order of the reel."""
    return [Likeness(shot.index + 1, timecode(shot.start, report.source), timecode(shot.end - 1, report.source),
                     _texture(shot.traits), _faces(shot, report), _motion(shot.traits), _curve(shot.traits),
                     _curve_words(shot.traits)) for shot in report.shots]


def _texture(traits: Traits) -> str:
    if traits.is_grainy is None:
        return _("too little to tell")
    return _("film grain") if traits.is_grainy else _("electronic noise")


def _faces(shot: Shot, report: AnalysisReport) -> str:
    traits = shot.traits
    if not traits.looks:
        return _("not looked for")
    if not traits.with_faces:
        return _("none seen")
    many = ngettext("%(count)s face", "%(count)s faces", traits.faces) % {"count": traits.faces}
    return _("%(faces)s, in %(with)s of %(looks)s looks, at %(where)s") % {
        "faces": many, "with": traits.with_faces, "looks": traits.looks,
        "where": timecode(traits.face_frames[0], report.source)}


def _motion(traits: Traits) -> str:
    if traits.still == "black":
        return _("black throughout")
    if traits.still == "still":
        return _("a still picture")
    return _("each picture shown %(times)s times") % {"times": traits.shown} if traits.shown > 1 else _("moving")


def _curve(traits: Traits) -> str:
    bands = traits.noise_by_luma
    return " ".join(f"{(band + 0.5) * WIDTH / len(bands):.1f},{HEIGHT * (1 - min(1.0, sigma / HIGHEST)):.1f}"
                    for band, sigma in enumerate(bands) if sigma is not None)


def _curve_words(traits: Traits) -> str:
    told = [f"{255 * sigma:.1f}" if sigma is not None else "–" for sigma in traits.noise_by_luma]
    return _("Noise from dark to bright, of 255: %(levels)s") % {"levels": " · ".join(told)} if any(
        sigma is not None for sigma in traits.noise_by_luma) else ""
