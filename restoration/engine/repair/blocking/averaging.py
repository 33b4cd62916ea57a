"""Each point of a mended frame averaged with itself in the frames around, fetched along its motion.

What quantisation did differs from frame to frame, as far as the picture moved against the grid or the coder was finer
in one than in another; what the scene shows does not. A neighbour counts as far as its patch differs by less than the
quantisation explains and as going there and coming back agree (after Buades, Coll and Morel 2005).
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import confidence, warp
from restoration.engine.compute.ways import Linked, ways_back, ways_there

_PATCH = 2
_SOFTNESS = 2.5


def averaged(moments: Sequence[Linked], middle: int, sigma: float) -> Tensor:
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


def _along(moments: Sequence[Linked], middle: int, step: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Planes of the neighbours on one side at the middle's place, and how sure their way is."""
    for (index, there), (_, back) in zip(ways_there(moments, middle, step), ways_back(moments, middle, step),
                                         strict=True):
        yield warp(moments[index].planes, there, mode="bicubic"), confidence(there, back)
