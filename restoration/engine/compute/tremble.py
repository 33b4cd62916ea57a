"""What of a path trembles and what of it moves.

A path is a few numbers for each of a row of frames: where a picture lies, how bright it is. What a machine did to it
jumps from frame to frame and knows nothing of the frame before: it is white. What a camera or a lamp on a stage did is
smooth over several frames. The path is split into bands by ever longer local quadratic fits with Gaussian weights
(Cleveland 1979, unbiased where the path moves evenly, at its ends too); in each band only so much is held to tremble as
white noise of the strength seen in the fastest band would put there, which is Wiener's rule in bands.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SIGMAS = (1.0, 2.0, 4.0, 8.0, 16.0)  # In frames.
REACH = 45  # Frames on each side beyond which nothing is looked at.
SHORTEST = 8  # Frames below which nothing can be told.
_MACHINE = 0.3  # Whiteness below which it was a camera.
_ABOUT = 24.0  # Frames around one whose bands are taken to be like its own.
_REPEATED = 0.06  # Of the greatest change around, below which a moment repeats the one before.
_UNSHARED = 250_000  # Multiplications.
_MEDIAN = 0.4549  # Median of the square of a standard normal number.


@dataclass(frozen=True, slots=True)
class Trembling:
    """Of one frame, for each number of the path.

    part: what of it trembles, at most three and a half times the level; whole: the same without that bound. level:
    standard deviation of the trembling around it. whiteness: how much of the second fastest band is explained by white
    noise as strong as the fastest shows: about 1 for a machine, near 0 for a camera.
    """

    part: Numbers
    whole: Numbers
    level: Numbers
    whiteness: Numbers


def trembling(path: Numbers, at: int, *, least: float = 0.0) -> Trembling:
    """How the frame `at` of a path [T, n] trembles. No more than `REACH` frames on each side are looked at; fewer than
    `SHORTEST` tell nothing. least: level up to which nothing is held to tremble; from twice of it on all is.
    """
    around, here, about = _around(path, at)
    if len(around) < SHORTEST:
        nothing = np.zeros(path.shape[1])
        return Trembling(nothing, nothing, nothing, nothing)
    bands, shares = _bands(around - around[here], len(SIGMAS)), _shares()
    powers = _middle(bands ** 2, about) / _MEDIAN
    white = powers[0] / shares[0]
    explained = shares[:, None] * white / np.maximum(powers, 1e-18)
    gains = np.minimum.accumulate(np.clip((explained - 0.15) / 0.3, 0, 1), axis=0)
    gains[0] = np.clip((explained[1] - _MACHINE) / 0.25, 0, 1)
    gains = np.minimum.accumulate(gains, axis=0)
    level = np.sqrt(white)
    sure = np.clip(level / least - 1, 0, 1) if least else np.ones_like(level)
    whole = sure * (gains * bands[:, here]).sum(axis=0)
    return Trembling(np.clip(whole, -3.5 * level, 3.5 * level), whole, level, explained[1])


def level_of(path: Numbers, at: int) -> Numbers:
    """The `level` of `trembling` alone, for a fifth of its time."""
    around, here, about = _around(path, at)
    if len(around) < SHORTEST:
        return np.zeros(path.shape[1])
    fastest = _bands(around - around[here], 1)[0]
    return np.asarray(np.sqrt(_middle(fastest ** 2, about) / _MEDIAN / _shares()[0]))


def _around(path: Numbers, at: int) -> tuple[Numbers, int, Numbers]:
    """The frames of a path that `at` is judged by, which of them it is, and their weights."""
    first, end = max(0, at - REACH), min(len(path), at + REACH + 1)
    return path[first:end], at - first, np.exp(-0.5 * ((np.arange(first, end) - at) / _ABOUT) ** 2)


def are_new(change: Numbers) -> npt.NDArray[np.bool_]:
    """Which moments do not repeat the one before, from how much each differs from that one, [T]: those that differ not
    much less than their neighbours do."""
    reach = 4
    around = np.lib.stride_tricks.sliding_window_view(np.pad(change, reach), 2 * reach + 1)
    return np.asarray(change > _REPEATED * around.max(axis=1))


def _bands(path: Numbers, count: int) -> Numbers:
    """So many bands [count, T, n], from the fastest on."""
    passes = _passes(len(path))[:count]
    # In parts that BLAS does not share among threads: on two busy cores their waiting took ten times as long as this.
    few = max(1, _UNSHARED // len(path) ** 2)
    parts = [passes @ path[:, first:first + few] for first in range(0, path.shape[1], few)]
    return np.concatenate(parts, axis=2)


@lru_cache(maxsize=64)
def _passes(length: int) -> Numbers:
    """[5, T, T]: of each band, rows that give the value at t."""
    fits = [np.eye(length), *(_fit(length, sigma) for sigma in SIGMAS)]
    return np.stack([one - other for one, other in pairwise(fits)])


def _fit(length: int, sigma: float) -> Numbers:
    """[T, T]: row t gives the value at t of the parabola fitted around it."""
    steps = (np.arange(length)[None] - np.arange(length)[:, None]) / sigma
    weights = np.exp(-0.5 * steps ** 2) * (np.abs(steps) <= 4)
    powers = np.stack([weights * steps ** power for power in range(5)]).sum(axis=2)
    normal = powers[np.arange(3)[:, None] + np.arange(3)[None]].transpose(2, 0, 1)
    constant = np.linalg.solve(normal, np.broadcast_to(np.array([1.0, 0, 0])[:, None], (length, 3, 1)))[:, :, 0]
    shape = constant[:, 0, None] + constant[:, 1, None] * steps + constant[:, 2, None] * steps ** 2
    return weights * shape


@lru_cache(maxsize=1)
def _shares() -> Numbers:
    """The share of white noise's variance that each band holds."""
    length = 2 * REACH + 41
    middle = length // 2
    rows = [np.eye(length)[middle], *(_fit(length, sigma)[middle] for sigma in SIGMAS)]
    return np.array([((one - other) ** 2).sum() for one, other in pairwise(rows)])


def _middle(values: Numbers, weights: Numbers) -> Numbers:
    """The weighted median of values [..., T, n] over time."""
    rows = np.ascontiguousarray(values.swapaxes(-1, -2))
    order = rows.argsort()
    passed = weights[order].cumsum(axis=-1)
    place = (passed < 0.5 * passed[..., -1:]).sum(axis=-1, keepdims=True)
    return np.take_along_axis(rows, np.take_along_axis(order, place, axis=-1), axis=-1)[..., 0]
