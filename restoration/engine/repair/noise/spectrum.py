"""How the noise is spread over coarse and fine, from what differs between a frame and its fetched neighbours.

The power of each cosine of 8x8 blocks, by its middle over all blocks, so that places where the motion failed do not
speak. A tape's colour smears along the line and is white across lines, FM noise rises towards the fine, grain clumps:
each needs another threshold at each frequency. Where frames differ by more than their noise (a flash), what differs is
picture, and the noise is taken to be white. How strong it is varies too: a tape's rises in the dark and in strong
colours, where the number that the analysis gives for all of the picture is too low.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from restoration.engine.compute.blocks import SIDE, spectra
from restoration.engine.compute.local import doubled

_MIDDLE = 0.455  # Of the squares of normal numbers whose variance is 1.
_FETCHED = 0.87  # Of its noise's power that is left of half a frame's own and half a fetched one's.
_FEWEST, _ENOUGH = 48, 1500  # Blocks.
_BELIEVED = 1.6  # Times the sigma that was measured.
_LEAST = 0.02
_KINDS = 8
_FEWEST_ALIKE = 24
_LOW, _LOW_NORMAL = 0.25, 0.674
_LOWEST = 0.7


@dataclass(frozen=True, slots=True)
class Band:
    """How one part of the planes is treated: which planes, their noise, the strength. halved: patches are compared at
    half the raster; beyond: how many times the noise's standard deviation a cosine must stand above to be detail;
    places: at how many blocks are laid; most: how many times the variance that was measured the noise of some
    brightness or colour may have."""

    planes: slice
    sigma: float
    strength: float
    halved: bool
    beyond: float
    places: int
    most: float


@dataclass(frozen=True, slots=True)
class Noise:
    """shape: [64] the noise's power in each cosine of a block, 1 on average; level: [H, W] its variance, in units of
    sigma squared."""

    shape: Tensor
    level: Tensor

    @property
    def coarse(self) -> float:
        """How much more the mean over a patch varies than white noise would let it."""
        return max(1.0, float(self.shape[0]))

    def told_apart(self, pixels: int) -> float:
        """How many of a patch's pixels say something of their own."""
        return pixels * SIDE ** 2 / float(self.shape.square().sum())


def noise_of(own: Tensor, fetched: list[Tensor], band: Band) -> Noise:
    """The noise of planes [C, H, W] of one band, from fetched neighbours; even and white where there are none, or too
    few blocks to tell."""
    even = torch.ones_like(own[0])
    step = max(1, own.shape[1] * own.shape[2] // (_ENOUGH * SIDE ** 2))
    differences = [_rows(other, step) - _rows(own, step) for other in fetched]
    powers = [torch.stack([spectra(plane) for plane in each]).square_() for each in differences]
    if not powers or powers[0].shape[1] < _FEWEST:
        return Noise(own.new_ones(SIDE ** 2), even)
    # What two frames differ by is the noise of both.
    found = torch.stack([power.flatten(0, 1).median(0).values for power in powers]).mean(0).div_(2 * _FETCHED * _MIDDLE)
    # The evenness of a block is where a change of light shows, so the waves beside it speak for it.
    found[0] = found[[1, SIDE]].amax()
    level = found.mean()
    if not 0 < float(level) < (_BELIEVED * band.sigma) ** 2:
        return Noise(torch.ones_like(found), even)
    noise = Noise((found / level).clamp_(min=_LEAST), even)
    energies = torch.stack([power[..., 1:].mean((0, 2)) for power in powers]) / (2 * _FETCHED * band.sigma ** 2)
    return replace(noise, level=_levels(own, energies, step, noise.told_apart(len(own) * SIDE ** 2), band.most))


def _rows(planes: Tensor, step: int) -> Tensor:
    """Every `step`th row of blocks."""
    high = planes.shape[1] // SIDE
    return planes[:, :high * SIDE].unflatten(1, (high, SIDE))[:, ::step].flatten(1, 2)


def _levels(own: Tensor, energies: Tensor, step: int, freedom: float, most: float) -> Tensor:
    """[H, W] from the energies [n, blocks] of every `step`th row of blocks of differences: luma by its brightness,
    colour by its strength. A low one of those that are alike speaks for them, put right for what it lacks in pure noise
    (Wilson and Hilferty 1931)."""
    means = avg_pool2d(own[None], SIDE)[0]
    kind = means[0].clamp(0, 1) if len(own) == 1 else 2 * means.square().sum(0).sqrt().clamp(max=0.5)
    place = (kind[::step] * _KINDS).long().clamp(max=_KINDS - 1).flatten()
    lacks = (1 - 2 / (9 * freedom) - _LOW_NORMAL * (2 / (9 * freedom)) ** 0.5) ** 3
    curve = own.new_ones(_KINDS)
    for index in range(_KINDS):
        alike = energies[:, place == index]
        if alike.shape[1] >= _FEWEST_ALIKE:
            curve[index] = alike.flatten().quantile(_LOW) / lacks
    curve = curve.clamp(_LOWEST, most)
    level = doubled(doubled(doubled(_between(curve, kind))))
    spare = [size - covered for size, covered in zip(own.shape[1:], level.shape, strict=True)]
    return pad(level[None, None], (0, spare[1], 0, spare[0]), mode="replicate")[0, 0]


def _between(curve: Tensor, kind: Tensor) -> Tensor:
    at = (kind * _KINDS - 0.5).clamp(0, _KINDS - 1)
    low = at.long().clamp(max=_KINDS - 2)
    return torch.lerp(curve[low], curve[low + 1], at - low)
