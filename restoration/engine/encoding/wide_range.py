"""Pictures of a master with more range: PQ for HDR10, or HLG, in BT.2020 at 10 bits, and how bright they get."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

import torch
from av.video.frame import VideoFrame
from torch import Tensor

from restoration.engine.compute.device import device
from restoration.engine.enhancement.dynamicrange import PEAK, expanded
from restoration.engine.media import hdr, samples
from restoration.engine.media.color import from_rgb, to_rgb

Signal = Literal["pq", "hlg"]
BT2020, BT2020_NCL = 9, 9
TRANSFERS: dict[Signal, int] = {"pq": 16, "hlg": 18}
# What `shown` takes: square pixels, BT.709, colour at luma's raster.
TAKES = "yuv444p10le"
_BITS = 10
# BT.709's primaries and D65 in 1/50000, a display from 0.0001 to the peak in 1/10000 cd/m2 (SMPTE ST 2086).
_DISPLAY = f"G(15000,30000)B(7500,3000)R(32000,16500)WP(15635,16450)L({int(PEAK * 10_000)},1)"


@dataclass(frozen=True, slots=True)
class LightLevels:
    """cd/m2, rounded up to whole ones. brightest: the largest colour of any point of any frame (MaxCLL); average: the
    largest mean of that over a frame (MaxFALL). CTA-861.3, annex P."""

    brightest: int
    average: int


def light_levels(pictures: Iterable[VideoFrame]) -> LightLevels:
    """Of all pictures of a master as `shown` takes them."""
    brightest = average = 0.0
    for picture in pictures:
        largest = _light(picture).amax(0)
        brightest, average = max(brightest, float(largest.max())), max(average, float(largest.mean()))
    return LightLevels(_whole(brightest), _whole(average))


def _whole(light: float) -> int:
    """Rounded up, but for what float32 adds: nothing is brighter than the display it was made for."""
    return ceil(light - 1e-3)


def said_to_x265(levels: LightLevels | None) -> str:
    """Parameters of the encoder; with light levels those of HDR10."""
    said = {"log-level": "error", "chromaloc": "2"}
    if levels is not None:
        said |= {"hdr10": "1", "master-display": _DISPLAY, "max-cll": f"{levels.brightest},{levels.average}"}
    return ":".join(f"{name}={value}" for name, value in said.items())


def shown(pictures: Iterable[VideoFrame], signal: Signal) -> Iterator[VideoFrame]:
    """Each picture with its lamps expanded, as yuv444p10le in limited range and tagged."""
    for picture in pictures:
        light = _light(picture)
        made = hdr.pq(light) if signal == "pq" else hdr.hlg(light)
        yield _picture(from_rgb(made, "bt2020nc").cpu(), picture, signal)


@torch.no_grad()
def _light(picture: VideoFrame) -> Tensor:
    """cd/m2 of BT.2020 primaries, float32 [3, H, W]."""
    planes = samples.to_planes(picture, "bt709", is_full_range=False, interlaced=False)
    return hdr.in_bt2020(expanded(to_rgb(planes.to(device()), "bt709"), PEAK)).clamp_min(0)


def _picture(planes: Tensor, like: VideoFrame, signal: Signal) -> VideoFrame:
    made = samples.picture_of(samples.to_codes_444(planes, _BITS), TAKES)
    made.pts, made.time_base = like.pts, like.time_base
    made.colorspace, made.color_primaries, made.color_trc, made.color_range = BT2020_NCL, BT2020, TRANSFERS[signal], 1
    return made
