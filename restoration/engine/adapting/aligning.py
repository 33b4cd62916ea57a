"""A window of one moment found again in another, to a few hundredths of a pixel.

A flow of each pixel errs by a tenth of a pixel and more where noise is left, and a network that learns from what such a
flow fetches learns to blur. Over a window the motion is taken for affine, and its six numbers are found from all its
pixels at once (Lucas and Kanade 1981, robust weights after Black and Anandan 1996); windows of which that is not true
are refused by who asks.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import binomial, box_mean, padded
from restoration.engine.compute.motion import estimate

_AROUND = 40  # Pixels around a window in which it is looked for first.
_FIRST, _STEPS = 3, 4
_OFF = 0.1  # Squared pixels beyond which a flow counts half.
_EVEN = 8  # Radius within which a change of light is taken out.
_STEADY = 1e-3


@dataclass(frozen=True, slots=True)
class Window:
    """side x side pixels of a moment, from (top, left)."""

    top: int
    left: int
    side: int

    def of(self, planes: Tensor) -> Tensor:
        return planes[..., self.top:self.top + self.side, self.left:self.left + self.side]


def aligned(one: Tensor, other: Tensor, window: Window, noise: float) -> Tensor:
    """The way [2, side, side] from a window of luma `one` [H, W] to the same in `other`, affine. noise: what is left in
    both, a standard deviation."""
    basis = _basis(window.side).to(one.device)
    motion = _fitted(_looked_for(one, other, window, noise).flatten(1), basis)
    wanted, seen = _evened(window.of(binomial(one[None])[0])), binomial(other[None])
    for _ in range(_STEPS):
        motion = motion + _step(wanted, _evened(fetched(seen, _way(motion, basis), window)[0]), basis)
    return _way(motion, basis)


def fetched(planes: Tensor, way: Tensor, window: Window) -> Tensor:
    """What `planes` [C, H, W] show where a window's way leads: [C, side, side], bicubic."""
    height, width = planes.shape[-2:]
    rows = torch.arange(window.top, window.top + window.side, device=planes.device)[:, None] + way[1]
    columns = torch.arange(window.left, window.left + window.side, device=planes.device)[None] + way[0]
    grid = torch.stack((columns * (2 / (width - 1)) - 1, rows * (2 / (height - 1)) - 1), -1)
    return F.grid_sample(planes[None], grid[None], mode="bicubic", padding_mode="border", align_corners=True)[0]


def _looked_for(one: Tensor, other: Tensor, window: Window, noise: float) -> Tensor:
    top, left = max(0, window.top - _AROUND), max(0, window.left - _AROUND)
    part = (slice(top, window.top + window.side + _AROUND), slice(left, window.left + window.side + _AROUND))
    flow = estimate(one[part], other[part], finest=1, noise=noise)
    return Window(window.top - top, window.left - left, window.side).of(flow)


def _basis(side: int) -> Tensor:
    """[3, side^2]: one, across, down, from -1 to 1."""
    along = (torch.arange(side) - (side - 1) / 2) / (side / 2)
    down, across = torch.meshgrid(along, along, indexing="ij")
    return torch.stack((torch.ones_like(across), across, down)).flatten(1)


def _way(motion: Tensor, basis: Tensor) -> Tensor:
    side = round(basis.shape[1] ** 0.5)
    return (motion @ basis).view(2, side, side)


def _fitted(flow: Tensor, basis: Tensor) -> Tensor:
    weight = torch.ones_like(flow[0])
    motion = flow.new_zeros(2, 3)
    for _ in range(_FIRST):
        weighted = basis * weight
        steady = _STEADY * torch.eye(3, device=flow.device)
        motion = torch.linalg.solve(weighted @ basis.T + steady, weighted @ flow.T).T
        weight = 1 / (1 + (flow - motion @ basis).square().sum(0) / _OFF)
    return motion


def _step(wanted: Tensor, seen: Tensor, basis: Tensor) -> Tensor:
    wide, tall = padded(seen, x=1), padded(seen, y=1)
    across, down = (wide[:, 2:] - wide[:, :-2]) / 2, (tall[2:] - tall[:-2]) / 2
    slopes = torch.cat((across.flatten() * basis, down.flatten() * basis))
    missing = (wanted - seen).flatten()
    usual = 3 * missing.abs().median() + 1e-6
    weighted = slopes / (1 + (missing / usual).square())
    normal = weighted @ slopes.T
    steady = (_STEADY * normal.diagonal().mean() + 1e-9) * torch.eye(6, device=seen.device)
    return torch.linalg.solve(normal + steady, weighted @ missing).view(2, 3).clamp(-1, 1)


def _evened(luma: Tensor) -> Tensor:
    return luma - box_mean(luma, _EVEN)
