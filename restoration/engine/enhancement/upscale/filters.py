"""Luma enlarged by filters alone: Lanczos, detail raised by an unsharp mask, nothing beyond what neighbouring pixels
span, and what the source's raster shows given back."""

from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min
from restoration.engine.compute.resample import resize
from restoration.engine.enhancement.upscale.holding import DARK, held


def filtered(source: Tensor, size: tuple[int, int], sharpness: float) -> Tensor:
    """Luma [H, W] at `size` (width, height)."""
    lowest, highest = (resize(limit(source), *size, kernel="linear") for limit in (local_min, local_max))
    made = resize(source, *size)
    if sharpness:
        radius = max(1, round(size[1] / source.shape[0] / 2))
        detail = made - box_mean(made, radius)
        detail.mul_((made - DARK / 2).mul_(2 / DARK).clamp_(0, 1)).mul_(2 * sharpness)
        made.add_(detail)
    made = held(made.clamp_(lowest, highest), source, times=1)
    return made.clamp_(lowest, highest)
