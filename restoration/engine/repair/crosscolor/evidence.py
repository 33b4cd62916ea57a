"""Whether what alternates is the colour carrier's.

At 13.5 MHz the carrier's phase is known at every pixel but for one constant: 0.2652 cycles from pixel to pixel and half
a cycle from line to line. Brought down by this lattice, dot crawl is edges of colour in disguise, and false colours are
fine brightness. Method: the coherence of each with what it is made of, over a whole field. For crosstalk it is high,
and its phase, the constant, about the same in both fields or the opposite; for moving picture that happens to
alternate, an LED wall with as many pixels to the inch among it, it is low and its phase is any. Noise only makes it
smaller, and there are many pixels: what may be noise in any one place is asked as well.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, pi, sin, sqrt

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around, padded
from restoration.engine.repair.crosscolor.comb import Crosstalk, Lines

_PER_PIXEL = 315 / 88 / 13.5
_IN_PHASE, _QUADRATURE = 0.493 * 1.772, 0.877 * 1.402  # U and V of Cb and Cr
_LEAST = 0.12
_APART = 0.9  # Sine of the angle between the fields' phases; a trembling time base sets them up to a radian apart.
_CELL = 20.0  # Pixels that say the same thing.
_SURE = 6.0


@dataclass(frozen=True, slots=True)
class _Coherence:
    """0..1, its phase, and how many cells it was seen in."""

    size: float
    phase: float
    cells: float

    def is_like(self, other: "_Coherence") -> bool:
        return all(each.size > max(_LEAST, sqrt(_SURE / max(each.cells, 1))) for each in (self, other)) and \
            abs(sin(self.phase - other.phase)) < _APART


def is_carrier(now: Lines, found: Crosstalk) -> bool:
    """Whether the crosstalk of a frame fits the carrier, by its colour or its dots; both are [..., 2, h, W]."""
    lattice = _lattice(*now.band.shape[-2:], now.band.device)
    colour = torch.complex(_QUADRATURE * now.planes[2], -_IN_PHASE * now.planes[1])
    if _is_seen(found.colour_hint):
        false = torch.complex(_QUADRATURE * found.colour[1], -_IN_PHASE * found.colour[0])
        detail = _brought_down(now.band, lattice)
        if _agree(false * found.colour_hint, detail * (found.colour_hint > 0), found.colour_hint):
            return True
    if not _is_seen(found.luma_hint):
        return False
    dots = _brought_down(found.luma * found.luma_hint, lattice)
    return any(_agree(dots, edges(colour) * (found.luma_hint > 0), found.luma_hint) for edges in (_beside, _below))


def _is_seen(weight: Tensor) -> bool:
    """Whether there is so much of it in both fields that perfect coherence would count."""
    return all(float((field > 0).sum()) > _SURE * _CELL for field in weight)


def _agree(one: Tensor, other: Tensor, weight: Tensor) -> bool:
    first, second = (_coherence(one[parity], other[parity], weight[parity]) for parity in (0, 1))
    return first.is_like(second)


def _coherence(one: Tensor, other: Tensor, weight: Tensor) -> _Coherence:
    product = complex((one.conj() * other).sum())
    power = float(_power(one).sum()) * float(_power(other).sum())
    return _Coherence(abs(product) / sqrt(power + 1e-20), atan2(product.imag, product.real),
                      float((weight > 0).sum()) / _CELL)


def _power(signal: Tensor) -> Tensor:
    return signal.real.square() + signal.imag.square()


def _brought_down(signal: Tensor, lattice: Tensor) -> Tensor:
    both = torch.stack((signal * lattice[0], signal * lattice[1]))
    return torch.complex(*mean_around(both, x=3, y=0))


def _beside(colour: Tensor) -> Tensor:
    both = torch.view_as_real(colour).movedim(-1, 0)
    return torch.complex(*(both - mean_around(both, x=5, y=0)))


def _below(colour: Tensor) -> Tensor:
    both = torch.view_as_real(colour).movedim(-1, 0)
    tall = padded(both, y=1)
    return torch.complex(*(both - 0.5 * (tall[..., :-2, :] + tall[..., 2:, :])))


@lru_cache(maxsize=8)
def _lattice(height: int, width: int, device: torch.device) -> Tensor:
    """Cosine and minus sine of the carrier's phase, [2, h, W]."""
    turns = _PER_PIXEL * torch.arange(width)[None] + 0.5 * torch.arange(height)[:, None]
    return torch.stack((torch.cos(2 * pi * turns), -torch.sin(2 * pi * turns))).to(device)
