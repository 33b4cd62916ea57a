"""What the benchmark asks of one defect."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor

from restoration.engine.ageing import Aged
from restoration.engine.settings import Settings

Age = Callable[[Tensor, int], Aged]


@dataclass(frozen=True)
class Oracle:
    """An open filter to compare with: an ffmpeg filter chain with {placeholders}, and the values to try for each. The
    best values on the tuning half are used on the reporting half, so that nobody loses by bad settings.

    Beside the tried values a chain may use {order} ("tff" or "bff"), {file} (a file that is new for every run) and
    {weights} (nnedi's). first: the chain of a pass before, for filters that look twice; its pictures are thrown away.
    """

    name: str
    chain: str
    tried: tuple[dict[str, str], ...] = ({},)
    first: str = ""


@dataclass(frozen=True)
class Case:
    """One defect. age: from a clean clip [T, 3, H, W] and a seed to the damaged one; settings: what Patina is told to
    do; oracles: what else is tried. is_local: scored within the mask, aim +1.0 dB; else over the whole frame, +0.5 dB.
    detects: the name of the finding that must tell damaged clips from clean ones, where there is one.

    noise_sigma: what the repair is told of the noise, None for what the analysis measures on the damaged clip. others:
    the same damage at other strengths, for detection alone. amount: the damage's true value in the unit of its defect,
    by which damage too faint to count (severity below 0.3) is left out; without it all of it counts, but where the unit
    is "per mille" the true mask says how much there is. frames: clean moments to damage; more than the default where
    the repair needs a longer time. size: (width, height) of a window from the middle, where the whole raster would take
    too long. is_retimed: the damage changed how many frames there are, so that each true frame is scored against the
    one around its time that is most like it.
    """

    name: str
    title: str
    age: Age
    settings: Callable[[Aged], Settings]
    oracles: tuple[Oracle, ...] = field(default=())
    is_local: bool = False
    detects: str | None = None
    noise_sigma: tuple[float, float] | None = (0.0, 0.0)
    others: tuple[Age, ...] = ()
    amount: Callable[[Aged], float] | None = None
    frames: int = 12
    size: tuple[int, int] | None = None
    is_retimed: bool = False

    @property
    def source(self) -> Path:
        """The file that states it."""
        return Path(sys.modules[self.settings.__module__].__file__ or "")
