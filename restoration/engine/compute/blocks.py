"""Pictures as blocks of 8x8 cosines, wherever the blocks are laid, as batched matrix products."""

from functools import lru_cache
from math import cos, pi, sqrt

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 8
# Sixteen places that spread evenly over a block, lines and columns apart.
PLACES = ((0, 0), (2, 4), (4, 2), (6, 6), (1, 5), (3, 1), (5, 7), (7, 3),
          (0, 4), (4, 0), (2, 2), (6, 1), (1, 3), (5, 5), (3, 6), (7, 7))


@lru_cache(maxsize=4)
def basis(device: torch.device) -> Tensor:
    """The orthonormal DCT-II of a block: [64 frequencies, 64 pixels], lines first."""
    rows = [[sqrt((1 if u == 0 else 2) / SIDE) * cos(pi * (x + 0.5) * u / SIDE) for x in range(SIDE)]
            for u in range(SIDE)]
    one = torch.tensor(rows, dtype=torch.float64)
    return torch.einsum("ux,vy->uvxy", one, one).reshape(SIDE ** 2, SIDE ** 2).float().to(device)


def spectra(plane: Tensor) -> Tensor:
    """[blocks, 64] of the whole blocks of a plane [H, W], the first of which begins at its corner."""
    high, wide = (size // SIDE * SIDE for size in plane.shape)
    cut = plane[:high, :wide].reshape(high // SIDE, SIDE, wide // SIDE, SIDE).transpose(1, 2)
    return cut.reshape(-1, SIDE ** 2) @ basis(plane.device).T


def pictured(coefficients: Tensor, high: int, wide: int) -> Tensor:
    """The opposite, as a view [high / 8, 8, wide / 8, 8] of the plane."""
    pixels = coefficients @ basis(coefficients.device)
    return pixels.reshape(high // SIDE, wide // SIDE, SIDE, SIDE).transpose(1, 2)


def shrunk(plane: Tensor, thresholds: Tensor, kept: float) -> Tensor:
    """`plane` [H, W] averaged over the sixteen places where blocks may lie, in each of which small coefficients are
    shrunk: c (k + (1 - k) c^4 / (c^4 + t^4)), with the share k that is kept of the smallest. thresholds: t, [64]; even
    brightness is not touched. Shifted transforms after Coifman and Donoho (1995), for blocks after Nosratinia (2001).
    """
    high, wide = plane.shape
    padded = F.pad(plane[None, None], (SIDE, SIDE + -wide % SIDE, SIDE, SIDE + -high % SIDE), mode="replicate")[0, 0]
    fourth = thresholds.pow(4)
    fourth[0] = 0
    summed = torch.zeros_like(padded)
    for down, across in PLACES:
        part = padded[down:, across:]
        tall, broad = (size // SIDE * SIDE for size in part.shape)
        coefficients = _shrink(spectra(part), fourth, kept)
        summed[down:down + tall, across:across + broad].view(tall // SIDE, SIDE, broad // SIDE, SIDE).add_(
            pictured(coefficients, tall, broad))
    return summed[SIDE:SIDE + high, SIDE:SIDE + wide] / len(PLACES)


def _shrink(coefficients: Tensor, fourth: Tensor, kept: float) -> Tensor:
    power = coefficients.square().square_()
    share = power.div_(power + fourth.clamp(min=1e-30)).mul_(1 - kept).add_(kept)
    share[:, 0] = 1
    return coefficients.mul_(share)


def between(plane: Tensor, original: Tensor, place: tuple[int, int], reach: Tensor) -> Tensor:
    """`plane` with the coefficients of the blocks laid at `place` (lines, columns) brought back to within `reach` [64]
    of those of `original`."""
    down, across = place
    changed = plane.clone()
    part = changed[down:, across:]
    tall, broad = (size // SIDE * SIDE for size in part.shape)
    was = spectra(original[down:, across:])
    held = torch.minimum(torch.maximum(spectra(part), was - reach), was + reach)
    part[:tall, :broad] = pictured(held, tall, broad).reshape(tall, broad)
    return changed


