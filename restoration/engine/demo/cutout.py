"""Bodies from outlines: a silhouette is cut out, swollen like a cushion, and lit like something round."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional

from restoration.engine.demo.canvas import blurred, colour

_FINE = 4  # an outline is filled this much finer than the picture, so that its edge moves smoothly
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Light:
    """One lamp on the figure: where it comes from (x right, y down, z towards us) and its light."""

    towards: tuple[float, float, float]
    light: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Patch:
    """A silhouette on its part of the picture: lines, columns and how much of each point it covers, [h, w]."""

    lines: slice
    columns: slice
    cover: Tensor


def spline(points: ArrayLike, *, closed: bool, steps: int = 6) -> Points:
    """A Catmull-Rom curve through the points [N, 2 or more], so many steps from one to the next."""
    knots = np.asarray(points, np.float64)
    ends = (knots[-1:], knots[:2]) if closed else (knots[:1], np.repeat(knots[-1:], 2, 0))
    padded = np.concatenate([ends[0], knots, ends[1]])
    part = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    before, start, end, after = (padded[place:place + len(padded) - 3][None] for place in range(4))
    curve = 0.5 * (2 * start + (end - before) * part + (2 * before - 5 * start + 4 * end - after) * part**2
                   + (3 * start - before - 3 * end + after) * part**3)
    return np.asarray(curve.transpose(1, 0, 2).reshape(-1, knots.shape[1]))


def filled(outline: Points, size: tuple[int, int]) -> Patch | None:
    """What lies inside the outline [N, 2] (x, y in pixels) on a picture of (height, width); None where out of sight."""
    return _cut(outline, size, 2.0, lambda ink, points: ink.polygon([tuple(point) for point in points], fill=255))


def brushed(stroke: Points, size: tuple[int, int]) -> Patch | None:
    """A stroke of a round brush: [N, 3] of x, y, radius in pixels."""

    def paint(ink: ImageDraw.ImageDraw, points: Points) -> None:
        for (x, y), radius in zip(points, stroke[:, 2] * _FINE, strict=True):
            ink.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    return _cut(stroke[:, :2], size, float(stroke[:, 2].max()) + 2, paint)


def combed(strands: list[tuple[Points, float]], size: tuple[int, int], width: float) -> Patch | None:
    """Hairs: curves [N, 2] in pixels, each with its brightness 0..1, drawn `width` pixels wide."""
    if not strands:
        return None

    def paint(ink: ImageDraw.ImageDraw, points: Points) -> None:
        at = 0
        for curve, bright in strands:
            ink.line([tuple(point) for point in points[at:at + len(curve)]], fill=int(255 * bright),
                     width=max(1, round(width * _FINE)))
            at += len(curve)

    return _cut(np.concatenate([curve for curve, _ in strands]), size, width + 2, paint)


def _cut(points: Points, size: tuple[int, int], margin: float, paint: object) -> Patch | None:
    left, top = np.floor(points.min(0) - margin).astype(int).clip(0)
    right, bottom = np.minimum(np.ceil(points.max(0) + margin).astype(int), (size[1], size[0]))
    if right - left < 2 or bottom - top < 2:
        return None
    sheet = Image.new("L", (int(right - left) * _FINE, int(bottom - top) * _FINE))
    paint(ImageDraw.Draw(sheet), (points - (left, top)) * _FINE)  # type: ignore[operator]
    cover = torch.from_numpy(np.asarray(sheet.reduce(_FINE), np.float32) / 255)
    return Patch(slice(int(top), int(bottom)), slice(int(left), int(right)), cover)


def swollen(cover: Tensor, roundness: float) -> Tensor:
    """The sideways part of the normal [2, h, w] of a silhouette that swells within `roundness` pixels of its edge."""
    smaller = max(1, round(roundness / 3))
    small = functional.avg_pool2d(cover[None, None], smaller, ceil_mode=True, count_include_pad=False)
    if min(small.shape[-2:]) < 2:
        return torch.zeros(2, *cover.shape)
    soft = blurred(small, max(0.6, roundness / smaller / 2))[0, 0]
    down, across = torch.gradient(soft)
    slope = torch.stack([across, down])[None] * (-1.25 * roundness / smaller)
    normal = functional.interpolate(slope, size=cover.shape, mode="bilinear", align_corners=False)[0]
    return normal / normal.square().sum(0).sqrt().clamp_min(0.97) * 0.97


def lit(albedo: Tensor, normal: Tensor, lights: list[Light], *, wrap: float = 0.0, gloss: float | Tensor = 0.0,
        sharpness: int = 24) -> Tensor:
    """Linear light [3, h, w] of a surface: Lambert with a soft terminator (`wrap`), and a lobe of gloss."""
    aside, down = normal
    facing = (1 - aside**2 - down**2).clamp_min(0.03).sqrt()
    total = 0.006 * albedo
    for lamp in lights:
        x, y, z = lamp.towards
        reach = aside * x + down * y + facing * z
        soft = ((reach + wrap) / (1 + wrap)).clamp_min(0)
        half = (aside * x + down * y + facing * (z + 1)) / max(0.2, (x * x + y * y + (z + 1) ** 2) ** 0.5)
        total = total + colour(*lamp.light) * (albedo * soft + gloss * half.clamp(0, 1) ** sharpness)
    return total
