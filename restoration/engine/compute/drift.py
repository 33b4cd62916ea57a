"""How far one picture lies from another as a whole, to a few hundredths of a pixel.

Phase correlation (Kuglin and Hines 1975) on a small copy finds the large moves; least squares on the gradients (Lucas
and Kanade 1981) make it exact, from coarse to fine. They are solved block by block and joined by how well the blocks
agree, so that the larger part of the picture decides and what moves in front of it does not. Blocks are freed of their
mean first, so that a change of light is not taken for motion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from restoration.engine.compute.local import binomial, box_mean

Numbers = npt.NDArray[np.float64]

_WIDEST = 480
_COARSEST = 48
_BLOCKS = (8, 10)
_LEAST = 4  # Pixels along a side of a block.
_SLOPES = np.array([1 / 16, 1 / 16, 1 / 16, 1 / 4, 1 / 4, 1, 1, 1])[:, None]
_TEXTURE = 2e-5  # Mean square of the gradient from which a block's vote counts in full.
_EXACT = 0.03  # Pixels of a level, below which a step leaves hardly anything to the next.
_FLASH = 2.5  # Ratio of the pictures' powers beyond which one of them stands in another light.
_ALIKE = 0.25  # Square of the pixels by which blocks that agree may lie apart.


@dataclass(frozen=True, slots=True)
class Reduced:
    """A picture's luma from fine to coarse, each half the one before; `scale`: pixels of the picture, across and down,
    to one of the finest; `spectrum`: of the coarsest."""

    levels: tuple[Tensor, ...]
    scale: tuple[float, float]
    spectrum: Tensor


def reduced(luma: Tensor, *, is_field: bool = False) -> Reduced:
    """From luma [H, W]. is_field: whether these are every other line of a frame, whose lines scale then counts."""
    across = max(1, ceil(luma.shape[1] / _WIDEST))
    down = max(1, across // 2) if is_field else across
    fine = [binomial(_pooled(luma, down, across))]
    while min(fine[-1].shape) >= 2 * _COARSEST and len(fine) < 4:
        fine.append(_pooled(binomial(fine[-1]), 2, 2))
    levels = tuple(level - box_mean(level, min(8, min(level.shape) // 4)) for level in fine)
    spectrum = torch.fft.rfft2(levels[-1] * _window(*levels[-1].shape))
    return Reduced(levels, (float(across), float(down * (2 if is_field else 1))), spectrum)


def between(before: Reduced, now: Reduced) -> tuple[float, float, float]:
    """How far what was in `before` has moved, right and down in pixels of the picture, and how sure that is, 0..1."""
    move = _phase(before, now)
    sure = 0.0
    for depth in range(len(now.levels) - 1, -1, -1):
        for _ in range(1 if 0 < depth < len(now.levels) - 1 else 2):
            found = _refined(before.levels[depth], now.levels[depth], move)
            if found is None:
                return 0.0, 0.0, 0.0
            step, (move, sure) = np.abs(found[0] - move).max(), found
            if step < _EXACT:
                break
        if depth:
            move = move * 2
    return float(move[0] * now.scale[0]), float(move[1] * now.scale[1]), sure


def _pooled(luma: Tensor, down: int, across: int) -> Tensor:
    """Means of `down` lines and `across` columns; what is left over at the end is dropped."""
    height, width = luma.shape[0] // down, luma.shape[1] // across
    for axis, (count, size) in enumerate(((down, height), (across, width))):
        parts = [luma.narrow(axis, 0, size * count)[(slice(None),) * axis + (slice(step, None, count),)]
                 for step in range(count)]
        luma = parts[0]
        for part in parts[1:]:
            luma = luma + part
    return luma * (1 / (down * across))


@lru_cache(maxsize=8)
def _window(height: int, width: int) -> Tensor:
    return torch.hann_window(height, periodic=False)[:, None] * torch.hann_window(width, periodic=False)


def _phase(before: Reduced, now: Reduced) -> Numbers:
    """The highest peak of the correlation of phases at the coarsest level, whole pixels."""
    height, width = now.levels[-1].shape
    product = now.spectrum * before.spectrum.conj()
    peaks = torch.fft.irfft2(product / (product.abs() + 1e-6 * product.abs().amax() + 1e-12).pow(0.7), (height, width))
    y, x = divmod(int(peaks.argmax()), width)
    return np.array([x - width if x > width // 2 else x, y - height if y > height // 2 else y], dtype=np.float64)


def _refined(before: Tensor, now: Tensor, move: Numbers) -> tuple[Numbers, float] | None:
    """One step of least squares, the move given and returned in pixels of this level; None where the pictures hardly
    overlap."""
    pair = _overlap(before, now, move)
    if pair is None:
        return None
    then, there = pair
    both = then + there
    # Four times the slopes, which the sums make good again.
    gx, gy = both[1:-1, 2:] - both[1:-1, :-2], both[2:, 1:-1] - both[:-2, 1:-1]
    then, there = then[1:-1, 1:-1], there[1:-1, 1:-1]
    missing = there - then
    sums = _by_block(((gx, gx), (gx, gy), (gy, gy), (gx, missing), (gy, missing), (then, there), (then, then),
                      (there, there))) * _SLOPES
    step, sure = _joined(sums)
    return move + np.clip(step, -1.5, 1.5), sure


def _by_block(pairs: Sequence[tuple[Tensor, Tensor]]) -> Numbers:
    """The mean product of each pair [H, W] in each block of the picture, [pairs, blocks]; what is left over at the end
    has no say."""
    height, width = pairs[0][0].shape
    down, across = (max(_LEAST, side // blocks) for side, blocks in zip((height, width), _BLOCKS, strict=True))
    products = torch.empty(len(pairs), height, width)
    for product, (one, other) in zip(products, pairs, strict=True):
        torch.mul(one, other, out=product)
    rows, columns = height // down, width // across
    lines = products[:, :rows * down].unflatten(1, (rows, down)).sum(2)
    sums = lines[..., :columns * across].unflatten(2, (columns, across)).sum(3).flatten(1)
    return np.asarray(sums.double().numpy() / (down * across))


def _overlap(before: Tensor, now: Tensor, move: Numbers) -> tuple[Tensor, Tensor] | None:
    """What both show, `now` fetched along the move between its pixels; None where little is left."""
    height, width = now.shape
    x, y = int(np.floor(move[0])), int(np.floor(move[1]))
    top, left = max(0, -y), max(0, -x)
    bottom, right = min(height, height - y - 1), min(width, width - x - 1)
    if bottom - top < max(_LEAST + 2, height // 2) or right - left < max(_LEAST + 2, width // 2):
        return None
    part = now[top + y:bottom + y + 1, left + x:right + x + 1]
    fx, fy = float(move[0] - x), float(move[1] - y)
    rows = torch.lerp(part[:-1], part[1:], fy)
    return before[top:bottom, left:right], torch.lerp(rows[:, :-1], rows[:, 1:], fx)


def _joined(sums: Numbers) -> tuple[Numbers, float]:
    """The step that most blocks agree on (Cauchy's weights on how far each lies from it, in the directions in which it
    knows; every block with some texture counts alike), and how sure that is: the correlation of those that agree times
    their share of the votes; not at all where the light flashes."""
    told = sums[0] + sums[2] + 1e-9
    vote = told / (told + _TEXTURE)
    sums = sums * (vote / told)
    xx, xy, yy, bx, by = sums[:5]
    own = _solved(xx + 0.05 * vote, xy, yy + 0.05 * vote, bx, by)
    trust, step, missed = np.ones_like(told), np.zeros(2), np.zeros_like(told)
    for _ in range(4):
        joined = sums @ trust
        step = np.array(_solved(joined[0] + 1e-6, joined[1], joined[2] + 1e-6, joined[3], joined[4]))
        right, down = own[0] - step[0], own[1] - step[1]
        missed = (xx * right * right + 2 * xy * right * down + yy * down * down) / vote
        order = missed.argsort()
        weight = vote[order].cumsum()
        middle = missed[order[weight.searchsorted(0.5 * weight[-1])]]
        trust = 1 / (1 + missed / (2 * middle + 4e-4)) ** 2
    joined = sums @ trust
    agreed = joined[5] / (np.sqrt(joined[6] * joined[7]) + 1e-9)
    share = vote[missed < _ALIKE].sum() / (vote.sum() + 0.5)
    is_flash = not 1 / _FLASH < joined[6] / (joined[7] + 1e-12) < _FLASH
    return step, 0.0 if is_flash else float(max(0.0, agreed) * share)


def _solved(xx: Any, xy: Any, yy: Any, bx: Any, by: Any) -> tuple[Any, Any]:
    """Minus the solution of [[xx, xy], [xy, yy]] s = [bx, by]."""
    determinant = xx * yy - xy * xy
    return (xy * by - yy * bx) / determinant, (xy * bx - xx * by) / determinant
