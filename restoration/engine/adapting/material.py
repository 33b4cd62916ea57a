"""What a recording can teach about its own noise: places as the noise repair leaves them, and the same places at
moments whose noise had no part in that, fetched along the motion.

The mean of a noisy target is the picture, so that a network that comes near noisy targets comes near the picture
(Lehtinen et al. 2018; along the motion of a recording, Ehret et al. 2019). It holds only as far as a target's noise is
not in what the network is shown: targets lie beyond the repair's reach. Where a window's motion is not affine, or a
place is not the same any more, nothing is learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from restoration.engine.adapting.aligning import Window, aligned, fetched
from restoration.engine.compute.local import box_mean
from restoration.engine.progress import IsCancelled, check, never

SIDE = 80  # Pixels of a window.
TARGETS = 4  # Moments on each side, from the first whose noise is its own.
_TRIES = 3  # Windows looked at for one that is wanted.
_LOW, _ALIKE, _UNLIKE = 0.3, 3.0, 5.0
_FEWEST = 0.6  # Share of a window that must be alike.
_LEFT = 0.3  # Of the noise, at most, in what was repaired.


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring moments of one shot. noisy, repaired: [T, 3, H, W] before and behind the noise repair; sigma: the
    noise's standard deviations, luma and colour; apart: from how many moments on noise is not shared."""

    noisy: Sequence[Tensor]
    repaired: Sequence[Tensor]
    sigma: tuple[float, float]
    apart: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """own: [3, side, side] as it was repaired; target: the mean of what the same place shows at other moments; weight:
    [side, side], of how many; sigma: as of the stretch."""

    own: Tensor
    target: Tensor
    weight: Tensor
    sigma: tuple[float, float]


@torch.no_grad()
def lessons_of(stretch: Stretch, count: int, dice: np.random.Generator, *,
               is_cancelled: IsCancelled = never) -> list[Lesson]:
    """At most so many, from places and moments by chance; fewer where the motion is not understood. Raises Cancelled
    between two windows."""
    height, width = stretch.repaired[0].shape[-2:]
    side = min(SIDE, height // 2 * 2, width // 2 * 2)
    found: list[Lesson] = []
    for _ in range(_TRIES * count):
        check(is_cancelled)
        at = int(dice.integers(len(stretch.repaired)))
        top, left = (2 * int(dice.integers((size - side) // 2 + 1)) for size in (height, width))
        lesson = _lesson(stretch, at, Window(top, left, side))
        if lesson is not None:
            found.append(lesson)
        if len(found) == count:
            break
    return found


def _lesson(stretch: Stretch, at: int, window: Window) -> Lesson | None:
    own = window.of(stretch.repaired[at])
    total, weight = torch.zeros_like(own), torch.zeros_like(own[0])
    for far in range(stretch.apart, stretch.apart + TARGETS):
        for other in (at - far, at + far):
            if 0 <= other < len(stretch.repaired):
                _add(stretch, at, other, window, total, weight)
    if (weight > 0).float().mean() < _FEWEST:
        return None
    return Lesson(own.clone(), total / weight.clamp(min=1), weight, stretch.sigma)


def _add(stretch: Stretch, at: int, other: int, window: Window, total: Tensor, weight: Tensor) -> None:
    one, two = stretch.repaired[at], stretch.repaired[other]
    way = aligned(one[0], two[0], window, _LEFT * stretch.sigma[0])
    apart = box_mean((fetched(two, way, window) - window.of(one)).square().sum(0), 2)
    low, noise = apart.quantile(_LOW), 2 * (stretch.sigma[0] ** 2 + 2 * stretch.sigma[1] ** 2)
    alike = apart < _ALIKE * low
    # No more than noise that nothing was taken out of explains, so that another scene is not taken for the same.
    if low <= noise and alike.float().mean() >= _FEWEST and apart.mean() <= _UNLIKE * low:
        total += alike * fetched(stretch.noisy[other], way, window)
        weight += alike
