"""A stage turns the frames of one shot into the frames of one shot. A list can test it; a generator bounds memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from torch import Tensor

from restoration.engine.frames import Frame
from restoration.engine.moments import AS_THEY_ARE, Moments

Stage = Callable[[Iterator[Frame]], Iterator[Frame]]
# (frame number, bool mask [H, W] of what was changed, None for the whole picture)
Note = Callable[[int, Tensor | None], None]
# (frame number, share of the picture that a repair found damaged and therefore left alone)
Flag = Callable[[int, float], None]

# Share of a frame beyond which dust or scratches are not believed: the repair backs off and asks a person.
MOST_DAMAGED = 0.03


def note_nothing(number: int, mask: Tensor | None) -> None:
    """For whoever does not keep a ledger."""


def flag_nothing(number: int, share: float) -> None:
    """For whoever does not keep a ledger."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Numbers of every frame around a shot, from a look at the source before it is mended.

    rows: float32 [T, n], whatever the repair's own tracer writes of one moment; first: the moment's number of row 0.
    """

    first: int
    rows: Tensor

    def at(self, number: int) -> int:
        """The row of a moment; the outermost one beyond the ends."""
        return min(max(number - self.first, 0), len(self.rows) - 1)


@dataclass(frozen=True, slots=True)
class ShotContext:
    """What a stage may know about the shot it works on, beside its frames.

    rate: of the frames that enter this stage; pixel_aspect: theirs; noise_sigma: measured by the analysis, as luma and
    chroma standard deviations on the 0..1 scale of Frame.planes; seed: for anything random, so that a shot made again
    is bit for bit the same. order: the field order where frames hold two moments, None where they hold one.
    moments: how the frames that enter lie in the source's time. wanted: the frames that anybody will look at after the
    stage, None for all. note, flag: where a stage writes down what it changed and where it backed off. trace: for
    repairs that have a tracer.
    """

    rate: Fraction
    pixel_aspect: Fraction
    noise_sigma: tuple[float, float] = (0.0, 0.0)
    seed: int = 0
    order: Literal["tff", "bff"] | None = None
    moments: Moments = AS_THEY_ARE
    wanted: range | None = None
    note: Note = note_nothing
    flag: Flag = flag_nothing
    trace: Trace | None = None
