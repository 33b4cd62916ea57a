"""Numbers of a file to Frame.planes and back: range, bit depth, chroma siting.

Chroma of 4:2:0 and 4:2:2 is taken as MPEG-2 sites it: level with the left luma sample of its pair, vertically between
two lines of the frame, or of the field where the picture is interlaced. JPEG's full-range pictures sit in the middle.
Interpolation is Catmull-Rom, reduction a 9-tap half-band low-pass.
"""

from functools import cache

import av
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from restoration.engine.media import color

# Windowed-sinc half-band, Hamming window: flat to 0.19, -6 dB at 0.25, below -40 dB from 0.36 cycles per sample.
_HALF_BAND = (0.0, -0.0326, 0.0, 0.2826, 0.5, 0.2826, 0.0, -0.0326, 0.0)


def _cubic(position: float) -> tuple[float, float, float, float]:
    """Catmull-Rom weights of the samples at -1, 0, 1, 2 for a position in [0, 1)."""
    t, t2, t3 = position, position**2, position**3
    return (-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2


def double(plane: Tensor, length: int, offset: float) -> Tensor:
    """Twice as many rows of a float32 [H, W]: row i of the result lies at row (i - offset) / 2, `length` rows wide."""
    rows = plane.shape[0]
    padded = functional.pad(plane[None, None], (0, 0, 2, 2), mode="replicate")[0, 0] if rows > 2 else torch.cat(
        [plane[:1].expand(2, -1), plane, plane[-1:].expand(2, -1)])
    halves = []
    for parity in (0, 1):
        position = (parity - offset) / 2
        whole = int(np.floor(position))
        weights = _cubic(position - whole)
        taps = [padded[first:first + rows] * weight for weight, first in zip(weights, range(whole + 1, whole + 5),
                                                                            strict=True) if abs(weight) > 1e-12]
        halves.append(sum(taps[1:], taps[0]))
    doubled = torch.stack(halves, 1).reshape(2 * rows, -1)
    if doubled.shape[0] < length:
        doubled = torch.cat([doubled, doubled[-1:].expand(length - doubled.shape[0], -1)])
    return doubled[:length]


def _double_fields(plane: Tensor, length: int) -> Tensor:
    """4:2:0 chroma lines of two fields to luma's lines: each field on its own (ISO/IEC 13818-2, figure 6-3)."""
    full = plane.new_empty(length, plane.shape[1])
    full[0::2] = double(plane[0::2], (length + 1) // 2, 0.25)
    full[1::2] = double(plane[1::2], length // 2, 0.75)
    return full


def _to_full_size(plane: Tensor, height: int, width: int, *, interlaced: bool, centred: bool) -> Tensor:
    while plane.shape[0] < height:
        rows = min(height, 2 * plane.shape[0])
        plane = _double_fields(plane, rows) if interlaced and plane.shape[0] > 1 else double(plane, rows, 0.5)
    while plane.shape[1] < width:
        columns = min(width, 2 * plane.shape[1])
        plane = double(plane.T.contiguous(), columns, 0.5 if centred else 0.0).T.contiguous()
    return plane


@cache
def _planar(name: str) -> str:
    """The planar little-endian format that holds the same samples without loss."""
    form = av.VideoFormat(name, 16, 16)
    bits = max(component.bits for component in form.components)
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
    height, width = picture.height, picture.width
    luma_black, luma_span, chroma_span = _levels(bits, is_full_range)
    planes = torch.zeros(3, height, width)
    planes[0] = (_plane(picture, 0, bits) - luma_black) / luma_span
    if len(picture.format.components) >= 3:
        centred = name.startswith("yuvj")
        for index in (1, 2):
            chroma = (_plane(picture, index, bits) - 2 ** (bits - 1)) / chroma_span
            planes[index] = _to_full_size(chroma, height, width, interlaced=interlaced, centred=centred)
    return planes


def _levels(bits: int, is_full_range: bool) -> tuple[float, float, float]:
    """Code value of black, span of luma, span of chroma (ITU-R BT.601, BT.2100 for full range)."""
    if is_full_range:
        return 0.0, 2.0**bits - 1, 2.0**bits - 1
    scale = 2.0 ** (bits - 8)
    return 16 * scale, 219 * scale, 224 * scale


def halve_columns(chroma: Tensor) -> Tensor:
    """4:4:4 to 4:2:2 chroma, float [C, H, W] -> [C, H, ceil(W / 2)], level with the even columns."""
    kernel = torch.tensor(_HALF_BAND, dtype=chroma.dtype, device=chroma.device)
    kernel = (kernel / kernel.sum()).reshape(1, 1, 1, -1)
    padded = functional.pad(chroma[:, None], (4, 4, 0, 0), mode="replicate")
    return functional.conv2d(padded, kernel, stride=(1, 2))[:, 0]


def to_codes(planes: Tensor, bits: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Limited-range code values for 4:2:2, uint16 [H, W], [H, ceil(W/2)] twice. Rounded half to even, clipped to the
    codes that serial interfaces allow (4..1019 at 10 bits)."""
    black, luma_span, chroma_span = _levels(bits, is_full_range=False)
    lowest, highest = 2 ** (bits - 8), 2**bits - 1 - 2 ** (bits - 8)
    luma = (planes[0] * luma_span + black).round_().clamp_(lowest, highest)
    chroma = (halve_columns(planes[1:]) * chroma_span + 2 ** (bits - 1)).round_().clamp_(lowest, highest)
    blue, red, y = (plane.to(torch.int16).cpu().numpy().view(np.uint16) for plane in (chroma[0], chroma[1], luma))
    return y, blue, red
