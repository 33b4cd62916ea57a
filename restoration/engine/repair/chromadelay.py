"""Colour out of place: each copy of a tape delays it against brightness, across and, by its combs, down.

Measured by the correlation of the edges of brightness with those of colour at all moves up to `_FARTHEST`, across and
down apart, and only believed where a move explains them clearly better than none. Mended by moving both planes of
colour back, by the same for the whole reel, with a sub-pixel filter; brightness is never touched. Fields are moved each
on its own. Needs no other frame.
"""

from collections.abc import Iterator, Mapping
from math import hypot
from typing import Any

import torch
from torch import Tensor

from restoration.engine.compute.lines import shifted
from restoration.engine.compute.local import binomial, mean_around
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame, fields_of, woven
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import ChromaDelaySettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

_FARTHEST = 6
_TALLEST = 576  # Lines of a picture that may have been on a tape of standard definition.
_EDGE = 6 / 255
_ALIKE = 0.25
_GAIN = 0.03  # By what share a move must correlate better than none.
_ENOUGH = 0.002  # Share of the picture that must be edges of colour.
_STEP = 4  # Quarters of a pixel are told apart, no less.


def bring_colour_back(settings: ChromaDelaySettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W]; `settings.down` counts lines of the frame, also where it holds two fields."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if _is_on(settings):
                context.note(frame.number, None)
                yield frame.with_planes(_moved(frame.planes, settings, context.order))
            else:
                yield frame

    return stage


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """How far colour lies from its brightness in pixels and lines of the frame; hints say where. Nothing where edges of
    colour are few or unlike those of brightness, or the picture is too tall for a tape."""
    luma, *colours = specimen.now
    lines = 1 if specimen.order is None else 2
    if luma.shape[0] * lines > _TALLEST:
        return {}
    across = _distance(luma, colours, _FARTHEST)
    down = _distance(luma.mT, [plane.mT for plane in colours], _FARTHEST // lines)
    if across is None and down is None:
        return {}
    across, down = across or 0.0, lines * (down or 0.0)
    return {"chroma delay": Finding(hypot(across, down), 0.9, hints={"across": across, "down": down})}


def _moved(planes: Tensor, settings: ChromaDelaySettings, order: str | None) -> Tensor:
    colour = shifted(planes[1:], -settings.across)
    if settings.down and order:
        first, second = (shifted(field.mT, -settings.down / 2).mT for field in fields_of(colour, order))
        colour = woven(first, second, order)
    elif settings.down:
        colour = shifted(colour.mT, -settings.down).mT
    return torch.cat([planes[:1], colour])


def _distance(luma: Tensor, colours: list[Tensor], farthest: int) -> float | None:
    """How far to the right colour lies; None where the picture does not say, or is too narrow to be moved so far."""
    width, places = luma.shape[1] - 2 * farthest - 2, range(2 * farthest + 3)
    if width < 2 * farthest:
        return None
    bright, strong = _normal(_edges(luma)), torch.stack([_edges(plane) for plane in colours]).amax(0)
    if float((strong > _EDGE).float().mean()) < _ENOUGH:
        return None
    inner = _normal(strong[:, farthest + 1:farthest + 1 + width])
    # The mean of what has the mean 0 times a window needs only the window's spread, which columns tell at once.
    means = torch.stack([bright.mean(0), bright.square().mean(0)]).double().unfold(1, width, 1).mean(2)
    spreads = (means[1] - means[0].square()).clamp(min=1e-12).sqrt()
    likeness = [float((inner * bright[:, at:at + width]).mean()) / float(spreads[at]) for at in places]
    # Colour d to the right of brightness is like the brightness d to the left of it.
    likeness.reverse()
    best = max(range(1, 2 * farthest + 2), key=lambda place: likeness[place])
    left, middle, right = likeness[best - 1:best + 2]
    bend = left - 2 * middle + right
    if bend >= 0 or middle < _ALIKE:
        return None
    place = best - farthest - 1 + 0.5 * (left - right) / bend
    return place if middle - likeness[farthest + 1] > _GAIN * middle else 0.0


def _normal(edges: Tensor) -> Tensor:
    return (edges - edges.mean()) / edges.std().clamp(min=1e-6)


def _edges(plane: Tensor) -> Tensor:
    """Slopes along lines as steep as colour's can be, [H, W]; of luma and colour alike."""
    soft = mean_around(binomial(plane), x=2, y=0)
    return (torch.roll(soft, -1, -1) - torch.roll(soft, 1, -1)).abs()


def _choose(defect: Defect) -> Mapping[str, Any]:
    return {way: round(defect.hints.get(way, 0.0) * _STEP) / _STEP for way in ("across", "down")}


def _is_on(settings: ChromaDelaySettings) -> bool:
    return bool(settings.across or settings.down)


REPAIR = Repair(
    "chromadelay", is_on=_is_on, mend=bring_colour_back, measure=measure,
    advice=(Advice("chroma delay", _choose, gettext_noop(
        "Colour lies beside its brightness by {across:.1f} pixels across and {down:.1f} lines down, throughout the "
        "reel.")),))
