"""Non-local means over time (after Buades, Coll and Morel 2005), along motion.

A neighbour's weight falls with what its patch differs beyond what the noise explains, and with any shift of the patch's
mean beyond that. In a flat part any flow fetches the same, so a flow is judged by what it fetches alone, not by whether
going there and coming back agree.
"""

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, doubled, halved
from restoration.engine.repair.noise.spectrum import Band, Noise

_RADIUS = 2  # Of a patch.
_SOFTNESS = 1.0
_SCATTER = 0.7  # Standard deviations by which a patch of pure noise may differ more than on average.


def averaged(planes: Tensor, neighbours: list[Tensor], band: Band, noise: Noise) -> tuple[Tensor, Tensor]:
    """The weighted mean of planes [C, H, W] of one band with fetched ones, and which share of the noise's variance it
    still has, [H, W]."""
    total = torch.ones_like(planes[0])
    squares = torch.ones_like(total)
    summed = planes.clone()
    evened = noise.level.rsqrt()
    for fetched in neighbours:
        weight = _likeness((fetched - planes).mul_(evened), band, noise).mul_(band.strength)
        summed.addcmul_(fetched, weight)
        total.add_(weight)
        squares.addcmul_(weight, weight)
    return summed.div_(total), squares.div_(total.square())


def _likeness(difference: Tensor, band: Band, noise: Noise) -> Tensor:
    """1 where noise explains the difference of the patches, falling to 0 beyond; the strictest plane decides."""
    high, wide = difference.shape[1:]
    pixels = (2 * _RADIUS + 1) ** 2
    squares = difference.square()
    if band.halved:
        difference, squares = halved(difference), halved(squares)
        pixels *= 4
    variance = band.sigma ** 2
    expected = 2 * variance * (1 + _SCATTER * (2 / noise.told_apart(pixels)) ** 0.5)
    shifted = 8 * variance * noise.coarse / pixels
    shift = box_mean(difference, _RADIUS).square_().sub_(shifted).clamp_(min=0)
    beyond = box_mean(squares, _RADIUS).sub_(expected).clamp_(min=0).add_(shift, alpha=4)
    weight = beyond.amax(dim=0).mul_(-1 / (_SOFTNESS * variance)).exp_()
    return doubled(weight)[:high, :wide] if band.halved else weight
