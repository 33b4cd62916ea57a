"""One moment of a shot, with what is asked of it again and again."""

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
            self._flow = (estimate(self._coarse, following._coarse, finest=1)[0] * self._columns).cpu()
        return self._flow

    @property
    def _columns(self) -> int:
        """Of the picture, how many are one of the flow's."""
        return max(1, round(self.planes.shape[2] / _WIDE))

    @cached_property
    def _coarse(self) -> Tensor:
        """The luma without its lines, since a line that goes its own way pulls the flow beside it."""
        rows = max(1, round(self.planes.shape[1] / _HIGH))
        return F.avg_pool2d(bridged(self.planes[0], self.lines)[None], (rows, self._columns), ceil_mode=True,
                            count_include_pad=False)[0]
