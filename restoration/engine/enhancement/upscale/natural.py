"""What a network of others adds to a faithful enlargement: a share of its middle band, and nothing the source denies.

Such networks were trained to please. What they draw is plausible, not recorded, so only part of it is taken:

* from the band between the source's raster and twice that raster (two levels of a Laplacian pyramid, Burt and Adelson
  1983): below it the source itself knows better, above it lie their sparkle and their ringing;
* into luma alone, so that no colour moves; nothing in near-black, where they turn noise into texture;
* and what still contradicts the source is taken back: x <- x + U(y - D(x)) (`holding`).
"""

from torch import Tensor

from restoration.engine.compute.resample import resize
from restoration.engine.enhancement.upscale.holding import DARK, held
from restoration.engine.networks.brought.running import Tiled, enlarging, luma_of
from restoration.engine.settings import UpscaleSettings

_HELD = 2  # Times: once leaves what U and D lose together.


def network_of(settings: UpscaleSettings) -> Tiled | None:
    """The network whose middle band is to be mixed in; None where none is asked for. Raises WeightsError."""
    return enlarging(settings.weights) if settings.draws and settings.weights else None


def mixed(faithful: Tensor, source: Tensor, matrix: str, network: Tiled, share: float) -> Tensor:
    """faithful: float32 [h, w], enlarged luma; source: Y'CbCr [3, H, W] of that matrix, 0..1 and -0.5..0.5, which it
    was made from. Returns luma [h, w] with a share, 0..1, of what the network adds to its middle band."""
    made = resize(luma_of(network, source, matrix), faithful.shape[1], faithful.shape[0])
    band = _middle_band(made.sub_(faithful), source.shape[2], source.shape[1])
    band.mul_((faithful - DARK / 2).mul_(2 / DARK).clamp_(0, 1)).mul_(share)
    return held(band.add_(faithful), source[0], times=_HELD)


def _middle_band(luma: Tensor, width: int, height: int) -> Tensor:
    """What twice the source's raster can hold and the source's own cannot."""
    size = luma.shape[1], luma.shape[0]
    finer = resize(resize(luma, min(2 * width, size[0]), min(2 * height, size[1])), *size)
    return finer.sub_(resize(resize(luma, width, height), *size))
