"""How coarsely each frequency of a picture was quantised, where nothing happened to it since.

The coefficients of blocks laid on the grid are multiples of a step, one for each frequency (Fan and de Queiroz 2003).
It is believed only when nearly all of them are.
"""

from math import sqrt

import torch
from torch import Tensor

from restoration.engine.compute.blocks import SIDE, spectra
from restoration.engine.repair.blocking.evidence import FEWEST

_ROUNDED = 3 / 255  # What rounding to 8 bits makes of a coefficient that was zero, at most.
_NEAR = 1.3 / 255
_TOLD = 6 / 255  # Steps of a quantiser from which multiples can be told from anything.
_MULTIPLES = 0.55
_FEWEST_PRESENT = 8
_CLIPS = 0.4 / 255
_LEAST, _MOST = 1e-6, 0.99


def quantiser_of(plane: Tensor, place: tuple[int, int]) -> Tensor | None:
    """The steps [64] by which blocks laid at `place` (lines, columns) were quantised, on the 0..1 scale; None where
    their coefficients are not multiples of any. Of frequencies that are nowhere present, at least what is known of
    lower ones. That of even brightness is not looked for and taken to be that of the frequency beside it."""
    part = plane[place[0]:, place[1]:]
    sizes = spectra(part)[_is_whole(part)].abs_()
    if len(sizes) < FEWEST:
        return None
    present = sizes > _ROUNDED
    counts = present.sum(0)
    ordered = torch.where(present, sizes, torch.inf).sort(0).values
    step = ordered.gather(0, (counts // 8).clamp(max=len(sizes) - 1)[None])[0]
    is_known = counts >= _FEWEST_PRESENT
    is_known[0] = False
    told = present & (is_known & (step > _TOLD)) & (sizes < 2.5 * step)
    if int(told.sum()) < FEWEST:
        return None
    is_near = told & ((sizes - step * (sizes / step).round()).abs() < _NEAR)
    if int(is_near.sum()) < _MULTIPLES * int(told.sum()):
        return None
    is_known &= (step <= _TOLD) | (is_near.sum(0) >= _MULTIPLES * told.sum(0))
    known = torch.where(is_known, step, 0.0)
    known[0] = known[[1, SIDE]].amax()
    lower = known.reshape(SIDE, SIDE).cummax(0).values.cummax(1).values.reshape(-1)
    # Quantisers are coarser the finer the detail: what seems far finer than lower ones is a stray coefficient.
    return torch.where(known > lower / 2.5, known, lower) if known[0] > 0 else None


def error_of(plane: Tensor, place: tuple[int, int], steps: Tensor) -> float:
    """The standard deviation of what rounding the blocks laid at `place` to multiples of `steps` [64] did to a plane,
    on its own scale. Coefficients are taken for Laplacian (Lam and Goodman 2000), as wide as the share says that was
    rounded to nothing; what was not is as far off as anything between two multiples."""
    least = (steps / 2).clamp(min=_LEAST)
    sizes = spectra(plane[place[0]:, place[1]:]).abs_()
    present = ((sizes > least).sum(0) / len(sizes)).clamp(_LEAST, _MOST)
    wide = least / -present.log()
    of_nothing = (2 * wide.square() - present * (least.square() + 2 * least * wide + 2 * wide.square())) / (1 - present)
    error = present * steps.square() / 12 + (1 - present) * of_nothing
    error[0] = steps[0].square() / 12
    return sqrt(float(error.mean()))


def _is_whole(plane: Tensor) -> Tensor:
    """Which blocks of a plane touch neither end of 8 bits, where coders clip: [blocks]."""
    high, wide = (size // SIDE for size in plane.shape)
    cut = plane[:high * SIDE, :wide * SIDE].reshape(high, SIDE, wide, SIDE)
    return ((cut.amin((1, 3)) > _CLIPS) & (cut.amax((1, 3)) < 1 - _CLIPS)).reshape(-1)
