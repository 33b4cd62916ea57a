"""Soft shapes on a canvas of linear light, seen by a camera that moves and zooms."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional

WIDTH, HEIGHT = 720, 480
PIXEL_ASPECT = 10 / 11


@dataclass(frozen=True)
class View:
    """A camera: the world's point (x right, y down; at zoom 1 the picture is 2 high) in the middle of the picture."""

    x: float
    y: float
    zoom: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def pixel(self) -> float:
        """One line's height in the world."""
        return 2 / self.height / self.zoom

    @cached_property
    def columns(self) -> Tensor:
        """World x of each column, [1, W]."""
        step = self.pixel * PIXEL_ASPECT * (self.height / HEIGHT) * (WIDTH / self.width)
        return (self.x + (torch.arange(self.width) - (self.width - 1) / 2) * step)[None]

    @cached_property
    def rows(self) -> Tensor:
        """World y of each line, [H, 1]."""
        return (self.y + (torch.arange(self.height) - (self.height - 1) / 2) * self.pixel)[:, None]

    def window(self, x: float, y: float, half_width: float, half_height: float) -> tuple[slice, slice] | None:
        """Lines and columns around a world point, or None where it is out of sight."""
        inside_x = ((self.columns[0] - x).abs() <= half_width).nonzero()
        inside_y = ((self.rows[:, 0] - y).abs() <= half_height).nonzero()
        if not len(inside_x) or not len(inside_y):
            return None
        return (slice(int(inside_y[0]), int(inside_y[-1]) + 1), slice(int(inside_x[0]), int(inside_x[-1]) + 1))


def colour(red: float, green: float, blue: float) -> Tensor:
    """Linear light as [3, 1, 1]."""
    return torch.tensor([red, green, blue])[:, None, None]


def over(canvas: Tensor, cover: Tensor, light: Tensor) -> Tensor:
    """Lay `light` [3, …] over the canvas where `cover` [H, W] is 1."""
    return canvas + cover * (light - canvas)


def capsule(x: Tensor, y: Tensor, one: tuple[float, float], other: tuple[float, float], thick: float, thin: float,
            edge: float) -> tuple[Tensor, Tensor, Tensor]:
    """A limb from `one` to `other`: how much of each point it covers, and the two sides of its normal."""
    along = (other[0] - one[0], other[1] - one[1])
    length = along[0] ** 2 + along[1] ** 2
    part = (((x - one[0]) * along[0] + (y - one[1]) * along[1]) / length).clamp(0, 1)
    radius = thick + (thin - thick) * part
    aside, down = x - one[0] - along[0] * part, y - one[1] - along[1] * part
    distance = (aside**2 + down**2).sqrt()
    return ((radius - distance) / edge + 0.5).clamp(0, 1), aside / radius, down / radius


def blurred(planes: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of [1, C, H, W], edges held."""
    radius = max(1, int(2.5 * sigma))
    taps = torch.exp(-torch.arange(-radius, radius + 1, dtype=torch.float32) ** 2 / (2 * sigma**2))
    taps = (taps / taps.sum()).expand(planes.shape[1], 1, 1, -1)
    padded = functional.pad(planes, (radius,) * 4, mode="replicate")
    rows = functional.conv2d(padded, taps, groups=planes.shape[1])
    return functional.conv2d(rows, taps.transpose(2, 3), groups=planes.shape[1])
