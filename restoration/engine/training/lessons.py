"""What a network is shown and what it should have made of it: damage of known kind on pictures without any."""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, interpolate, pad

from restoration.engine.training.material import Material, Samples, patch

Pair = tuple[Tensor, Tensor]

_BORDER = 6  # Pixels of the small raster that the reducing filter needs around a patch.
_SOFT = 0.3  # Share of the patches that are softened along the line and noisy, as what a cleaned tape leaves is.


def enlarging(material: Material, dice: np.random.Generator, *, scale: int, size: int = 40) -> Pair:
    """Luma [1, size, size] and the same `scale` times as large. Reduced by the antialiased bicubic filter by which
    public test sets are made; some of it softened along the line (a tape records 3 to 5 MHz of the 6.75 that 720
    samples hold) and with the noise that a cleaning leaves."""
    whole = patch(any_of(material.pictures, dice), scale * (size + 2 * _BORDER), dice)
    small = interpolate(whole[None], scale_factor=1 / scale, mode="bicubic", antialias=True)[0]
    if dice.random() < _SOFT:
        small = softened(small, float(dice.uniform(0.3, 1.0)))
        small = small + float(dice.uniform(0, 0.008)) * normal(tuple(small.shape), dice)
    small = (small * 255).round().clamp(0, 255) / 255
    inside, beyond = slice(_BORDER, -_BORDER), slice(scale * _BORDER, -scale * _BORDER)
    return small[:, inside, inside], whole[:, beyond, beyond]


def any_of(pictures: tuple[Samples, ...], dice: np.random.Generator) -> Samples:
    """By the number of pixels, so that every part of every picture comes as often."""
    sizes = np.array([picture.size for picture in pictures], dtype=np.float64)
    return pictures[int(dice.choice(len(pictures), p=sizes / sizes.sum()))]


def detailed(pictures: tuple[Samples, ...], size: int, dice: np.random.Generator, tries: int) -> Tensor:
    """A patch as of `patch`: of so many the one with the most detail. Most of a large photograph is sky or out of
    focus, where there is little to learn."""
    return max((patch(any_of(pictures, dice), size, dice) for _ in range(tries)), key=_detail)


def _detail(planes: Tensor) -> float:
    return float(planes[0].diff(dim=-1).square().mean())


def softened(luma: Tensor, sigma: float) -> Tensor:
    """A Gaussian along the lines, sigma in pixels."""
    places = torch.arange(-3, 4, dtype=torch.float32)
    weights = torch.exp(-places.square() / (2 * sigma * sigma))
    return conv2d(pad(luma[None], (3, 3, 0, 0), mode="replicate"), (weights / weights.sum())[None, None, None])[0]


def normal(shape: tuple[int, ...], dice: np.random.Generator) -> Tensor:
    return torch.from_numpy(dice.standard_normal(shape, dtype=np.float32))
