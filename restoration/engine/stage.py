"""A stage turns the frames of one shot into the frames of one shot. A list can test it; a generator bounds memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from restoration.engine.frames import Frame


@dataclass(frozen=True, slots=True)
class ShotContext:
    """What a stage may know about the shot it works on, beside its frames.

    rate: of the frames that enter this stage; pixel_aspect: theirs; noise_sigma: measured by the analysis, as luma and
    chroma standard deviations on the 0..1 scale of Frame.planes; seed: for anything random, so that a shot made again
    is bit for bit the same.
    """

    rate: Fraction
    pixel_aspect: Fraction
    noise_sigma: tuple[float, float] = (0.0, 0.0)
    seed: int = 0


Stage = Callable[[Iterator[Frame]], Iterator[Frame]]
