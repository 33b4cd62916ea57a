"""A recording's texture as AV1's film grain, so that a copy carries numbers where it would have to code noise.

A decoder makes noise of a standard deviation of 512 at 12 bits, shapes it by an autoregression over the pixels before,
and scales it by brightness (AV1 specification, section 7.18.3). The same three things make up the master's grain
(enhancement.regrain), so its strength at each brightness and its likeness of neighbours are kept; the noise itself is
another one.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from restoration.engine.compute.grain import STEPS, GrainModel, enlarged
from restoration.engine.encoding.av1 import FilmGrain, Point

# Of the decoder's Gaussian at 8 bits, and the most it may have behind the autoregression, so that its 3 sigma fit.
_GAUSSIAN, _WIDEST = 32.0, 42.0
_BLACK, _LUMA_CODES, _CHROMA_CODES = 16, 219, 224
_AR_SHIFT = 7
_SCALING_SHIFTS = (11, 10, 9, 8)
_LARGEST = 255
_SPAN = 64
# Weights in 1/128 do not hold an autoregression of more.
_MOST_ALIKE = 0.9


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Grain that some of a master's frames hold. frames: counted from the master's first; amount, texture, seed: what
    regrain was given; first: the number that it knew the first of these frames by."""

    frames: range
    amount: float
    texture: GrainModel
    seed: int
    first: int


def film_grain(texture: GrainModel, amount: float, height: int) -> FilmGrain | None:
    """Parameters for pictures of that height, limited range, 4:2:0. None where there is nothing to see.

    amount: share of the texture, 0..1. Chroma has half the pixels each way, so its neighbours are as alike as luma's
    next but one.
    """
    scale = sqrt(max(1.0, height / texture.height))
    across, down = (enlarged(alike, scale)[1] for alike in texture.alike)
    luma_ar, chroma_ar = _weights(across, down), _weights(across ** 2, down ** 2)
    gains = [_gain(luma_ar), _gain(chroma_ar)]
    coarseness = next(bits for bits in range(4) if bits == 3 or max(gains) * _GAUSSIAN / 2 ** bits <= _WIDEST)
    unit = _GAUSSIAN / 2 ** coarseness
    luma = [amount * sigma * _LUMA_CODES / (unit * gains[0]) for sigma in texture.luma]
    chroma = amount * texture.chroma * _CHROMA_CODES / (unit * gains[1])
    shift = next((shift for shift in _SCALING_SHIFTS if max(*luma, chroma) * 2 ** shift <= _LARGEST), 8)
    points = tuple(_point((step + 0.5) / STEPS, share, shift) for step, share in enumerate(luma))
    even = _point(0.5, chroma, shift)
    if not (even[1] or any(scaling for _, scaling in points)):
        return None
    return FilmGrain(points, (even,), (even,), luma_ar, chroma_ar, shift, _AR_SHIFT, coarseness)


def _weights(across: float, down: float) -> tuple[int, int, int, int]:
    """Of the pixels above left, above, above right and left, for a separable autoregression of first order."""
    one, across, down = 1 << _AR_SHIFT, min(across, _MOST_ALIKE), min(down, _MOST_ALIKE)
    return round(-across * down * one), round(down * one), 0, round(across * one)


def _gain(weights: tuple[int, int, int, int]) -> float:
    """How much wider noise gets by the autoregression with its rounded weights: the energy of its response to one
    point."""
    above_left, above, above_right, left = (weight / (1 << _AR_SHIFT) for weight in weights)
    row, energy = np.zeros(_SPAN + 2), 0.0
    for line in range(_SPAN):
        before, row = row, np.zeros(_SPAN + 2)
        row[1] = line == 0
        for place in range(1, _SPAN + 1):
            row[place] += (above_left * before[place - 1] + above * before[place] + above_right * before[place + 1]
                           + left * row[place - 1])
        energy += float((row ** 2).sum())
    return sqrt(energy)


def _point(brightness: float, share: float, shift: int) -> Point:
    return round(_BLACK + _LUMA_CODES * brightness), min(_LARGEST, round(share * 2 ** shift))
