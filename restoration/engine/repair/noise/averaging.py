"""Non-local means over time (after Buades, Coll and Morel 2005), along motion.

A neighbour's weight falls with what its patch differs beyond what the noise explains, and with any shift of the patch's
mean beyond that. In a flat part any flow fetches the same, so a flow is judged by what it fetches alone, not by whether
going there and coming back agree.
"""

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.repair.noise.spectrum import Band, Noise

_SOFTNESS = 1.0
_SCATTER = 0.7  # Standard deviations by which a patch of pure noise may differ more than on average.


def averaged(planes: Tensor, neighbours: list[Tensor], band: Band, noise: Noise) -> tuple[Tensor, Tensor]:
    """The weighted mean of planes [C, H, W] of one band with fetched ones, and which share of the noise's variance it
    still has, [H, W]."""
    total = torch.ones_like(planes[0])
    squares = torch.ones_like(total)
    summed = planes.clone()
    for fetched in neighbours:
        weight = _likeness(fetched - planes, band, noise).mul_(band.strength)
        summed.addcmul_(fetched, weight)
        total.add_(weight)
        squares.addcmul_(weight, weight)
    return summed.div_(total), squares.div_(total.square())


def _likeness(difference: Tensor, band: Band, noise: Noise) -> Tensor:
    """1 where noise explains the difference of the patches, falling to 0 beyond; the strictest plane decides."""
    pixels = (2 * band.radius + 1) ** 2
    variance = band.sigma ** 2
    expected = 2 * variance * (1 + _SCATTER * (2 / noise.told_apart(pixels)) ** 0.5)
    shifted = 8 * variance * noise.coarse / pixels
    shift = box_mean(difference, band.radius).square_().sub_(shifted).clamp_(min=0)
    beyond = box_mean(difference.square(), band.radius).sub_(expected).clamp_(min=0).add_(shift, alpha=4)
    return beyond.amax(dim=0).mul_(-1 / (_SOFTNESS * variance)).exp_()
