"""What is known, carried smoothly into what is not: push and pull (Gortler, Grzeszczuk, Szeliski and Cohen 1996). Known
places are averaged to ever coarser rasters until all is known, then each unknown place takes what the coarser raster
has there. Near its edge a hole takes what lies beside it, in its middle what lies around."""

import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import binomial


def spread_in(planes: Tensor, known: Tensor) -> Tensor:
    """planes [C, H, W] with everything outside the bool mask known [H, W] filled smoothly; where it is known, bit for
    bit what it was. All 0 in the rest where nothing is known."""
    weight = known.to(planes.dtype)[None]
    return planes.where(known, _pulled(planes * weight, weight))


def _pulled(planes: Tensor, weight: Tensor) -> Tensor:
    """Premultiplied planes and their weights, 0..1, to planes that are there everywhere."""
    height, width = planes.shape[-2:]
    own = planes / weight.clamp(min=1e-6)
    if min(height, width) < 2 or bool((weight >= 1).all()):
        return own
    even = F.pad(planes, (0, width % 2, 0, height % 2)), F.pad(weight, (0, width % 2, 0, height % 2))
    halved, less = (F.avg_pool2d(each[None], 2)[0] for each in even)
    # A place counts as fully known as soon as a quarter of it is.
    grown = (4 * less).clamp(max=1)
    coarse = _pulled(halved * (grown / less.clamp(min=1e-6)), grown)
    around = binomial(coarse.repeat_interleave(2, -2).repeat_interleave(2, -1))[:, :height, :width]
    return around + weight * (own - around)
