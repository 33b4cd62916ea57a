"""Photographs to learn from, in two halves that share none: most to train on, some held out to choose by."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
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
    """pictures: luma, uint8 [H, W], or Y'CbCr, uint8 [H, W, 3], of BT.601 in full range; held_out: others, that nothing
    is learnt from."""

    pictures: tuple[Samples, ...]
    held_out: tuple[Samples, ...]


def photographs(folder: Path, sizes: Sequence[float] = (1.0, 0.7, 0.5), *, in_colour: bool = False,
                left_out: Collection[str] = ()) -> Material:
    """Every photograph of a folder at several sizes: reduced, what their compression left vanishes. Those held out are
    taken at the last size alone, and of those in colour none at full size is. left_out: names of files that are nothing
    to learn from. Raises MissingMaterial."""
    paths = sorted(path for path in folder.glob("*.jpg") if path.name not in left_out)
    if len(paths) <= _HELD_OUT:
        raise MissingMaterial(f"There are {len(paths)} photographs in {folder}; more than {_HELD_OUT} are needed.")
    kept = [path for number, path in enumerate(paths) if number % _HELD_OUT]
    if in_colour:
        sizes = [size for size in sizes if size < 1]  # Halved colour and blocks would be learnt to be kept.
    mode = "YCbCr" if in_colour else "L"
    return Material(tuple(_read(kept, sizes, mode)), tuple(_read(paths[::_HELD_OUT], sizes[-1:], mode)))


def and_halved(material: Material, folder: Path) -> Material:
    """The same, and every picture at half its size as well: finer detail. Nothing is kept in the folder."""
    halved = tuple(_reduced(Image.fromarray(picture), 0.5) for picture in material.pictures
                   if min(picture.shape[:2]) >= 2 * _SMALLEST)
    return replace(material, pictures=material.pictures + halved)


def _read(paths: Iterable[Path], sizes: Sequence[float], mode: str) -> Iterable[Samples]:
    for path in paths:
        with Image.open(path) as opened:
            picture = opened.convert(mode)
        for size in sizes:
            reduced = _reduced(picture, size)
            if min(reduced.shape[:2]) >= _SMALLEST:
                yield reduced


def _reduced(picture: Image.Image, size: float) -> Samples:
    sides = round(size * picture.width), round(size * picture.height)
    return np.asarray(picture.resize(sides, Image.Resampling.LANCZOS))


def patch(picture: Samples, size: int, dice: np.random.Generator) -> Tensor:
    """float32 [1 or 3, size, size] on the scale of Frame.planes, from anywhere in the picture, turned and mirrored by
    chance."""
    top, left = (int(dice.integers(0, side - size + 1)) for side in picture.shape[:2])
    taken = np.rot90(picture[top:top + size, left:left + size], int(dice.integers(4)))
    return _planes(taken[:, ::-1] if dice.integers(2) else taken)


def patch_in_the_middle(picture: Samples, size: int) -> Tensor:
    """The same from the middle, as it is."""
    top, left = ((side - size) // 2 for side in picture.shape[:2])
    return _planes(picture[top:top + size, left:left + size])


def _planes(taken: Samples) -> Tensor:
    planes = torch.from_numpy(np.ascontiguousarray(taken)).float()
    if planes.ndim == 2:
        return planes[None] / 255
    planes[..., 1:] -= 128
    return planes.permute(2, 0, 1).contiguous() / 255
