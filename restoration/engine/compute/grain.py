"""What a recording's own texture is like, measured from what noise reduction took away.

Two numbers vary along brightness and two describe the shape: the standard deviation of luma residue in eight steps of
brightness, that of colour, and how alike horizontal and vertical neighbours are (a separable autoregression of first
order, the smallest of the models that AV1's film grain uses).

Numbers are rounded, strengths to steps of a tenth, so that last bits that differ between devices do not change the
texture.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from restoration.engine.compute.resample import resize

STEPS = 8
_ENOUGH = 200
_TENTH = log(1.1)
_SPAN = 32


@dataclass(frozen=True, slots=True)
class GrainModel:
    """The texture of one shot.

    luma: standard deviation at the middles of eight even steps of Y' from 0 to 1; chroma: one for Cb and Cr; both on
    the 0..1 scale of Frame.planes. alike: correlation of horizontal and vertical neighbours at the source's raster,
    which is `height` lines high.
    """

    luma: tuple[float, ...]
    chroma: float
    alike: tuple[float, float]
    height: int


def measure(original: Tensor, cleaned: Tensor) -> GrainModel:
    """The texture that is in `original` and no more in `cleaned`, planes [3, H, W]. numpy's sums do not depend on the
    number of threads."""
    residue = (original - cleaned).cpu().numpy().astype(np.float64)
    return GrainModel(
        luma=_curve(residue[0], cleaned[0].cpu().numpy()), chroma=_rounded(float(residue[1:].std())),
        alike=(_alike(residue[0][:, 1:], residue[0][:, :-1]), _alike(residue[0][1:], residue[0][:-1])),
        height=original.shape[-2])


@lru_cache(maxsize=64)
def enlarged(alike: float, scale: float) -> tuple[float, float]:
    """What a Mitchell filter that enlarges `scale` times along an axis leaves of the standard deviation of noise whose
    neighbours are so alike, as a share, and how alike they are then."""
    if scale == 1:
        return 1.0, alike
    taps = resize(torch.eye(_SPAN), round(_SPAN * scale), _SPAN, kernel="mitchell").double().numpy()
    places = np.arange(_SPAN)
    together = taps.T @ (alike ** np.abs(places[:, None] - places).astype(np.float64)) @ taps
    inner = together[8:-8, 8:-8]
    power = float(np.diagonal(inner).mean())
    return sqrt(power), float(np.diagonal(inner, 1).mean()) / power


def _curve(residue: npt.NDArray[np.float64], luma: npt.NDArray[np.float32]) -> tuple[float, ...]:
    """Steps of brightness with too few points borrow the strength of the whole picture."""
    step = (luma * STEPS).astype(np.int64).clip(0, STEPS - 1).ravel()
    counts = np.bincount(step, minlength=STEPS)
    squares = np.bincount(step, weights=residue.ravel() ** 2, minlength=STEPS)
    whole = float(np.sqrt((residue ** 2).mean()))
    return tuple(_rounded(float(np.sqrt(s / n))) if n >= _ENOUGH else _rounded(whole)
                 for n, s in zip(counts, squares, strict=True))


def _rounded(sigma: float) -> float:
    return exp(round(log(sigma) / _TENTH) * _TENTH) if sigma > 1e-6 else 0.0


def _alike(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    power = float((one * one).mean())
    correlation = float((one * other).mean()) / power if power > 0 else 0.0
    return round(min(max(correlation, 0.0), 0.8) * 10) / 10
