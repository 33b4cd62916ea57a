"""How far each line of a field lies beside others that show the same: its neighbours, or itself a frame away."""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.lines import each_moved
from restoration.engine.compute.local import mean_around

_STRETCHES = 12
_MARGIN = 8
_ROUNDS = (4, 2, 1, 1)  # Radius of the smoothing along lines, from coarse to fine.
_AGAIN = (4, 1)  # The same, where the picture is the same.
_SLOPE = 2e-6  # Mean square of slopes below which a stretch says nothing.
_BEND = 6
_EVEN = 16  # Pixels around one, of whose mean a line is freed where the light may be another.
_FURTHEST = 3.0  # Pixels of one round.


@dataclass(frozen=True, slots=True)
class Lines:
    """delays [h] in pixels, positive where a line lies too far to the right; doubt [h]: their variance."""

    delays: Tensor
    doubt: Tensor


def beside_neighbours(luma: Tensor) -> Lines:
    """The delays of a field's lines, from luma [h, W], beside the mean of the three lines above and below each."""
    delays = torch.zeros(luma.shape[0], device=luma.device)
    doubt = delays
    if not says_anything(luma):
        return Lines(delays, doubt)
    for radius in _ROUNDS:
        soft = mean_around(_moved(luma, -delays), x=radius, y=0)
        like = around(soft)
        shape = slope(like)
        further, doubt = _agreed(shape, _by_stretch(shape * (like - soft)))
        delays = _without_bends(delays + further)
    return Lines(delays, doubt)


def beside(luma: Tensor, like: Tensor) -> Lines:
    """The delays of the lines of luma [h, W] beside the same lines of another picture. What moves evenly over several
    lines of a stretch is left out, and so is a change of light."""
    delays = torch.zeros(luma.shape[0], device=luma.device)
    doubt = delays
    luma, like = (each - mean_around(each, x=_EVEN, y=0) for each in (luma, like))
    for radius in _AGAIN:
        soft, same = mean_around(torch.stack((_moved(luma, -delays), like)), x=radius, y=0)
        shape = slope(same)
        further, doubt = _agreed(shape, _by_stretch(shape * (same - soft)), is_moving=True)
        delays = _without_bends(delays + further)
    return Lines(delays, doubt)


def says_anything(luma: Tensor) -> bool:
    """Whether a field is large enough."""
    return luma.shape[0] >= _BEND and luma.shape[1] >= 2 * _MARGIN + 4 * _STRETCHES


def around(lines: Tensor) -> Tensor:
    """The mean of the three lines above and below each; beyond the edge they come back."""
    height = lines.shape[0]
    tall = torch.cat([lines[1:4].flip(0), lines, lines[-4:-1].flip(0)])
    above = (tall[0:height] + tall[1:height + 1]).add_(tall[2:height + 2])
    return above.add_(tall[4:height + 4]).add_(tall[5:height + 5]).add_(tall[6:height + 6]).mul_(1 / 6)


def slope(lines: Tensor) -> Tensor:
    return 0.5 * (torch.roll(lines, -1, -1) - torch.roll(lines, 1, -1))


def _agreed(shape: Tensor, steps: Tensor, *, is_moving: bool = False) -> tuple[Tensor, Tensor]:
    """How far to the right each line lies, [h], by what most stretches say, and its variance. shape: the slopes; steps
    [h, 12]: their mean products with what is missing; is_moving: whether each stretch may have a motion of its own."""
    steep = _by_stretch(shape.square())
    each = (steps / (steep + _SLOPE)).clamp_(-_FURTHEST, _FURTHEST)
    if is_moving:
        each = each - mean_around(each.mT, x=_BEND, y=0).mT
    weight = steep.sqrt()
    for _ in range(3):
        middle = (weight * each).sum(1, keepdim=True) / (weight.sum(1, keepdim=True) + 1e-9)
        apart = (each - middle).square()
        scale = (weight * apart).sum(1, keepdim=True) / (weight.sum(1, keepdim=True) + 1e-9)
        weight = steep.sqrt() / (1 + apart / (0.5 * scale + 1e-4))
    firm = steep.sqrt()
    spread = (firm.square() * (each - middle).square()).sum(1)
    return middle[:, 0], spread / (firm.sum(1) + 1e-9).square()


def _moved(luma: Tensor, by: Tensor) -> Tensor:
    return each_moved(luma[None], by)[0] if bool(by.any()) else luma


def _without_bends(delays: Tensor) -> Tensor:
    """Less what neighbouring lines have in common."""
    return delays - mean_around(delays.reshape(1, 1, -1), x=_BEND, y=0).reshape(-1)


def _by_stretch(values: Tensor) -> Tensor:
    """The mean over each stretch of a line, [h, 12]; the outermost columns belong to none."""
    length = (values.shape[1] - 2 * _MARGIN) // _STRETCHES
    return values[:, _MARGIN:_MARGIN + _STRETCHES * length].unflatten(1, (_STRETCHES, length)).mean(-1)
