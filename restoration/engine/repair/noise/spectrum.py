"""How the noise is spread over coarse and fine, from what differs between a frame and its fetched neighbours.

The power of each cosine of 8x8 blocks, by its middle over all blocks, so that places where the motion failed do not
speak. A tape's colour smears along the line and is white across lines, FM noise rises towards the fine, grain clumps:
each needs another threshold at each frequency. Where frames differ by more than their noise (a flash), what differs is
picture, and the noise is taken to be white.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.blocks import SIDE, spectra

_MIDDLE = 0.455  # Of the squares of normal numbers whose variance is 1.
_FEWEST = 48  # Blocks.
_BELIEVED = 1.6  # Times the sigma that was measured.
_LEAST = 0.02


@dataclass(frozen=True, slots=True)
class Band:
    """How one part of the planes is treated: which planes, their noise, the strength, the patch's radius; beyond: how
    many times the noise's standard deviation a cosine must stand above to be detail."""

    planes: slice
    sigma: float
    strength: float
    radius: int
    beyond: float


@dataclass(frozen=True, slots=True)
class Noise:
    """shape: [64] the noise's power in each cosine of a block, in units of sigma squared, 1 on average."""

    shape: Tensor

    @property
    def coarse(self) -> float:
        """How much more the mean over a patch varies than white noise would let it."""
        return max(1.0, float(self.shape[0]))

    def told_apart(self, pixels: int) -> float:
        """How many of a patch's pixels say something of their own."""
        return pixels * SIDE ** 2 / float(self.shape.square().sum())


def noise_of(differences: list[Tensor], band: Band) -> Noise:
    """From differences [C, H, W] of two frames each; white where there are none, or too few blocks to tell."""
    found = [power for power in map(_power, differences) if power is not None]
    if not found:
        return Noise(torch.ones(SIDE ** 2))
    power = torch.stack(found).mean(0)
    # The evenness of a block is where a change of light shows, so the waves beside it speak for it.
    power[0] = power[[1, SIDE]].amax()
    level = power.mean()
    if not 0 < float(level) < (_BELIEVED * band.sigma) ** 2:
        return Noise(torch.ones_like(power))
    return Noise((power / level).clamp_(min=_LEAST))


def _power(difference: Tensor) -> Tensor | None:
    """[64]: of one frame's noise."""
    coefficients = torch.cat([spectra(plane) for plane in difference])
    return coefficients.square_().median(0).values.div_(2 * _MIDDLE) if len(coefficients) >= _FEWEST else None
