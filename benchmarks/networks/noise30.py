"""White noise of 30/255 on R'G'B' of LIVE1's pictures, each alone: PSNR of R'G'B' in dB. FFDNet, on other photographs
(CBSD68), as published: 30.31. The noise is not clipped, and told."""

from pathlib import Path

import numpy as np
import torch

from benchmarks.networks.pictures import eight_bit, found, read
from benchmarks.networks.row import Row
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.metrics import psnr
from restoration.engine.networks.cleaning import cleaned
from restoration.engine.training.spoiling import MATRIX, told_of_white

NAME, FOLDER = "noise30", "live1"
COLUMNS = ("noise 30", "Patina", "Patina, for a GPU")
_SIGMA = 30 / 255


def rows(folder: Path) -> list[Row]:
    """One for each picture. Raises FileNotFoundError where the set is not there."""
    return [_row(number, path) for number, path in enumerate(found(folder, "*.png"))]


def _row(number: int, path: Path) -> Row:
    truth = read(path)
    dice = np.random.default_rng(number)
    noisy = truth + _SIGMA * torch.from_numpy(dice.standard_normal(tuple(truth.shape), dtype=np.float32))
    told = (*told_of_white(_SIGMA), 0.0)
    made = (cleaned(from_rgb(noisy, MATRIX), (), told, is_large=is_large) for is_large in (False, True))
    return Row(path.stem, (psnr(noisy, truth), *(psnr(eight_bit(to_rgb(one, MATRIX)), truth) for one in made)))
