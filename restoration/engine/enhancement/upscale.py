"""Square pixels at the size of the master.

Method: separable Lanczos with three lobes; contrast given back to fine detail by an unsharp step at the output's
raster; then the difference between the source and the result brought back to the source's raster is added again (the
data consistency step x += U(y - D(x)), Irani and Peleg 1991), so that the picture stays what was recorded. Luma never
leaves what the nearest source pixels span, so that neither edges nor the border to blanking ring, and below five per
cent of white nothing is sharpened. Colour is enlarged with Mitchell's filter, which does not ring visibly.

No frame needs another: a part of a shot equals the same frames of the whole shot bit for bit.
"""

from collections.abc import Iterator
from fractions import Fraction

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min
from restoration.engine.compute.resample import resize
from restoration.engine.enhancement.natural import mixed, network_of
from restoration.engine.frames import Frame
from restoration.engine.media.raster import active_columns, target_raster
from restoration.engine.networks.brought.running import Enlarging
from restoration.engine.settings import UpscaleSettings
from restoration.engine.stage import ShotContext, Stage

_DARK = 0.05


def upscale(settings: UpscaleSettings, context: ShotContext) -> Stage:
    """A stage from planes [3, H, W] with `context.pixel_aspect` to [3, height, width] of `target_raster`.

    Without a height frames pass untouched. The blanking outside `active_columns` is left out, not stretched.
    """

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        network = network_of(settings)
        for frame in frames:
            yield frame if settings.height is None else _upscaled(frame, settings, context.pixel_aspect, network)

    return stage


def _upscaled(frame: Frame, settings: UpscaleSettings, pixel_aspect: Fraction, network: Enlarging | None) -> Frame:
    height, width = frame.planes.shape[1:]
    first, columns = active_columns(width, height, pixel_aspect)
    size = target_raster(width, height, pixel_aspect, settings)
    source = frame.planes[:, :, first:first + columns].contiguous()
    made = torch.empty((3, size[1], size[0]), dtype=source.dtype, device=source.device)
    made[0] = _luma(source[0], size, settings.sharpness)
    if network is not None:
        made[0] = mixed(made[0], source, frame.color.matrix, network, settings.natural)
    for plane in (1, 2):
        made[plane] = resize(source[plane], *size, kernel="mitchell")
    return frame.with_planes(made)


def _luma(source: Tensor, size: tuple[int, int], sharpness: float) -> Tensor:
    lowest, highest = (resize(limit(source), *size, kernel="linear") for limit in (local_min, local_max))
    made = resize(source, *size)
    if sharpness:
        radius = max(1, round(size[1] / source.shape[0] / 2))
        detail = made - box_mean(made, radius)
        detail.mul_((made - _DARK / 2).mul_(2 / _DARK).clamp_(0, 1)).mul_(2 * sharpness)
        made.add_(detail)
    made = torch.minimum(torch.maximum(made, lowest), highest)
    missing = source - resize(made, source.shape[1], source.shape[0])
    made.add_(resize(missing, *size, kernel="mitchell"))
    return torch.minimum(torch.maximum(made, lowest), highest)
