"""Dirt to learn from: sprites of real damage on film, and shapes of our own, each on one moment alone.

Not the dust and snow of `ageing.film`: on those the network is judged.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from restoration.engine.training.lessons import normal
from restoration.engine.training.material import MissingMaterial

Opacity = npt.NDArray[np.uint8]

_SHAPES = ("dots", "hair", "hair-short", "lint", "smut", "stain")
_STREWN = ("dirt", "spots", "sprinkles", "scratches")  # Many small pieces far apart: cut into parts.
_VISIBLE = 20  # Of 255.
_PART = 80  # Pixels of a sprite.


def sprites(folder: Path) -> tuple[Opacity, ...]:
    """The opacities of all sprites, uint8 [h, w], each cut to what can be seen of it. Raises MissingMaterial."""
    found = [each for kind in (*_SHAPES, *_STREWN) for path in sorted((folder / kind).glob("*.png"))
             for each in _of(path, kind in _STREWN)]
    if not found:
        raise MissingMaterial(f"There are no sprites of damage in {folder}.")
    return tuple(found)


def _of(path: Path, is_strewn: bool) -> Iterator[Opacity]:
    with Image.open(path) as opened:
        opacity = np.asarray(opened.convert("RGBA"))[..., 3]
    if not is_strewn:
        yield from _cut(opacity)
        return
    for top in range(0, opacity.shape[0] - _PART + 1, 2 * _PART):
        for left in range(0, opacity.shape[1] - _PART + 1, 2 * _PART):
            yield from _cut(opacity[top:top + _PART, left:left + _PART])


def _cut(opacity: Opacity) -> Iterator[Opacity]:
    rows, columns = (np.flatnonzero((opacity > _VISIBLE).any(axis)) for axis in (1, 0))
    if len(rows) > 1 and len(columns) > 1:
        yield opacity[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].copy()


def dirty(clip: Tensor, known: tuple[Opacity, ...], dice: np.random.Generator) -> Tensor:
    """A clip [T, 3, H, W] with dirt of one frame's life: few large pieces or many small ones, mostly dark or bright."""
    made = clip.clone()
    count = float(np.exp(dice.uniform(np.log(1.5), np.log(40))))
    small, bright = float(dice.choice((0.0, 0.3, 0.8, 1.0))), float(dice.choice((0.05, 0.5, 0.95)))
    for planes in made:
        for _ in range(int(dice.poisson(count))):
            shape = _speck(dice) if dice.random() < small else _piece(known, dice)
            level = float(dice.uniform(0.7, 1.05) if dice.random() < bright else dice.uniform(-0.02, 0.3))
            _lay(planes, shape * float(dice.uniform(0.25, 1.0)), level, dice)
    return made


def _piece(known: tuple[Opacity, ...], dice: np.random.Generator) -> Tensor:
    """A sprite or a shape of our own, of some size, turned and softened."""
    longest = float(np.exp(dice.uniform(np.log(4), np.log(50))))
    if dice.random() < 0.7:
        sprite = torch.from_numpy(known[int(dice.integers(len(known)))]).float()[None, None] / 255
    else:
        sprite = (_blob if dice.random() < 0.6 else _stroke)(dice)[None, None]
    scale = longest / max(sprite.shape[2:])
    sides = [max(2, round(side * scale)) for side in sprite.shape[2:]]
    shape = interpolate(sprite, size=sides, mode="bilinear", antialias=True)[0, 0]
    shape = torch.rot90(shape, int(dice.integers(4)))
    return soft((shape * float(dice.uniform(1, 3))).clamp(max=1), float(dice.uniform(0.2, 1.2)))


def _blob(dice: np.random.Generator) -> Tensor:
    """Cells of noise, higher towards the middle, cut at some height."""
    cells = int(dice.integers(3, 7))
    coarse = interpolate(normal((1, 1, cells, cells), dice), size=(48, 48), mode="bicubic")[0, 0]
    rows = torch.linspace(-1, 1, 48)
    away = torch.hypot(rows[:, None] * float(dice.uniform(1, 2.5)), rows[None])
    return ((0.7 * coarse + 1 - 2 * away) * 8).sigmoid()


def _stroke(dice: np.random.Generator) -> Tensor:
    """A line along a cubic curve between four places."""
    ends = dice.uniform(4, 76, (4, 2))
    along = np.linspace(0, 1, 160)[:, None]
    curve = ((1 - along) ** 3 * ends[0] + 3 * along * (1 - along) ** 2 * ends[1]
             + 3 * along ** 2 * (1 - along) * ends[2] + along ** 3 * ends[3])
    y, x = np.mgrid[:80, :80]
    away = np.hypot(y[..., None] - curve[:, 0], x[..., None] - curve[:, 1]).min(-1)
    return torch.from_numpy((float(dice.uniform(1.2, 3.5)) - away).clip(0, 1).astype(np.float32))


def _speck(dice: np.random.Generator) -> Tensor:
    """A point of a pixel or two, round or long."""
    sigma = dice.uniform(0.35, 1.1) * np.array([1, dice.choice((1.0, 1.0, 2.0))])
    middle, turn = dice.uniform(-0.5, 0.5, 2), dice.choice((0, 1))
    y, x = np.mgrid[-6:7, -6:7]
    near = np.exp(-0.5 * (((y - middle[0]) / sigma[turn]) ** 2 + ((x - middle[1]) / sigma[1 - turn]) ** 2))
    return torch.from_numpy((near * dice.uniform(1, 2)).clip(0, 1).astype(np.float32))


def soft(shape: Tensor, sigma: float) -> Tensor:
    """With room around it, and as a lens shows it: a Gaussian of sigma pixels."""
    places = torch.arange(-3, 4, dtype=torch.float32)
    weights = torch.exp(-places.square() / (2 * sigma * sigma))
    weights = weights / weights.sum()
    wide = torch.nn.functional.pad(shape[None, None], (6, 6, 6, 6))
    wide = torch.nn.functional.conv2d(wide, weights[None, None, :, None])
    return torch.nn.functional.conv2d(wide, weights[None, None, None])[0, 0]


def _lay(planes: Tensor, opacity: Tensor, level: float, dice: np.random.Generator) -> None:
    """Anywhere on the planes [3, H, W], in place; it may stand out over the edge."""
    height, width = planes.shape[-2:]
    tall, wide = opacity.shape
    lay_at(planes, opacity, level, (int(dice.integers(height)) - tall // 2, int(dice.integers(width)) - wide // 2))


def lay_at(planes: Tensor, opacity: Tensor, level: float, place: tuple[int, int]) -> None:
    """Grey of that level on planes [3, H, W], in place, its corner at `place` (row, column), which may lie outside."""
    (height, width), (tall, wide), (top, left) = planes.shape[-2:], opacity.shape, place
    rows, columns = slice(max(top, 0), min(top + tall, height)), slice(max(left, 0), min(left + wide, width))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    covers = opacity[rows.start - top:rows.stop - top, columns.start - left:columns.stop - left]
    under = planes[:, rows, columns]
    under += covers * (torch.tensor([level, 0.0, 0.0])[:, None, None] - under)
