"""A drawn face that moves: its truth at any moment, and what a lens that loses focus makes of it."""

from math import sin

import torch
from torch import Tensor

from tests import clips

SIZE = (180, 128)
# Middle, radii, luma and softness of each spot of a drawn face: hair, skin, then both eyes with brows, nose and mouth.
HEAD = ((0, -0.15, 0.95, 1.2, 0.12, 0.15), (0, 0.1, 0.78, 1.05, 0.7, 0.15))
SIDE = ((0.32, -0.1, 0.2, 0.13, 0.4, 0.8), (0.32, -0.08, 0.13, 0.07, 0.12, 0.6), (0.32, -0.3, 0.22, 0.06, 0.3, 0.6),
        (0.38, 0.3, 0.2, 0.2, 0.76, 0.9), (0.08, 0.36, 0.06, 0.04, 0.4, 0.8))
MIDDLE = ((0, 0.1, 0.09, 0.2, 0.8, 0.8), (0, 0.64, 0.28, 0.08, 0.35, 0.6))


def portrait(middle: tuple[float, float] = (90, 62), tall: float = 34, *, pores: float = 0.0,
             size: tuple[int, int] = (180, 120)) -> Tensor:
    """A drawn face before an even wall, planes [3, H, W]; pores: the strength of fine texture on its skin."""
    planes = clips.even(1, size, 0.35)[0]
    y, x = torch.meshgrid(torch.arange(size[1]).float(), torch.arange(size[0]).float(), indexing="ij")
    x, y = (x - middle[0]) / tall, (y - middle[1]) / tall
    mirrored = tuple((-spot[0], *spot[1:]) for spot in SIDE)
    for across, down, wide, high, luma, soft in (*HEAD, *SIDE, *mirrored, *MIDDLE):
        away = (((x - across) / wide) ** 2 + ((y - down) / high) ** 2).sqrt()
        planes[0] += ((1 - away) / soft).clamp(0, 1) * (luma - planes[0])
    if pores:
        skin = ((1 - (x / 0.78) ** 2 - ((y - 0.1) / 1.05) ** 2) * 4).clamp(0, 1)
        fine = sum(torch.sin(across * x + down * y + phase) for across, down, phase in
                   ((40, 9, 0), (-13, 45, 1), (29, -31, 2), (52, 24, 3)))
        planes[0] += pores * skin * fine
    return planes


def marks(middle: tuple[float, float], tall: float = 34) -> tuple[tuple[float, float], ...]:
    """Its eyes, nose and the corners of its mouth, right and down."""
    return tuple((middle[0] + across * tall, middle[1] + down * tall)
                 for across, down in ((-0.32, -0.1), (0.32, -0.1), (0, 0.3), (-0.27, 0.64), (0.27, 0.64)))


def moving(frames: int, *, pores: float = 0.02, gain: float = 1.0) -> Tensor:
    """The face [T, 3, 128, 180] on a slow path; gain: of the light."""
    clip = torch.stack([portrait(place(number), pores=pores, size=SIZE) for number in range(frames)])
    clip[:, 0] *= gain
    return clip


def place(number: int) -> tuple[float, float]:
    return 88 + 5 * sin(0.25 * number), 66 + 0.4 * number


def out_of_focus(clip: Tensor, *, every: int = 2) -> Tensor:
    """All frames soft but every second (or so)."""
    soft = clip.clone()
    for number, planes in enumerate(clip):
        if number % every:
            for _ in range(3):
                planes = smoothed(planes)
            soft[number] = planes
    return soft


def smoothed(planes: Tensor) -> Tensor:
    rows = torch.cat([planes[:, :1], planes, planes[:, -1:]], 1)
    rows = (rows[:, :-2] + rows[:, 2:] + 2 * planes) / 4
    wide = torch.cat([rows[..., :1], rows, rows[..., -1:]], 2)
    return (wide[..., :-2] + wide[..., 2:] + 2 * rows) / 4
