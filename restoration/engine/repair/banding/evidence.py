"""Where gradients rise in steps.

Bands are believed where neighbours are equal or a step apart that is no higher than `highest`, most are equal, and most
steps around go the same way, up or down. Edges are higher, texture and grain have no plateaus, fine lines go up and
down: all stay as they are. The edge of a flat surface that is no higher than `highest` cannot be told from a band.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min

COARSER = 4  # What is said of surroundings is said of squares of so many pixels.
_EQUAL, _STEP = 0.02 / 255, 0.6 / 255  # What is no step, and what is one; plateaus leave hardly anything between.
_LEAST = 0.3  # Of the highest step: what is lower is no band.
_TOLERANCE = 1.25  # Of the highest step: two may meet in a corner.
_BETWEEN = 0.1  # Of the neighbours in a square, how many may be neither.
_BETWEEN_STEPS, _BETWEEN_BESIDE = 0.25, 0.7  # Neither for each step: where bands are proved, and beside that.
_STILL_AROUND, _AROUND = 1, 12  # Squares on each side in which neighbours are equal, and in which steps are looked for.
_FEWEST = 0.011  # Steps for each pixel around.
_STILL = 0.55  # Share of neighbours along lines, and along columns, that are equal.
_ONE_WAY = 0.4
_LEAST_OF_LUMA, _LEAST_OF_ANY = 1, 2  # Squares on each side: the smallest stretch that is proved.
_BESIDE = 6  # Squares: what lies beside such a stretch.
_WIDEST = 125.0


@dataclass(frozen=True, slots=True)
class Bands:
    """Of planes [C, H, W]. where: bool [C, H, W]; height: of the steps around, on the 0..1 scale, and width: pixels
    from one step to the next, both float [C, ceil(H / 4), ceil(W / 4)]."""

    where: Tensor
    height: Tensor
    width: Tensor


@dataclass(frozen=True, slots=True)
class _Squares:
    """Means over squares of how planes [C, H, W] change from pixel to pixel, [2, C, H/4, W/4] along lines and along
    columns; is_plain: bool [C, H, W], pixels that are equal to their neighbours or a step apart."""

    along: Tensor
    rises: Tensor
    powers: Tensor
    steps: Tensor
    equal: Tensor
    is_low: Tensor
    is_plain: Tensor


def bands_of(planes: Tensor, highest: float, *, least: int = _LEAST_OF_LUMA) -> Bands:
    """Where planes [C, H, W] have steps of up to `highest` between plateaus. least: squares on each side of the
    smallest stretch of the first plane that proves them."""
    squares = _squares_of(planes, highest)
    neither = 2 - squares.steps - squares.equal.sum(0)
    is_calm = squares.is_low & (neither <= 2 * _BETWEEN)
    is_calm = _opened(is_calm, 1)
    said = torch.stack([squares.rises, squares.powers, squares.steps, neither, *squares.along,
                        torch.ones_like(neither)])
    down, across, share = _around(torch.stack([*squares.equal, said[-1]]) * is_calm, _STILL_AROUND)
    is_still = torch.minimum(down, across) >= _STILL * share.clamp(min=1e-3)
    rise, power, steps, neither, *one_way, share = _around(said * is_calm, _AROUND)
    is_banded = (steps > _FEWEST * share) & (neither <= _BETWEEN_BESIDE * steps) & is_still
    is_stair = is_banded & (is_calm > 0) & (neither <= _BETWEEN_STEPS * steps)
    is_stair &= one_way[0].hypot(one_way[1]) >= _ONE_WAY * rise
    # A lone stretch that happens to look like bands is none; beside bands, steps may go any way.
    of_any = _opened(is_stair.any(0), max(least, _LEAST_OF_ANY))
    is_near = local_max(torch.maximum(of_any, _opened(is_stair[0], least)), _BESIDE) > 0
    where = squares.is_plain & as_pixels(is_banded & is_near & (local_max(is_calm, 1) > 0), planes)
    height = power / rise.clamp(min=1e-9)
    return Bands(where, height, (share * height / rise.clamp(min=1e-9)).clamp(max=_WIDEST))


def _opened(squares: Tensor, radius: int) -> Tensor:
    """Without whatever is narrower than a window of this radius, 0 or 1."""
    return local_max(local_min(squares.float(), radius), radius)


def _squares_of(planes: Tensor, highest: float) -> _Squares:
    high, wide = planes.shape[-2:]
    whole = F.pad(planes[None], (0, -wide % COARSER, 0, -high % COARSER), mode="replicate")[0]
    along = torch.zeros(2, *whole.shape, device=planes.device)
    torch.sub(whole[..., 1:], whole[..., :-1], out=along[0, ..., 1:])
    torch.sub(whole[..., 1:, :], whole[..., :-1, :], out=along[1, ..., 1:, :])
    size = along.abs()
    is_step, is_equal = size > max(_STEP, _LEAST * highest), size < _EQUAL
    rises = size * is_step
    is_low = size.amax(0) <= _TOLERANCE * highest
    return _Squares(_mean(along), _mean(rises.sum(0)), _mean(rises.square_().sum(0)), _mean(is_step.float().sum(0)),
                    _mean(is_equal.float()), _mean(is_low.float()) == 1,
                    ((is_step | is_equal).all(0) & is_low)[..., :high, :wide])


def _around(squares: Tensor, radius: int) -> Tensor:
    """Means over neighbouring squares; nothing lies beyond the picture, so that no step at its edge counts twice."""
    return box_mean(F.pad(squares, (radius,) * 4), radius)[..., radius:-radius, radius:-radius]


def _mean(pixels: Tensor) -> Tensor:
    """Over squares."""
    rows = sum((pixels[..., start::COARSER, :] for start in range(1, COARSER)), pixels[..., ::COARSER, :])
    return sum((rows[..., start::COARSER] for start in range(1, COARSER)), rows[..., ::COARSER]) / COARSER ** 2


def as_pixels(coarse: Tensor, like: Tensor) -> Tensor:
    """Squares as pixels of planes [C, H, W]."""
    made = coarse.repeat_interleave(COARSER, -2).repeat_interleave(COARSER, -1)
    return made[..., :like.shape[-2], :like.shape[-1]]
