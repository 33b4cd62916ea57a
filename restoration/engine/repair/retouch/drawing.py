"""From a drawn shape to the share of each pixel that it covers."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from restoration.engine.settings.retouching import Retouch

FEATHER = 2.0  # Pixels around the shape over which it fades.

Places = npt.NDArray[np.float64]


def drawn(shapes: Iterable[Retouch], size: tuple[int, int], pixel_aspect: Fraction) -> Tensor:
    """float32 [H, W] for a raster of size (width, height): 1 within any of the shapes, falling to 0 over the feather
    around them. A brush is round on the screen, whatever the shape of the pixels."""
    width, height = size
    share = np.zeros((height, width), np.float32)
    for shape in shapes:
        corners = np.array(shape.points) * (width, height) - 0.5
        if shape.radius is None:
            _raise(share, np.concatenate([corners, corners[:1]]), 0.0, 1.0)
            share[_inside(corners, size)] = 1
        else:
            _raise(share, corners, shape.radius * height, float(pixel_aspect))
    return torch.from_numpy(share)


def _raise(share: npt.NDArray[np.float32], path: Places, radius: float, aspect: float) -> None:
    """Lift the share, in place, to what a line along the path covers, `radius` lines wide to each side."""
    height, width = share.shape
    reach = radius + FEATHER
    for start, end in zip(path, path[1:] if len(path) > 1 else path, strict=False):
        around = np.array((reach / aspect + 1, reach + 1))
        low, high = np.minimum(start, end) - around, np.maximum(start, end) + around + 1
        left, top = np.clip(low, 0, (width, height)).astype(int)
        right, bottom = np.clip(high, 0, (width, height)).astype(int)
        y, x = np.mgrid[top:bottom, left:right]
        away = _distance((x - start[0]) * aspect, y - start[1], (end - start) * (aspect, 1))
        part = share[top:bottom, left:right]
        np.maximum(part, np.clip(1 - (away - radius) / FEATHER, 0, 1), out=part, casting="same_kind")


def _distance(x: Places, y: Places, way: Places) -> Places:
    """From places, counted from where a straight line starts, to the nearest point of it."""
    length = float(way @ way)
    along = np.clip((x * way[0] + y * way[1]) / length, 0, 1) if length else 0.0
    return np.hypot(x - along * way[0], y - along * way[1])


def _inside(corners: Places, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    canvas = Image.new("1", size)
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in corners], fill=1)
    return np.asarray(canvas)
