"""One moment of a shot, with what is asked of it again and again."""

from collections.abc import Sequence
from functools import cached_property

import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.motion import estimate
from restoration.engine.repair.scratches.beneath import bridged
from restoration.engine.repair.scratches.lines import Line, half_width, lines, pooled, standing_out
from restoration.engine.repair.scratches.tracing import Trace, traced

_WIDE, _HIGH = 360, 120  # Of the picture that the flow is told from: how lines go is told along rows.


class Moment:
    """Planes [3, H, W] with their lines, and the flow to the next moment, estimated when it is asked for."""

    def __init__(self, planes: Tensor, threshold: float) -> None:
        self.planes = planes
        self.lines: list[Line] = lines(planes[0], threshold)
        self._flow: Tensor | None = None
        self._traces: dict[Line, Trace] = {}

    @cached_property
    def standing(self) -> tuple[Tensor, int]:
        """What stands out of the pooled rows, and how many rows are one; on the CPU, for it is small."""
        rows, step = pooled(self.planes[0])
        return standing_out(rows, half_width(rows.shape[1])).cpu(), step

    def trace(self, line: Line) -> Trace:
        """Where exactly one of its lines runs."""
        if line not in self._traces:
            self._traces[line] = traced(line, self.standing)
        return self._traces[line]

    def flow(self, following: "Moment") -> Tensor:
        """How far each place goes across to the next moment, in columns: float [rows, columns] of a coarser raster."""
        if self._flow is None:
            lines = self.lines + following.lines
            here, there = (_coarse(moment.planes[0], lines) for moment in (self, following))
            columns = self.planes.shape[2] / here.shape[1]
            self._flow = (estimate(here, there, finest=1)[0] * columns).cpu()
        return self._flow


def _coarse(luma: Tensor, without: Sequence[Line]) -> Tensor:
    """Luma [H, W] on the flow's raster, without the lines of both moments: one that goes its own way, or is there only
    once, pulls the flow beside it."""
    rows, columns = (max(1, round(size / most)) for size, most in zip(luma.shape, (_HIGH, _WIDE), strict=True))
    return F.avg_pool2d(bridged(luma, without)[None], (rows, columns), ceil_mode=True, count_include_pad=False)[0]
