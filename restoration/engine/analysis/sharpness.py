"""How soft the picture is where it is sharpest.

A line's step from dark to bright is wider the softer the picture: its height over its steepest slope, after Marziliano
and others (2002), which for a step blurred by a Gaussian is 2.5 times that one's standard deviation. Only what stands
counts, because a camera smears what moves; and only the sharpest fifth of all steps, because a lens leaves most of a
scene out of focus. Across columns alone, since lines may belong to two moments.
"""

from collections.abc import Mapping
from math import pi

import torch
from torch import Tensor
from torch.nn.functional import max_pool1d

from restoration.engine.compute.local import mean_around
from restoration.engine.specimen import Finding, Specimen

REACH = 8
LEAST_STEP = 0.12
NOISY = 1 / 255  # Noise above which five lines are taken together.
CLEAR = 6.0  # Standard deviations of the noise that a step must be higher by.
SLOW = 2.5  # Pixels from one moment to the next.
SHARPEST = 0.2
FEWEST, ENOUGH = 60, 600
_WIDTH_OF_ONE = (2 * pi) ** 0.5


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """The softness as a standard deviation in pixels; nothing where too few steps stand still to tell."""
    if not specimen.has_both_sides:
        return {}
    widths = _widths(specimen.now[0], specimen.noise_sigma[0], _standing(specimen))
    if len(widths) < FEWEST:
        return {}
    value = float(widths.quantile(SHARPEST)) / _WIDTH_OF_ONE
    return {"blur": Finding(value, 0.4 + 0.5 * min(1.0, len(widths) / ENOUGH))}


def _standing(specimen: Specimen) -> Tensor:
    moves = (specimen.flow(specimen.middle - 1), specimen.flow(specimen.middle + 1))
    return torch.stack([move.square().sum(0) for move in moves]).amax(0) < SLOW ** 2


def _widths(luma: Tensor, sigma: float, standing: Tensor) -> Tensor:
    """The widths of all steps, in pixels [n]: where a line's slope is steepest within reach, and far from its ends."""
    calm = mean_around(luma, x=0, y=2) if sigma > NOISY else luma
    rows, where = calm[::2, None], standing[::2, :-1]
    slope = (rows[..., 1:] - rows[..., :-1]).abs()
    width = 2 * REACH + 1
    highest, lowest = max_pool1d(rows, width, 1, REACH), -max_pool1d(-rows, width, 1, REACH)
    height = (highest - lowest)[..., :-1] - 3 * sigma
    steepest = slope == max_pool1d(slope, width, 1, REACH)
    is_step = steepest & (height > LEAST_STEP + CLEAR * sigma) & where[:, None]
    is_step[..., :REACH], is_step[..., -REACH:] = False, False
    return height[is_step] / slope[is_step]
