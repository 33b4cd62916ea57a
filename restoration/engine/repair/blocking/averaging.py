"""Each point of a mended frame averaged with itself in the frames around, fetched along its motion.

What quantisation did differs from frame to frame, as far as the picture moved against the grid or the coder was finer
in one than in another; what the scene shows does not. A neighbour counts as far as its patch differs by less than the
quantisation explains and as going there and coming back agree (after Buades, Coll and Morel 2005).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import composed, confidence, estimate, warp

_PATCH = 2
_SOFTNESS = 2.5


@dataclass(frozen=True, slots=True)
class Moment:
    """planes: [3, H, W] of one frame, mended by itself; to_previous, from_previous: the flows between it and the one
    before it, None where nobody goes that way."""

    planes: Tensor
    to_previous: Tensor | None
    from_previous: Tensor | None


def moment(planes: Tensor, previous: Moment | None) -> Moment:
    """A frame and the one before it; None where nobody will go from one to the other."""
    if previous is None:
        return Moment(planes, None, None)
    here, there = planes[0], previous.planes[0]
    return Moment(planes, estimate(here, there, finest=1), estimate(there, here, finest=1))


def averaged(moments: Sequence[Moment], middle: int, sigma: float) -> Tensor:
    """The planes of `moments[middle]`, averaged with those around. sigma: standard deviation of what differs."""
    own = moments[middle].planes
    total, summed = torch.ones_like(own[0]), own.clone()
    for step in (-1, 1):
        for fetched, sure in _along(moments, middle, step):
            apart = box_mean((fetched - own).square_().sum(0), _PATCH)
            weight = torch.exp(apart.div_(-_SOFTNESS * sigma ** 2)).mul_(sure)
            summed.addcmul_(fetched, weight)
            total.add_(weight)
    return summed.div_(total)


def _along(moments: Sequence[Moment], middle: int, step: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Planes of the neighbours on one side at the middle's place, and how sure their way is."""
    there: Tensor | None = None
    back: Tensor | None = None
    for index in range(middle + step, -1 if step < 0 else len(moments), step):
        later = moments[max(index, index - step)]
        if later.to_previous is None or later.from_previous is None:
            return
        flows = later.to_previous, later.from_previous
        ahead, behind = flows if step < 0 else (flows[1], flows[0])
        there = ahead if there is None else composed(there, ahead)
        back = behind if back is None else composed(behind, back)
        yield warp(moments[index].planes, there, mode="bicubic"), confidence(there, back)
