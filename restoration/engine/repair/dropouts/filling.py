"""What a lost run looked like: the mean of everything that can be told of it, each by how well it tells what is known.

Candidates are the nearest whole lines above and below, drawn across; the same field of the frames around, as it lies
and along its motion; and the other field of the same frame, brought to these lines. Around the run the picture is
known, and each candidate's error there says what it is worth in it.
"""

import torch
from torch import Tensor

from restoration.engine.compute.lines import between
from restoration.engine.compute.local import local_max, mean_around, padded
from restoration.engine.compute.motion import estimate, warp

_ROUND = 24  # Pixels around a run within which its ringing and lost colour are looked for.
_SURE = 1 / 255  # An error of all three planes together that is as good as none.
_DOUBTED = 2.0  # Times what the filling may itself be wrong by, to tell ringing from it.
_BAND = 64  # Lines above and below the runs that motion is estimated from.


def filled(planes: Tensor, other: Tensor, around: list[Tensor], core: Tensor, *, parity: int,
           seen: float) -> tuple[Tensor, Tensor]:
    """A field's planes [3, h, W] as they should be, and where they are to be put: the run and what rings around it.

    other: the other field of the same frame; around: the same field of the frames before and after, at least one; core:
    bool [h, W], the runs; parity: 0 where the field has the even lines; seen: a difference that counts, of any plane.
    """
    rows = core.any(1).nonzero()[:, 0]
    band = slice(max(0, int(rows[0]) - _BAND), int(rows[-1]) + _BAND + 1)
    made, where = planes.clone(), torch.zeros_like(core)
    made[:, band], where[band] = _filled(planes[:, band], between(other, parity)[:, band],
                                         [each[:, band] for each in around], core[band], seen)
    return made, where


def _filled(planes: Tensor, other: Tensor, around: list[Tensor], core: Tensor, seen: float) -> tuple[Tensor, Tensor]:
    near = mean_around(core.float(), x=_ROUND, y=1) > 0
    hole = mean_around(core.float(), x=3, y=0) > 0
    luma = torch.where(near, _bridged(planes, near)[0], planes[0])
    told = [other, *around, *(warp(each, estimate(luma, each[0]), mode="bicubic") for each in around)]
    known = (~near).float()
    errors = [_beside((planes - each).abs().sum(0), known) for each in told]
    errors.append(_bridging(planes, known))
    weights = torch.stack([1 / (error + _SURE).square() for error in errors])
    made = (torch.stack([*told, _bridged(planes, hole)]) * weights[:, None]).sum(0) / weights.sum(0)
    doubt = (torch.stack(errors) * weights).sum(0) / weights.sum(0)
    off = mean_around((planes - made).abs(), x=1, y=0).amax(0)
    return made, hole | (near & (local_max((off > seen + _DOUBTED * doubt).float(), 1) > 0))


def _beside(error: Tensor, known: Tensor) -> Tensor:
    """The mean of what is known around each pixel."""
    return mean_around(error * known, x=5, y=3) / mean_around(known, x=5, y=3).clamp(min=1e-3)


def _bridging(planes: Tensor, known: Tensor) -> Tensor:
    """What drawing lines across from those above and below misses, asked of known lines between known ones."""
    tall, seen = padded(planes, y=1), padded(known, y=1)
    missed = (planes - 0.5 * (tall[:, :-2] + tall[:, 2:])).abs().sum(0)
    return _beside(missed, known * seen[:-2] * seen[2:])


def _bridged(planes: Tensor, hole: Tensor) -> Tensor:
    """The nearest whole lines above and below, up to three away, drawn across the hole."""
    known = (~hole).float()
    above, below = (_nearest(planes * known, known, step) for step in (-1, 1))
    weight = above[1] + below[1]
    return torch.where(weight > 0, (above[0] + below[0]) / weight.clamp(min=1e-6), planes)


def _nearest(planes: Tensor, known: Tensor, step: int) -> tuple[Tensor, Tensor]:
    height = known.shape[0]
    values, weight = torch.zeros_like(planes), torch.zeros_like(known)
    for away in (1, 2, 3):
        at = slice(3 + step * away, 3 + step * away + height)
        fresh = padded(known, y=3)[at] * (weight == 0) / away
        values, weight = values + padded(planes, y=3)[:, at] * fresh, weight + fresh
    return values, weight
