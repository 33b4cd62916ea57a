"""Small neighbourhoods by shifted slices: faster than pooling or convolution on CPUs, and the same bits on any number
of threads. All functions take float tensors [..., H, W] and keep their shape; edges repeat the outermost pixel.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def padded(planes: Tensor, *, x: int = 0, y: int = 0) -> Tensor:
    """The planes with `x` columns and `y` rows of repeated edge on each side."""
    if not x and not y:
        return planes
    flat = planes.reshape(1, -1, *planes.shape[-2:])
    return F.pad(flat, (x, x, y, y), mode="replicate").reshape(
        *planes.shape[:-2], planes.shape[-2] + 2 * y, planes.shape[-1] + 2 * x)


def _along(planes: Tensor, radius: int, axis: int, join: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Join 2*radius+1 neighbours along an axis that is already padded, doubling the span as long as possible."""
    length = planes.shape[axis] - 2 * radius
    width, spanned, result = 2 * radius + 1, 1, planes
    while spanned * 2 <= width:
        result = join(result.narrow(axis, 0, result.shape[axis] - spanned),
                      result.narrow(axis, spanned, result.shape[axis] - spanned))
        spanned *= 2
    if spanned < width and join is not torch.add:
        return join(result.narrow(axis, 0, length), result.narrow(axis, width - spanned, length))
    joined = result.narrow(axis, 0, length)
    for step in range(spanned, width):
        joined = join(joined, planes.narrow(axis, step, length))
    return joined


def _windowed(planes: Tensor, radius: int, join: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    return _along(_along(padded(planes, x=radius, y=radius), radius, -2, join), radius, -1, join)


def box_mean(planes: Tensor, radius: int) -> Tensor:
    """The mean of the (2*radius+1) squared pixels around each."""
    return _windowed(planes, radius, torch.add).mul_(1 / (2 * radius + 1) ** 2)


def mean_around(planes: Tensor, *, x: int, y: int) -> Tensor:
    """The mean of the pixels up to `x` beside and `y` above and below each."""
    rows = _along(padded(planes, x=x, y=y), y, -2, torch.add)
    return _along(rows, x, -1, torch.add).mul_(1 / ((2 * x + 1) * (2 * y + 1)))


def local_max(planes: Tensor, radius: int = 1) -> Tensor:
    """The highest of the (2*radius+1) squared pixels around each."""
    return _windowed(planes, radius, torch.maximum)


def local_min(planes: Tensor, radius: int = 1) -> Tensor:
    """The lowest of the (2*radius+1) squared pixels around each."""
    return _windowed(planes, radius, torch.minimum)


def binomial(planes: Tensor) -> Tensor:
    """Smoothed by 1-2-1 along both axes."""
    whole = padded(planes, x=1, y=1)
    wide = (whole[..., :-2, :] + whole[..., 2:, :]).add_(whole[..., 1:-1, :], alpha=2)
    return (wide[..., :-2] + wide[..., 2:]).add_(wide[..., 1:-1], alpha=2).mul_(1 / 16)


def doubled(planes: Tensor) -> Tensor:
    """[..., H, W] at twice the raster, [..., 2 H, 2 W], between the middles of pixels. torch's own interpolation gives
    other bits on more threads."""
    return _doubled(_doubled(planes, -2), -1)


def _doubled(planes: Tensor, axis: int) -> Tensor:
    length = planes.shape[axis]
    wide = padded(planes, y=1) if axis == -2 else padded(planes, x=1)
    near = planes * 0.75
    pair = torch.stack([near + wide.narrow(axis, 0, length) * 0.25, near + wide.narrow(axis, 2, length) * 0.25],
                       dim=planes.dim() if axis == -1 else planes.dim() - 1)
    return pair.flatten(axis - 1, axis)


def halved(planes: Tensor) -> Tensor:
    """The mean of each two by two pixels: [..., ceil(H / 2), ceil(W / 2)]."""
    down, right = planes.shape[-2] % 2, planes.shape[-1] % 2
    if down or right:
        flat = planes.reshape(1, -1, *planes.shape[-2:])
        planes = F.pad(flat, (0, right, 0, down), mode="replicate").reshape(
            *planes.shape[:-2], planes.shape[-2] + down, planes.shape[-1] + right)
    rows = planes[..., ::2, :] + planes[..., 1::2, :]
    return (rows[..., ::2] + rows[..., 1::2]).mul_(0.25)
