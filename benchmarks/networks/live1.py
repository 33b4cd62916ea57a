"""LIVE1 through JPEG of quality 10: PSNR of luma in dB. JPEG as published: 27.77; DnCNN-3: 29.19.

Luma is MATLAB's, in 8 bits from 16 to 235, coded as a grey picture and read as a recording of that range is. It goes
through the repair "Blocks and ringing" as a recording of one frame would: nothing is told.
"""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.networks.pictures import eight_bit, found, luma, read
from benchmarks.networks.row import Row
from benchmarks.quality.mending import mend
from restoration.engine.metrics import psnr
from restoration.engine.settings import LARGE, BlockingSettings, Settings

NAME, FOLDER = "live1", "live1"
COLUMNS = ("JPEG 10", "Patina", "Patina, for a GPU")
_QUALITY = 10
_BLACK, _SPAN = 16 / 255, 219 / 255
_SETTINGS = tuple(Settings(blocking=BlockingSettings(enabled=True, method=method)) for method in ("network", LARGE))


def rows(folder: Path) -> list[Row]:
    """One for each picture. Raises FileNotFoundError where the set is not there."""
    return [_row(path) for path in found(folder, "*.png")]


def _row(path: Path) -> Row:
    truth = eight_bit(luma(read(path)))
    coded = _through_jpeg(truth)
    shown = (coded - _BLACK) / _SPAN
    clip = torch.stack((shown, torch.zeros_like(shown), torch.zeros_like(shown)))[None]
    made = (mend(clip, settings, noise_sigma=(0.0, 0.0)).clip[0, 0] * _SPAN + _BLACK for settings in _SETTINGS)
    return Row(path.stem, (psnr(coded, truth), *(psnr(eight_bit(one), truth) for one in made)))


def _through_jpeg(plane: Tensor) -> Tensor:
    written = io.BytesIO()
    Image.fromarray((plane * 255).round().byte().numpy()).save(written, "JPEG", quality=_QUALITY)
    with Image.open(written) as read_again:
        return torch.from_numpy(np.asarray(read_again).copy()).float() / 255
