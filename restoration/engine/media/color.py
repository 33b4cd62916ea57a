"""Colour matrices in float: Y'CbCr to R'G'B' and between each other, on non-linear values.

A matrix says how R'G'B' was mixed into Y'CbCr and nothing else. Going from BT.601 to BT.709 here changes that mixture
and leaves R'G'B' untouched; the primaries stay the source's and are tagged as what they are.
Source of the coefficients: ITU-R BT.601-7, BT.709-6, BT.2020-2, SMPTE ST 240, FCC 73.682.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from restoration.engine.errors import SourceError, gettext_noop
from restoration.engine.frames import Frame

Stage = Callable[[Iterator[Frame]], Iterator[Frame]]

# The weights of red and blue in luma.
WEIGHTS: dict[str, tuple[float, float]] = {
    "smpte170m": (0.299, 0.114),
    "bt470bg": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020nc": (0.2627, 0.0593),
    "smpte240m": (0.212, 0.087),
    "fcc": (0.30, 0.11),
}
# FFmpeg's numbers of ISO/IEC 23091-2.
MATRICES = {"bt709": 1, "fcc": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "bt2020nc": 9}
PRIMARIES = {"bt709": 1, "bt470m": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "film": 8, "bt2020": 9,
             "smpte428": 10, "smpte431": 11, "smpte432": 12}
TRANSFERS = {"bt709": 1, "bt470m": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "linear": 8,
             "iec61966-2-4": 11, "iec61966-2-1": 13, "bt2020-10": 14, "bt2020-12": 15, "smpte2084": 16,
             "arib-std-b67": 18}


def name_of(number: int, names: dict[str, int]) -> str | None:
    """FFmpeg's name for a number found in a file; None where it says nothing we can use."""
    return next((name for name, own in names.items() if own == number), None)


def to_rgb_matrix(matrix: str) -> Tensor:
    """float64 [3, 3]: R'G'B' = M · (Y', Cb, Cr). Raises SourceError for a matrix nobody here knows."""
    if matrix not in WEIGHTS:
        raise SourceError(gettext_noop("The colour matrix “{matrix}” is not supported."), matrix=matrix)
    red, blue = WEIGHTS[matrix]
    green = 1 - red - blue
    return torch.tensor([[1, 0, 2 * (1 - red)],
                         [1, -2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green],
                         [1, 2 * (1 - blue), 0]], dtype=torch.float64)


def mix(planes: Tensor, matrix: Tensor) -> Tensor:
    """A 3x3 matrix over the planes of a float32 picture [3, H, W] or clip [..., 3, H, W]."""
    return torch.einsum("ij,...jhw->...ihw", matrix.to(planes.dtype).to(planes.device), planes)


def to_rgb(planes: Tensor, matrix: str) -> Tensor:
    """Y'CbCr (float, [..., 3, H, W], chroma -0.5..0.5) to non-linear R'G'B' (0..1, not clipped)."""
    return mix(planes, to_rgb_matrix(matrix))


def from_rgb(planes: Tensor, matrix: str) -> Tensor:
    """Non-linear R'G'B' (float, [..., 3, H, W], 0..1) to Y'CbCr."""
    return mix(planes, torch.linalg.inv(to_rgb_matrix(matrix)))


def between(source: str, target: str) -> Tensor:
    """float64 [3, 3]: Y'CbCr of one matrix to Y'CbCr of another, R'G'B' unchanged."""
    return torch.linalg.inv(to_rgb_matrix(target)) @ to_rgb_matrix(source)


def convert(frame: Frame, matrix: str) -> Frame:
    """The frame with its R'G'B' mixed by another matrix. Primaries and transfer stay what they were."""
    if WEIGHTS.get(frame.color.matrix) == WEIGHTS.get(matrix):
        return replace(frame, color=replace(frame.color, matrix=matrix))
    planes = mix(frame.planes, between(frame.color.matrix, matrix))
    return replace(frame, planes=planes, color=replace(frame.color, matrix=matrix))


def matrix_for(matrix: str) -> Stage:
    """A stage that brings every frame to this matrix."""
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield convert(frame, matrix)
    return stage
