"""Whole pictures moved by parts of a pixel.

A windowed sinc of eight taps (Lanczos, 4 lobes) along columns and then lines, as sums of shifted slices: the same bits
on any number of threads. What comes in at an edge mirrors what is beside it.
"""

from math import floor

import numpy as np
import torch.nn.functional as F
from torch import Tensor

_LOBES = 4


def fetched(planes: Tensor, x: float, y: float) -> Tensor:
    """`planes` [C, H, W] fetched x pixels further right and y pixels further down, so that the picture moves left and
    up by as much. No further than a quarter of its size."""
    return _along(_along(planes, y, 1), x, 2)


def _along(planes: Tensor, move: float, axis: int) -> Tensor:
    if move == 0:
        return planes
    size = planes.shape[axis]
    whole = floor(move)
    reach = abs(whole) + _LOBES
    mirrored = F.pad(planes[None], (reach, reach, 0, 0) if axis == 2 else (0, 0, reach, reach), mode="reflect")[0]
    first = reach + whole - _LOBES + 1
    first_tap, *others = _taps(move - whole)
    made = mirrored.narrow(axis, first, size) * first_tap
    for tap, weight in enumerate(others, start=1):
        made.add_(mirrored.narrow(axis, first + tap, size), alpha=weight)
    return made


def _taps(part: float) -> list[float]:
    """Weights of the samples 1 - lobes .. lobes for a place `part` of a pixel after sample 0."""
    places = np.arange(1 - _LOBES, _LOBES + 1) - part
    weights = np.sinc(places) * np.sinc(places / _LOBES)
    return [float(weight) for weight in weights / weights.sum()]
