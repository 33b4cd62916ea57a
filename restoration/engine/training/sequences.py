"""Moments of a moving picture, made of photographs: what the network that enlarges is shown besides single pictures.

A camera moves over a photograph along a steady path. The flows that come with the neighbours are the true ones, made as
wrong as an estimated flow is: a little everywhere, and altogether in some place, as where something was covered.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.drafts import drafts
from restoration.engine.training.lessons import Pair, any_of, normal, softened
from restoration.engine.training.material import Material, patch

_STEPS = (-2, -1, 1, 2)
_BORDER = 10  # Pixels of the small raster around a patch: for the reducing filter and for moves.
_ALONE, _STANDING = 0.25, 0.1  # Share of single pictures, and of cameras that stand still.
_SOFT = 0.3
_LEFT = 0.008  # The most noise that a cleaning leaves.


def moving(material: Material, dice: np.random.Generator, *, scale: int, size: int = 64, alone: float = _ALONE) -> Pair:
    """[1 + 4 scale^2, size, size], luma and the drafts of two neighbours on each side, and the luma `scale` times as
    large. A share of them, alone, has no neighbours: a shot's first frame, or a photograph."""
    whole = patch(any_of(material.pictures, dice), scale * (size + 2 * _BORDER), dice)
    softness = float(dice.uniform(0.3, 1.0)) if dice.random() < _SOFT else 0.0
    noise = float(dice.uniform(0, _LEFT)) if softness else 0.0
    own = _reduced(whole, scale, softness, noise, dice)
    around: list[tuple[Tensor, Tensor] | None] = [None] * len(_STEPS)
    if dice.random() >= alone:
        path = path_of_a_camera(dice)
        wrong = float(np.exp(dice.normal(-2.5, 0.7)))
        around = [(_reduced(path.seen(whole, step, scale), scale, softness, noise, dice),
                   path.flow(own.shape, step) + _mistaken(own.shape, wrong, dice)) for step in _STEPS]
    inside, beyond = slice(_BORDER, -_BORDER), slice(scale * _BORDER, -scale * _BORDER)
    shown = torch.cat((own[None], drafts(own, around, scale)))
    return shown[:, inside, inside], whole[:, beyond, beyond]


@dataclass(frozen=True, slots=True)
class Path:
    """How a camera goes from moment to moment: moved, in pixels of the small raster; turned and larger about the
    patch's middle, as a matrix."""

    moved: tuple[float, float]
    turned: float
    grown: float

    def seen(self, whole: Tensor, step: int, scale: int) -> Tensor:
        """The large picture [C, S, T] as it is `step` moments away."""
        height, width = whole.shape[-2:]
        sides = torch.tensor((width, height), dtype=torch.float32)
        turned = torch.linalg.inv(self._matrix(step))
        shift = 2 * scale * step * torch.tensor(self.moved) / sides
        stretched = turned * (sides[None] / sides[:, None])
        transform = torch.cat((stretched, (-stretched @ shift)[:, None]), dim=1)
        grid = F.affine_grid(transform[None], [1, 1, height, width], align_corners=False)
        return F.grid_sample(whole[None], grid, mode="bilinear", padding_mode="border", align_corners=False)[0]

    def flow(self, shape: torch.Size, step: int) -> Tensor:
        """[2, H, W]: where a point of the small patch is `step` moments away."""
        rows, columns = (torch.arange(side) - (side - 1) / 2 for side in shape)
        places = torch.stack(torch.meshgrid(columns, rows, indexing="xy"))
        there = torch.einsum("ij,jhw->ihw", self._matrix(step), places)
        return there - places + step * torch.tensor(self.moved)[:, None, None]

    def _matrix(self, step: int) -> Tensor:
        angle, grown = step * self.turned, (1 + self.grown) ** step
        return grown * torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]],
                                    dtype=torch.float32)


def path_of_a_camera(dice: np.random.Generator) -> Path:
    if dice.random() < _STANDING:
        return Path((0.0, 0.0), 0.0, 0.0)
    across, down = np.clip(dice.exponential(1.2, 2), 0, 5) * dice.choice((-1, 1), 2)
    return Path((float(across), float(down)), float(dice.normal(0, 0.006)), float(dice.normal(0, 0.006)))


def _mistaken(shape: torch.Size, wrong: float, dice: np.random.Generator) -> Tensor:
    """[2, H, W] pixels by which a flow misses."""
    coarse = wrong * normal((1, 2, shape[0] // 8 + 1, shape[1] // 8 + 1), dice)
    if dice.random() < 0.3:
        top, left = (int(dice.integers(0, side)) for side in coarse.shape[2:])
        coarse[:, :, top:top + 3, left:left + 3] += torch.from_numpy(dice.normal(0, 2, (1, 2, 1, 1))).float()
    return F.interpolate(coarse, size=tuple(shape), mode="bicubic", align_corners=False)[0]


def _reduced(whole: Tensor, scale: int, softness: float, noise: float, dice: np.random.Generator) -> Tensor:
    small = F.interpolate(whole[None], scale_factor=1 / scale, mode="bicubic", antialias=True)[0]
    if softness:
        small = softened(small, softness) + noise * normal(tuple(small.shape), dice)
    return (small[0] * 255).round().clamp(0, 255) / 255
