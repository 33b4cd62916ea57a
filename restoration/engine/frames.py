"""One picture with its exact place in time and its colour description."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class ColorSpec:
    """How numbers mean light. Names are FFmpeg's ("smpte170m", "bt470bg", "bt709"). Frames are always full-scale
    floats, so the range of the file is the reader's and the writer's matter alone."""

    matrix: str
    primaries: str
    transfer: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture as non-linear Y'CbCr 4:4:4.

    planes: float32 tensor [3, H, W]; Y' is 0 at black and 1 at nominal white, Cb and Cr are -0.5..0.5. Excursions
    beyond (super-white, blacker than black) are kept, never clipped before the writer.
    number: counts frames of this shot's stream from 0 at the reel's first frame; after fields to frames it counts
    the master's frames (engine/moments.py).
    interlaced: None for a whole moment, else "tff" or "bff".
    """

    planes: Tensor
    number: int
    color: ColorSpec
    interlaced: str | None = None

    def __post_init__(self) -> None:
        if self.planes.ndim != 3 or self.planes.shape[0] != 3 or self.planes.dtype != torch.float32:
            raise ValueError(f"planes must be float32 [3, H, W], not {self.planes.dtype} {tuple(self.planes.shape)}.")

    def with_planes(self, planes: Tensor) -> "Frame":
        return replace(self, planes=planes)

    def __repr__(self) -> str:
        height, width = self.planes.shape[1:]
        return f"Frame({self.number}, {width}x{height}, {self.color.matrix}, {self.interlaced or 'progressive'})"


def fields_of(planes: Tensor, order: str) -> tuple[Tensor, Tensor]:
    """The two fields [..., H/2, W] of an interlaced frame, views in the order of their moments; H is even."""
    first = 0 if order == "tff" else 1
    return planes[..., first::2, :], planes[..., 1 - first::2, :]


def woven(first: Tensor, second: Tensor, order: str) -> Tensor:
    """The frame [..., H, W] of two fields in the order of their moments."""
    planes = first.new_empty(*first.shape[:-2], 2 * first.shape[-2], first.shape[-1])
    early = 0 if order == "tff" else 1
    planes[..., early::2, :], planes[..., 1 - early::2, :] = first, second
    return planes
