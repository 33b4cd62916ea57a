"""Measured numbers: how near two pictures are, and whether two files hold the same pictures."""

import hashlib
import math
from pathlib import Path

import av
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

SSIM_SIGMA = 1.5
LOW_BAND_SIGMA = 8.0


def psnr(one: Tensor, other: Tensor) -> float:
    """Peak signal-to-noise ratio in dB (higher is better, infinite when equal); tensors of one shape, peak 1."""
    error = float(((one.double() - other.double()) ** 2).mean())
    return math.inf if error == 0 else -10 * math.log10(error)


def ssim(one: Tensor, other: Tensor) -> float:
    """Structural similarity of two luma planes [H, W], 0..1 (1 is equal): Wang et al., IEEE TIP 2004, an 11-tap
    Gaussian window of sigma 1.5, K1 0.01, K2 0.03, without padding. Planes are at least 11×11."""
    def mean(plane: Tensor) -> Tensor:
        return _blurred(plane, SSIM_SIGMA, radius=5)

    one, other = one.double(), other.double()
    mean_one, mean_other = mean(one), mean(other)
    variance_one, variance_other = mean(one * one) - mean_one**2, mean(other * other) - mean_other**2
    covariance = mean(one * other) - mean_one * mean_other
    near, steady = 0.01**2, 0.03**2
    likeness = ((2 * mean_one * mean_other + near) * (2 * covariance + steady)
                / ((mean_one**2 + mean_other**2 + near) * (variance_one + variance_other + steady)))
    return float(likeness.mean())


def colour_shift(one: Tensor, other: Tensor) -> tuple[float, float]:
    """How far the colour of large areas moved: median and 95th percentile of the CIE 1976 Lab difference, after
    a Gaussian of sigma 8 pixels. Both are non-linear R'G'B' [3, H, W], 0..1, BT.709. “Old as old” asks for less than 2
    and less than 5."""
    difference = (_lab(_low_band(one)) - _lab(_low_band(other))).square().sum(0).sqrt().flatten()
    median, high = torch.quantile(_thinned(difference), difference.new_tensor([0.5, 0.95]))
    return float(median), float(high)


def _thinned(values: Tensor, most: int = 1_000_000) -> Tensor:
    return values[::max(1, math.ceil(values.numel() / most))]


def _low_band(picture: Tensor) -> Tensor:
    radius = math.ceil(3 * LOW_BAND_SIGMA)
    padded = functional.pad(picture.double()[None], (radius,) * 4, mode="replicate")[0]
    return torch.stack([_blurred(plane, LOW_BAND_SIGMA, radius) for plane in padded])


def _blurred(plane: Tensor, sigma: float, radius: int) -> Tensor:
    taps = torch.exp(-torch.arange(-radius, radius + 1, dtype=plane.dtype, device=plane.device) ** 2 / (2 * sigma**2))
    taps = taps / taps.sum()
    rows = functional.conv2d(plane[None, None], taps[None, None, :, None])
    return functional.conv2d(rows, taps[None, None, None, :])[0, 0]


def _lab(picture: Tensor) -> Tensor:
    """CIE Lab, D65, of BT.709 R'G'B' as a BT.1886 display shows it."""
    linear = picture.clamp(0, 1) ** 2.4
    to_xyz = torch.tensor([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                           [0.0193339, 0.1191920, 0.9503041]], dtype=picture.dtype, device=picture.device)
    white = to_xyz.sum(1)
    x, y, z = _lightness(torch.einsum("ij,jhw->ihw", to_xyz, linear) / white[:, None, None])
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _lightness(ratio: Tensor) -> Tensor:
    return torch.where(ratio > (6 / 29) ** 3, ratio.clamp_min(1e-12) ** (1 / 3), ratio * (29 / 6) ** 2 / 3 + 4 / 29)


def frame_digest(path: Path) -> str:
    """SHA-256 over every decoded sample of the first video stream, in hexadecimal: two files with one digest hold the
    same pictures in the same order, however they are wrapped or coded."""
    digest = hashlib.sha256()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for picture in container.decode(stream):
            digest.update(f"{picture.format.name} {picture.width}x{picture.height};".encode())
            for index, plane in enumerate(picture.planes):
                component = picture.format.components[min(index, len(picture.format.components) - 1)]
                width = plane.width * (2 if component.bits > 8 else 1) * (1 if picture.format.is_planar else 0)
                lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:plane.height]
                digest.update(np.ascontiguousarray(lines[:, :width or plane.line_size]).tobytes())
    return digest.hexdigest()
