"""Pictures as the public sets are compared: luma as MATLAB's rgb2ycbcr makes it."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

_LUMA = (65.481, 128.553, 24.966)


def found(folder: Path, pattern: str) -> list[Path]:
    """Raises FileNotFoundError where there are none."""
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise FileNotFoundError(f"There is no {folder}/{pattern}.")
    return paths


def read(path: Path) -> Tensor:
    """R'G'B' float32 [3, H, W], 0..1."""
    with Image.open(path) as opened:
        return planes_of(opened.convert("RGB"))


def planes_of(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1).float() / 255


def luma(rgb: Tensor) -> Tensor:
    """[H, W], 16/255..235/255, not rounded."""
    return torch.einsum("c,chw->hw", rgb.new_tensor(_LUMA) / 255, rgb) + 16 / 255


def eight_bit(picture: Tensor) -> Tensor:
    return (picture * 255).round().clamp(0, 255) / 255
