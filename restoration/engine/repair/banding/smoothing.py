"""The gradient that plateaus were cut from.

A plateau says that the gradient ran within half a step of it (as quantisation does), so planes are smoothed from far to
near and always brought back to within half of the steps around: a gradient of even slope comes out straight. What is
smooth needs few pixels: far is done at a quarter of the raster, nearer at half of it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import box_mean, doubled
from restoration.engine.repair.banding.evidence import COARSER, Bands

# Sizes of the pixels that are smoothed, and over how many of them on each side.
_PASSES = ((4, (6, 6, 4, 4, 3, 3, 2, 2)), (2, (2, 1, 1)), (1, ()))
_WIDTHS = 0.6  # Of a plateau: how far is smoothed, so that bends stay.
_HALF = 0.36  # Of a step, a little less than what rounding moves.


def gradients(planes: Tensor, bands: Bands) -> Tensor:
    """Planes [C, H, W] smoothed where they have bands; elsewhere anything."""
    weight = bands.where.float()
    weighted = planes * weight
    made = torch.zeros(0, device=planes.device)
    for pixel, radii in _PASSES:
        share = _coarser(weight, pixel)
        own = _coarser(weighted, pixel) / share.clamp(min=1e-6) if pixel > 1 else _coarser(planes, 1)
        reach = _HALF * _larger(bands.height, COARSER // pixel)
        low, high = own - reach, own + reach
        made = own if pixel == COARSER else doubled(made).clamp(low, high)
        width = _larger(bands.width, COARSER // pixel) if radii else bands.width
        for radius in radii:
            mean = _mean_around(made, share, radius)
            fits = (share > 0) & (radius * pixel <= _WIDTHS * width)
            made = torch.where(fits, mean.clamp(low, high), torch.where(share > 0, made, mean))
    return made[..., :planes.shape[-2], :planes.shape[-1]]


def _mean_around(made: Tensor, share: Tensor, radius: int) -> Tensor:
    """Of what lies in bands alone, also beside them, so that nothing foreign enters where pixels are doubled."""
    total, around = box_mean(torch.stack([made * share, share]), radius)
    return total / around.clamp(min=1e-6)


def _coarser(planes: Tensor, pixel: int) -> Tensor:
    """[C, H, W] averaged over squares; a multiple of the coarsest high and wide."""
    padded = F.pad(planes, (0, -planes.shape[-1] % COARSER, 0, -planes.shape[-2] % COARSER))
    return F.avg_pool2d(padded, pixel) if pixel > 1 else padded


def _larger(planes: Tensor, times: int) -> Tensor:
    """Between the middles of pixels so many times as large: 1, 2 or 4."""
    return planes if times == 1 else _larger(doubled(planes), times // 2)
