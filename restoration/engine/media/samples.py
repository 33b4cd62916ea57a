"""Numbers of a file to Frame.planes and back: range, bit depth, chroma siting.

Chroma of 4:2:0 and 4:2:2 is taken as MPEG-2 sites it: level with the left luma sample of its pair, vertically between
two lines of the frame, or of the field where the picture is interlaced. JPEG's full-range pictures sit in the middle.
Interpolation is Catmull-Rom, reduction a 9-tap half-band low-pass.
"""

import re
from collections.abc import Sequence
from functools import cache
from math import floor

import av
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restoration.engine.media import color

# Windowed-sinc half-band, Hamming window: flat to 0.19, -6 dB at 0.25, below -40 dB from 0.36 cycles per sample.
# Every other tap is nothing; those of the columns beside lie at -3, -1, 1 and 3.
_CENTRE, _BESIDE = 0.5, (-0.0326, 0.2826, 0.2826, -0.0326)


def _cubic(position: float) -> tuple[float, float, float, float]:
    """Catmull-Rom weights of the samples at -1, 0, 1, 2 for a position in [0, 1)."""
    t, t2, t3 = position, position**2, position**3
    return (-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2


def double(planes: Tensor, length: int, offset: float, *, axis: int = -2) -> Tensor:
    """Twice as many rows of float32 [..., H, W], columns with the axis -1: row i of the result, which has `length`,
    lies at row (i - offset) / 2."""
    rows = planes.shape[axis]
    wide = _edged(planes, axis)
    first, second = (_between(wide, rows, (parity - offset) / 2, axis) for parity in (0, 1))
    if axis == -1:
        # A complex number is two floats side by side: torch lays them so eight times faster than it stacks columns.
        doubled = torch.view_as_real(torch.complex(first, second)).flatten(-2)
    else:
        doubled = torch.stack((first, second), -2).flatten(-3, -2)
    if 2 * rows < length:
        doubled = torch.cat([doubled, *[doubled.narrow(axis, -1, 1)] * (length - 2 * rows)], axis)
    return doubled.narrow(axis, 0, length)


def _edged(planes: Tensor, axis: int) -> Tensor:
    """With the outermost row twice more at each end."""
    first, last = planes.narrow(axis, 0, 1), planes.narrow(axis, planes.shape[axis] - 1, 1)
    return torch.cat([first, first, planes, last, last], axis)


def _between(wide: Tensor, rows: int, position: float, axis: int) -> Tensor:
    """What lies at `position` from each row, -1 < position < 1, of rows with two more at each end."""
    whole = floor(position)
    taps = [(weight, first) for weight, first in zip(_cubic(position - whole), range(whole + 1, whole + 5), strict=True)
            if abs(weight) > 1e-12]
    (weight, first), *others = taps
    made = wide.narrow(axis, first, rows) * weight
    for weight, first in others:
        made.add_(wide.narrow(axis, first, rows), alpha=weight)
    return made


def _double_fields(planes: Tensor, length: int) -> Tensor:
    """4:2:0 chroma lines of two fields to luma's lines: each field on its own (ISO/IEC 13818-2, figure 6-3)."""
    full = planes.new_empty(*planes.shape[:-2], length, planes.shape[-1])
    full[..., 0::2, :] = double(planes[..., 0::2, :], (length + 1) // 2, 0.25)
    full[..., 1::2, :] = double(planes[..., 1::2, :], length // 2, 0.75)
    return full


def _to_full_size(planes: Tensor, height: int, width: int, *, interlaced: bool, centred: bool) -> Tensor:
    while planes.shape[-2] < height:
        rows = min(height, 2 * planes.shape[-2])
        planes = _double_fields(planes, rows) if interlaced and planes.shape[-2] > 1 else double(planes, rows, 0.5)
    while planes.shape[-1] < width:
        planes = double(planes, min(width, 2 * planes.shape[-1]), 0.5 if centred else 0.0, axis=-1)
    return planes


@cache
def _planar(name: str) -> str:
    """The planar little-endian format that holds the same samples without loss."""
    form = av.VideoFormat(name, 16, 16)
    bits = max(component.bits for component in form.components)
    if re.fullmatch(r"gbra?p(\d+le)?", name):
        return name  # Transparency is a fourth plane that nobody reads; FFmpeg leaves samples unset where it drops it.
    if form.is_rgb or form.has_palette or form.is_bayer:
        depth = next(depth for depth in (8, 9, 10, 12, 14, 16) if bits <= depth) if bits <= 16 else 16
        return "gbrp" if depth == 8 else f"gbrp{depth}le"
    if form.is_planar and not form.is_big_endian and not form.is_bit_stream and name[:3] in ("yuv", "gra"):
        return name
    depth = next((depth for depth in (8, 10, 12, 16) if bits <= depth), 16)
    suffix = "" if depth == 8 else f"{depth}le"
    if len(form.components) < 3:
        return f"gray{suffix}"
    vertical, horizontal = 16 // form.chroma_height(16), 16 // form.chroma_width(16)
    layout = {(1, 1): "444", (1, 2): "422", (2, 2): "420", (1, 4): "411", (2, 1): "440"}.get((vertical, horizontal))
    return f"yuv{layout or '444'}p{suffix}"


def _plane(picture: av.VideoFrame, index: int, bits: int) -> Tensor:
    """float32 [h, w] with the file's own code values."""
    plane = picture.planes[index]
    kind = np.dtype("<u2" if bits > 8 else "u1")
    rows = np.frombuffer(memoryview(plane), kind).reshape(plane.height, plane.line_size // kind.itemsize)
    return torch.from_numpy(rows[:, :plane.width].astype(np.float32))


def to_planes(picture: av.VideoFrame, matrix: str, *, is_full_range: bool, interlaced: bool) -> Tensor:
    """float32 [3, H, W] as Frame.planes means it, from a decoded picture of any pixel format. R'G'B' is mixed by
    `matrix`. Nothing is clipped."""
    name = _planar(picture.format.name)
    if name != picture.format.name:
        picture = picture.reformat(format=name)
    bits = picture.format.components[0].bits
    if picture.format.is_rgb:
        green, blue, red = (_plane(picture, index, bits) for index in range(3))
        return color.from_rgb(torch.stack([red, green, blue]) / (2**bits - 1), matrix)
    luma_black, luma_span, chroma_span = _levels(bits, is_full_range)
    planes = torch.empty(3, picture.height, picture.width)
    torch.sub(_plane(picture, 0, bits), luma_black, out=planes[0]).div_(luma_span)
    if len(picture.format.components) < 3:
        planes[1:] = 0
        return planes
    chroma = torch.stack([_plane(picture, index, bits) for index in (1, 2)]).sub_(2 ** (bits - 1)).div_(chroma_span)
    planes[1:] = _to_full_size(chroma, *planes.shape[1:], interlaced=interlaced, centred=name.startswith("yuvj"))
    return planes


def _levels(bits: int, is_full_range: bool) -> tuple[float, float, float]:
    """Code value of black, span of luma, span of chroma (ITU-R BT.601, BT.2100 for full range)."""
    if is_full_range:
        return 0.0, 2.0**bits - 1, 2.0**bits - 1
    scale = 2.0 ** (bits - 8)
    return 16 * scale, 219 * scale, 224 * scale


def halve_columns(chroma: Tensor) -> Tensor:
    """4:4:4 to 4:2:2 chroma, float [C, H, W] -> [C, H, ceil(W / 2)], level with the even columns."""
    even = chroma[:, :, ::2]
    odd = functional.pad(chroma, (4, 4), mode="replicate")[:, :, 1::2].contiguous()
    made, columns = even * _CENTRE, even.shape[2]
    for place, weight in enumerate(_BESIDE):
        made.add_(odd[:, :, place:place + columns], alpha=weight)
    return made


def to_codes(planes: Tensor, bits: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Limited-range code values for 4:2:2, uint16 [H, W], [H, ceil(W/2)] twice. Rounded half to even, clipped to the
    codes that serial interfaces allow (4..1019 at 10 bits)."""
    return _codes(planes[0], halve_columns(planes[1:]), bits)


def to_codes_444(planes: Tensor, bits: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same with colour at luma's raster, uint16 [H, W] three times."""
    return _codes(planes[0], planes[1:], bits)


def picture_of(codes: Sequence[np.ndarray], pixel_format: str) -> av.VideoFrame:
    """Code values uint16 [h, w] of each plane, luma first, as a picture of that planar format of more than 8 bits."""
    height, width = codes[0].shape
    picture = av.VideoFrame(width, height, pixel_format)
    for plane, values in zip(picture.planes, codes, strict=True):
        rows = np.zeros((plane.height, plane.line_size // 2), np.uint16)
        rows[:, :values.shape[1]] = values
        plane.update(rows.tobytes())
    return picture


def _codes(luma: Tensor, chroma: Tensor, bits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    black, luma_span, chroma_span = _levels(bits, is_full_range=False)
    lowest, highest = 2 ** (bits - 8), 2**bits - 1 - 2 ** (bits - 8)
    luma = (luma * luma_span + black).round_().clamp_(lowest, highest)
    chroma = (chroma * chroma_span + 2 ** (bits - 1)).round_().clamp_(lowest, highest)
    blue, red, y = (plane.to(torch.int16).cpu().numpy().view(np.uint16) for plane in (chroma[0], chroma[1], luma))
    return y, blue, red
