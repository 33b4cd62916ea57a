"""What the benchmark asks of one defect."""

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor

from restoration.engine.ageing import Aged
from restoration.engine.settings import Settings


@dataclass(frozen=True)
class Oracle:
    """An open filter to compare with: an ffmpeg filter chain with {placeholders}, and the values to try for each. The
    best values on the tuning half are used on the reporting half, so that nobody loses by bad settings."""

    name: str
    chain: str
    tried: tuple[dict[str, str], ...] = ({},)


@dataclass(frozen=True)
class Case:
    """One defect. age: from a clean clip [T, 3, H, W] and a seed to the damaged one; settings: what Patina is told to
    do; oracles: what else is tried. is_local: scored within the mask, aim +1.0 dB; else over the whole frame, +0.5 dB.
    detects: the name of the finding that must tell damaged clips from clean ones, where there is one.
    """

    name: str
    title: str
    age: Callable[[Tensor, int], Aged]
    settings: Callable[[Aged], Settings]
    oracles: tuple[Oracle, ...] = field(default=())
    is_local: bool = False
    detects: str | None = None
    noise_sigma: tuple[float, float] = (0.0, 0.0)
