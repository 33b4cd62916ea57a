"""What coarse compression does to a picture: blocks, ringing and mosquitoes of JPEG, MPEG-2 and H.264, made by the real
coders, and the bands that quantisation makes of dark gradients.

The truth is the clip before it was coded. Coders work on 8 bits with colour halved both ways, as nearly all recordings
were coded; that is part of the damage.
"""

import io
from collections.abc import Iterable
from fractions import Fraction
from typing import cast

import av
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d, pad

from restoration.engine.ageing.aged import Aged

_RATE = 30
_DARK = 0.4  # Luma up to which coders starve a picture of levels, and the eye sees that they do.
_SMOOTH = 1.2 / 255  # Standard deviation of what is finer than a gradient.
_STEEPEST = 1.0 / 255  # A pixel: what rises faster shows no bands.


def jpeg(clip: Tensor, seed: int, *, quality: int = 15, displaced: bool = False) -> Aged:
    """Each frame alone through JPEG at a quality of 1..95. displaced: the grid of blocks begins somewhere within its
    first block, as where a picture was cropped after it was coded."""
    down, across = _place(seed) if displaced else (0, 0)
    wide = pad(clip, (across, 0, down, 0), mode="replicate")
    coded = torch.stack([_through_jpeg(planes, quality) for planes in wide])
    return Aged(coded[..., down:, across:].contiguous(), clip)


def mpeg2(clip: Tensor, seed: int, *, bits_per_pixel: float = 0.12) -> Aged:
    """Through MPEG-2 with groups of 12 and two B-frames, as broadcast and DVD are, at so many bits a pixel. The seed
    shifts where in the group the clip begins."""
    rate = int(bits_per_pixel * clip.shape[-1] * clip.shape[-2] * _RATE)
    options = {"b": str(rate), "maxrate": str(rate), "bufsize": str(rate // 2), "g": "12", "bf": "2"}
    lead = seed % 4
    coded = _through_coder(torch.cat([clip[:1].expand(lead, -1, -1, -1), clip]), "mpeg2video", "mpeg2video", options)
    return Aged(coded[lead:], clip)


def h264(clip: Tensor, seed: int, *, quantiser: int = 38) -> Aged:
    """Through H.264 at a constant quantiser, 0..51, its own loop filter on: more smear than blocks. The seed shifts
    where in the group of pictures the clip begins."""
    options = {"qp": str(quantiser), "preset": "veryfast", "g": "24", "bf": "2", "threads": "1"}
    lead = seed % 4
    coded = _through_coder(torch.cat([clip[:1].expand(lead, -1, -1, -1), clip]), "libx264", "h264", options)
    return Aged(coded[lead:], clip)


def banded(clip: Tensor, seed: int, *, step: float = 4.0) -> Aged:
    """Dark gradients in plateaus of `step` (of 255), without what was finer than they; the mask is where. The seed says
    where the plateaus' edges lie."""
    dice = torch.Generator().manual_seed(seed)
    height = step / 255
    start = torch.rand(3, generator=dice)[:, None, None] * height
    calm = _calmed(clip)
    masks = _gradients(clip, calm)
    stepped = ((calm + start) / height).round() * height - start
    return Aged(torch.where(masks[:, None], stepped, clip), clip, masks)


def _place(seed: int) -> tuple[int, int]:
    dice = torch.Generator().manual_seed(seed)
    down, across = (int(value) for value in torch.randint(1, 8, (2,), generator=dice))
    return down, across


def _through_jpeg(planes: Tensor, quality: int) -> Tensor:
    levels = torch.cat([planes[:1] * 255, planes[1:] * 255 + 128]).round().clamp(0, 255)
    picture = Image.fromarray(levels.permute(1, 2, 0).numpy().astype(np.uint8), mode="YCbCr")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, subsampling="4:2:0")
    with Image.open(written) as read:
        read.draft("YCbCr", read.size)
        samples = torch.from_numpy(np.asarray(read).copy()).permute(2, 0, 1).float()
    return torch.cat([samples[:1] / 255, (samples[1:] - 128) / 255])


def _through_coder(clip: Tensor, encoder: str, decoder: str, options: dict[str, str]) -> Tensor:
    coder = cast(av.VideoCodecContext, av.CodecContext.create(encoder, "w"))
    coder.width, coder.height, coder.pix_fmt = clip.shape[-1], clip.shape[-2], "yuv420p"
    coder.time_base, coder.framerate, coder.options = Fraction(1, _RATE), Fraction(_RATE), options
    reader = cast(av.VideoCodecContext, av.CodecContext.create(decoder, "r"))
    packets = [packet for number, planes in enumerate(clip) for packet in coder.encode(_picture(planes, number))]
    packets += coder.encode(None)
    decoded: list[av.VideoFrame] = [frame for packet in packets for frame in reader.decode(packet)]
    decoded += reader.decode(None)
    if len(decoded) != len(clip):
        raise ValueError(f"{encoder} gave {len(decoded)} frames of {len(clip)}.")
    return torch.stack([_planes(frame) for frame in decoded])


def _picture(planes: Tensor, number: int) -> av.VideoFrame:
    """8 bits in limited range, colour halved by averaging."""
    frame = av.VideoFrame(planes.shape[-1], planes.shape[-2], "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, _RATE)
    halved = avg_pool2d(planes[1:], 2, ceil_mode=True) * 224 + 128
    for plane, values in zip(frame.planes, (planes[0] * 219 + 16, *halved), strict=True):
        rows = np.zeros((plane.height, plane.line_size), np.uint8)
        rows[:, :plane.width] = values.round().clamp(0, 255).numpy()
        plane.update(rows.tobytes())
    return frame


def _planes(frame: av.VideoFrame) -> Tensor:
    luma, *chroma = (_samples(plane) for plane in frame.planes)
    whole = interpolate(torch.stack(chroma)[None], scale_factor=2, mode="bilinear")[0]
    return torch.cat([(luma[None] - 16) / 219, (whole[:, :luma.shape[0], :luma.shape[1]] - 128) / 224])


def _samples(plane: av.video.plane.VideoPlane) -> Tensor:
    rows = np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)[:plane.height, :plane.width]
    return torch.from_numpy(rows.copy()).float()


def _calmed(clip: Tensor) -> Tensor:
    """Without what is finer than a few pixels: twice the mean over 7x7."""
    for _ in range(2):
        clip = avg_pool2d(pad(clip, (3, 3, 3, 3), mode="replicate"), 7, 1)
    return clip


def _gradients(clip: Tensor, calm: Tensor) -> Tensor:
    """bool [T, H, W]: dark and smooth, and so for some pixels around."""
    luma, level = clip[:, :1], calm[:, :1]
    rest = avg_pool2d(pad((luma - level).square(), (4, 4, 4, 4), mode="replicate"), 9, 1).sqrt()
    wide = pad(level, (1, 1, 1, 1), mode="replicate")
    slopes: Iterable[Tensor] = (wide[..., 1:-1, 2:] - wide[..., 1:-1, :-2], wide[..., 2:, 1:-1] - wide[..., :-2, 1:-1])
    steep = torch.stack([slope.abs() / 2 for slope in slopes]).amax(0)
    rough = (level > _DARK) | (rest > _SMOOTH) | (steep > _STEEPEST)
    return max_pool2d(rough.float(), 9, 1, 4)[:, 0] == 0
