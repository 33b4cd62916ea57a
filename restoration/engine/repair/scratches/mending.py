"""The stage: lines of each moment, tracks of the moments around it, and what of them is scratched taken off."""

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import padded
from restoration.engine.compute.motion import estimate
from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.repair.scratches.lines import Line, half_width, lines, pooled, standing_out
from restoration.engine.repair.scratches.profile import bridged, covered, without
from restoration.engine.repair.scratches.tracing import Trace, traced
from restoration.engine.repair.scratches.tracking import LOOK, Flow, scratches_at, tracks
from restoration.engine.settings import ScratchesSettings
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage

_LARGE = 480  # Columns.


def threshold_for(sensitivity: float, sigma: float) -> float:
    """How far a line must stand out, on the 0..1 scale, after a few rows are averaged."""
    return (0.015 + 0.7 * sigma) * 2 ** (1 - 2 * sensitivity)


class Moment:
    """Planes [3, H, W] with their lines, and the flow to the next moment, estimated when it is asked for."""

    def __init__(self, planes: Tensor, threshold: float) -> None:
        self.planes = planes
        self.lines: list[Line] = lines(planes[0], threshold)
        self._flow: Tensor | None = None
        self._standing: tuple[Tensor, int] | None = None
        self._bridged: Tensor | None = None

    @property
    def bridged(self) -> Tensor:
        """The luma without its lines, since a line that goes its own way pulls the flow beside it."""
        if self._bridged is None:
            self._bridged = bridged(self.planes[0], self.lines)
        return self._bridged

    @property
    def standing(self) -> tuple[Tensor, int]:
        """What stands out of the pooled rows, and how many rows are one."""
        if self._standing is None:
            rows, step = pooled(self.planes[0])
            self._standing = standing_out(rows, half_width(rows.shape[1])), step
        return self._standing

    def flow(self, following: "Moment") -> Tensor:
        if self._flow is None:
            self._flow = _estimated(self.bridged, following.bridged)
        return self._flow


def _estimated(here: Tensor, there: Tensor) -> Tensor:
    """The flow [2, H, W]; of a large picture from half of it, which is exact enough for how lines go."""
    height, width = here.shape
    if width <= _LARGE:
        return estimate(here, there, finest=1)
    small = F.avg_pool2d(torch.stack((here, there))[None], 2)[0]
    flow = estimate(small[0], small[1], finest=1) * 2
    wide = flow.repeat_interleave(2, -2).repeat_interleave(2, -1)
    return padded(wide, x=width % 2, y=height % 2)[:, height % 2:height % 2 + height, width % 2:width % 2 + width]


def scratched(moments: Sequence[Moment], middle: int, flow: Flow) -> list[Trace]:
    """The scratches of the moment of that index among consecutive ones. flow: from a moment to the next."""
    found = tracks([moment.lines for moment in moments])
    if not any(track.first <= middle <= track.last and track.is_lasting for track in found):
        return []
    torn = scratches_at(middle, found, [moment.standing for moment in moments], flow)
    return [traced(line, moments[middle].standing) for line in torn]


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
    torn = scratched(window, middle, lambda index: window[index].flow(window[index + 1]))
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
