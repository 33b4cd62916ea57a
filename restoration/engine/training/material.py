"""Photographs to learn from, in two halves that share none: most to train on, some held out to choose by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

Samples = npt.NDArray[np.uint8]
_HELD_OUT = 12  # Every so many-th photograph.
_SMALLEST = 320


class MissingMaterial(Exception):
    """There is nothing to learn from; its text says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Material:
    """pictures: uint8 [3, H, W], Y'CbCr of BT.601 in full range; held_out: others, that nothing is learnt from."""

    pictures: tuple[Samples, ...]
    held_out: tuple[Samples, ...]


def photographs(folder: Path, sizes: Sequence[float] = (1.0, 0.7, 0.5)) -> Material:
    """Every photograph of a folder at several sizes: reduced, what their compression left vanishes. Those held out are
    taken at the last size alone. Raises MissingMaterial."""
    paths = sorted(folder.glob("*.jpg"))
    if len(paths) <= _HELD_OUT:
        raise MissingMaterial(f"There are {len(paths)} photographs in {folder}; more than {_HELD_OUT} are needed.")
    kept = [path for number, path in enumerate(paths) if number % _HELD_OUT]
    return Material(tuple(_read(kept, sizes)), tuple(_read(paths[::_HELD_OUT], sizes[-1:])))


def _read(paths: Iterable[Path], sizes: Sequence[float]) -> Iterable[Samples]:
    for path in paths:
        with Image.open(path) as opened:
            picture = opened.convert("YCbCr")
        for size in sizes:
            width, height = round(size * picture.width), round(size * picture.height)
            if min(width, height) >= _SMALLEST:
                reduced = picture.resize((width, height), Image.Resampling.LANCZOS)
                yield np.ascontiguousarray(np.asarray(reduced).transpose(2, 0, 1))


def patch(picture: Samples, size: int, dice: np.random.Generator, *, planes: slice = slice(0, 1)) -> Tensor:
    """float32 [planes, size, size] from anywhere in the picture, turned and mirrored by chance; luma 0..1, colour
    -0.5..0.5."""
    top, left = (int(dice.integers(0, side - size + 1)) for side in picture.shape[1:])
    taken = picture[planes, top:top + size, left:left + size]
    taken = np.rot90(taken, int(dice.integers(4)), axes=(1, 2))
    if dice.integers(2):
        taken = taken[:, :, ::-1]
    values = torch.from_numpy(np.ascontiguousarray(taken)).float() / 255
    values[1:] -= 128 / 255
    return values


def patch_in_the_middle(picture: Samples, size: int) -> Tensor:
    """Luma float32 [1, size, size]."""
    top, left = ((side - size) // 2 for side in picture.shape[1:])
    return torch.from_numpy(picture[:1, top:top + size, left:left + size].copy()).float() / 255
