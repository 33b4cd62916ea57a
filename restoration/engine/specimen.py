"""A few consecutive moments of one shot, as the detectors look at them, with the motion they share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import torch
from torch import Tensor

from restoration.engine.compute.motion import confidence, estimate, warp
from restoration.engine.frames import Frame, fields_of

REACH = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector says of one specimen or of one shot.

    value: in the unit of its defect (engine/defects.py); confidence: 0..1; mask: bool [H, W] of the damage in the
    middle moment, None where the whole picture is meant; hints: numbers that a recommendation needs; worst: rows of the
    trace that show it best, for findings of a trace.
    """

    value: float
    confidence: float
    mask: Tensor | None = None
    hints: Mapping[str, float] = field(default_factory=dict)
    worst: tuple[int, ...] = ()


class Specimen:
    """Up to `REACH` frames before and after a middle one, none of them a repetition of its neighbour.

    frames: as the reader gave them; middle: the index of the one in question; order: the field order where frames hold
    two moments, else None. `planes` are whole moments: the frames' own, or of interlaced frames the first fields alone
    [3, H/2, W], so that no detector takes combs for damage.
    """

    def __init__(self, frames: tuple[Frame, ...], middle: int, *, order: Literal["tff", "bff"] | None = None,
                 noise_sigma: tuple[float, float] = (0.0, 0.0)) -> None:
        self.frames = frames
        self.middle = middle
        self.order = order
        self.noise_sigma = noise_sigma
        self.planes = tuple(frame.planes if order is None else fields_of(frame.planes, order)[0] for frame in frames)
        self._flows: dict[tuple[int, int], Tensor] = {}

    @property
    def number(self) -> int:
        return self.frames[self.middle].number

    @property
    def now(self) -> Tensor:
        """The moment in question, [3, H, W]."""
        return self.planes[self.middle]

    @property
    def has_both_sides(self) -> bool:
        return 0 < self.middle < len(self.frames) - 1

    @property
    def fields(self) -> tuple[Tensor, ...]:
        """All fields [3, H/2, W] in the order of their moments; of whole frames none."""
        if self.order is None:
            return ()
        return tuple(one for frame in self.frames for one in fields_of(frame.planes, self.order))

    def flow(self, there: int, *, here: int | None = None) -> Tensor:
        """The flow [2, H, W] from the moment `here` (the middle one) to that of index `there`, estimated once."""
        here = self.middle if here is None else here
        if (here, there) not in self._flows:
            self._flows[here, there] = estimate(self.planes[here][0], self.planes[there][0], finest=1)
        return self._flows[here, there]

    def aligned(self, there: int) -> Tensor:
        """The planes of another moment laid on the middle one along their motion."""
        return warp(self.planes[there], self.flow(there))

    def sure(self, there: int) -> Tensor:
        """How well going there and coming back agree, [H, W] 0..1."""
        return confidence(self.flow(there), self.flow(self.middle, here=there))


Measure = Callable[[Specimen], Mapping[str, Finding]]


class Tracer:
    """Turns the moments of a shot, in order, into rows of numbers; it may remember what came before."""

    columns: int

    def push(self, planes: Tensor, *, parity: int | None = None) -> Tensor:
        """One row, float32 [columns], of planes [3, H, W]; parity 0 or 1 where these are the even or odd lines of a
        frame, None for a whole one."""
        raise NotImplementedError


Judge = Callable[[Tensor, Fraction], Mapping[str, Finding]]
"""From all rows [T, columns] of one shot and their rate to what they say."""


def rows_of(moments: list[tuple[Tensor, int | None]], tracer: Tracer) -> Tensor:
    """The rows of moments, planes and parity each, as a trace holds them."""
    return torch.stack([tracer.push(planes, parity=parity) for planes, parity in moments])
