"""Whether what alternates is the colour carrier's.

At 13.5 MHz the carrier's phase is known at every pixel but for one constant: 0.2652 cycles from pixel to pixel and half
a cycle from line to line. Brought down by this lattice, dot crawl is edges of colour in disguise, and false colours are
fine brightness. Method: the coherence of each with what it is made of, over a whole field. For crosstalk it is high,
and its phase, the constant, about the same in both fields or the opposite; for moving picture that happens to
alternate, an LED wall with as many pixels to the inch among it, it is low and its phase is any. Noise only makes it
smaller, and there are many pixels: what may be noise in any one place is asked as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
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

    @property
    def is_there(self) -> bool:
        return self.size > max(_LEAST, sqrt(_SURE / max(self.cells, 1)))

    def is_like(self, other: "_Coherence") -> bool:
        return self.is_there and other.is_there and abs(sin(self.phase - other.phase)) < _APART


def is_carrier(now: Lines, found: Crosstalk) -> bool:
    """Whether the crosstalk of a frame fits the carrier, by its colour or its dots; both are [..., 2, h, W]."""
    lattice = _lattice(*now.band.shape[-2:], now.band.device)

    def of_colour(parity: int) -> _Coherence:
        hint = found.colour_hint[parity]
        detail = _brought_down(now.band[parity], lattice)
        return _coherence(torch.complex(*_carried(found.colour[:, parity])) * hint, detail * (hint > 0), hint)

    def of_dots(parity: int, edges: Callable[[Tensor], Tensor]) -> _Coherence:
        hint = found.luma_hint[parity]
        dots = _brought_down(found.luma[parity] * hint, lattice)
        return _coherence(dots, edges(_carried(now.planes[1:, parity])) * (hint > 0), hint)

    if _is_seen(found.colour_hint) and _agree(of_colour):
        return True
    return _is_seen(found.luma_hint) and any(_agree(partial(of_dots, edges=edges)) for edges in (_beside, _below))


def _is_seen(weight: Tensor) -> bool:
    """Whether there is so much of it in both fields that perfect coherence would count."""
    return all(int(torch.count_nonzero(field)) > _SURE * _CELL for field in weight)


def _agree(coherence: Callable[[int], _Coherence]) -> bool:
    """Whether both fields say the same; where one says nothing the other need not be asked."""
    first = coherence(0)
    return first.is_there and first.is_like(coherence(1))


def _coherence(one: Tensor, other: Tensor, weight: Tensor) -> _Coherence:
    product = complex((one.conj() * other).sum())
    power = float(_power(one).sum()) * float(_power(other).sum())
    return _Coherence(abs(product) / sqrt(power + 1e-20), atan2(product.imag, product.real),
                      int(torch.count_nonzero(weight)) / _CELL)


def _power(signal: Tensor) -> Tensor:
    return signal.real.square() + signal.imag.square()


def _brought_down(signal: Tensor, lattice: Tensor) -> Tensor:
    both = torch.stack((signal * lattice[0], signal * lattice[1]))
    return torch.complex(*mean_around(both, x=3, y=0))


def _carried(colour: Tensor) -> Tensor:
    """Of Cb and Cr [2, h, W] what the carrier would hold, real and imaginary part."""
    return torch.stack((_QUADRATURE * colour[1], -_IN_PHASE * colour[0]))


def _beside(carried: Tensor) -> Tensor:
    return torch.complex(*(carried - mean_around(carried, x=5, y=0)))


def _below(carried: Tensor) -> Tensor:
    tall = padded(carried, y=1)
    return torch.complex(*(carried - 0.5 * (tall[..., :-2, :] + tall[..., 2:, :])))


@lru_cache(maxsize=8)
def _lattice(height: int, width: int, device: torch.device) -> Tensor:
    """Cosine and minus sine of the carrier's phase, [2, h, W]."""
    turns = _PER_PIXEL * torch.arange(width)[None] + 0.5 * torch.arange(height)[:, None]
    return torch.stack((torch.cos(2 * pi * turns), -torch.sin(2 * pi * turns))).to(device)
