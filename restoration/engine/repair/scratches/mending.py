"""The stage: lines of each moment, tracks of the moments around it, and what of them is scratched taken off."""

from collections.abc import Iterator, Sequence

import torch

from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.repair.scratches.judging import scratches_at
from restoration.engine.repair.scratches.moments import Moment
from restoration.engine.repair.scratches.profile import covered, without
from restoration.engine.repair.scratches.tracing import Trace, traced
from restoration.engine.repair.scratches.tracking import LOOK, tracks
from restoration.engine.settings import ScratchesSettings
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage


def threshold_for(sensitivity: float, sigma: float) -> float:
    """How far a line must stand out, on the 0..1 scale, after a few rows are averaged."""
    return (0.015 + 0.7 * sigma) * 2 ** (1 - 2 * sensitivity)


def scratched(moments: Sequence[Moment], middle: int) -> list[Trace]:
    """The scratches of the moment of that index among consecutive ones."""
    found = tracks([moment.lines for moment in moments])
    here = moments[middle]
    return [traced(line, here.standing).to(here.planes.device) for line in scratches_at(middle, found, moments)]


def mend_scratches(settings: ScratchesSettings, context: ShotContext) -> Stage:
    """A stage that takes off scratches; planes [3, H, W] in and out, numbers and size unchanged."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not settings.enabled:
            yield from frames
            return
        threshold = threshold_for(settings.sensitivity, context.noise_sigma[0])
        moments = ((frame, Moment(frame.planes, threshold)) for frame in frames)
        for window, middle in around(moments, LOOK):
            yield _mended(window[middle][0], [moment for _, moment in window], middle, context)

    return stage


def _mended(frame: Frame, window: Sequence[Moment], middle: int, context: ShotContext) -> Frame:
    torn = scratched(window, middle)
    share = float(covered(frame.planes, torn).float().mean())
    if share > MOST_DAMAGED:
        context.note(frame.number, torch.zeros_like(frame.planes[0], dtype=torch.bool))
        context.flag(frame.number, share)
        return frame
    planes = frame.planes
    for scratch in torn:
        planes = without(planes, scratch)
    context.note(frame.number, (planes != frame.planes).any(0))
    return frame.with_planes(planes) if torn else frame
