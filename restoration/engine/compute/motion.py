"""The one motion estimator that every stage shares.

Coarse to fine: an exhaustive block match at the coarsest level of a pyramid finds the large moves; each finer level
lets pixels choose between their own and their neighbours' candidates, then refines by windowed least squares (Lucas
and Kanade 1981, pyramidal after Bouguet 2000) held to the smoothed flow where the picture says nothing (after Bruhn,
Weickert, Schnoerr 2005). Each level is band-passed, so that a change of light is not taken for motion.

A flow is float32 [2, H, W]: x and y in pixels, such that `warp(other, flow)` looks like the reference.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.local import binomial, box_mean, padded

_SEARCH = 4
_COARSEST = 24
_STEADY = 2e-5
_STILL = 2e-4
_CALM = 2


@dataclass(frozen=True, slots=True)
class _Level:
    reference: Tensor
    other: Tensor


def estimate(reference: Tensor, other: Tensor, *, finest: int = 0, noise: float = 0.0) -> Tensor:
    """The flow from `reference` to `other`, both luma [H, W] on the 0..1 scale.

    finest: the pyramid level to stop refining at: 0 is the full raster, 1 half of it (four times faster, about 0.2
    pixel coarser). noise: its standard deviation; the more there is, the more the picture must say before it is
    followed. Sizes down to 16x16 are fine. Moves up to an eighth of the picture's shorter side are found.
    """
    return _estimated(_pyramid(reference, other, finest), reference.shape, finest, noise)


def estimate_both_ways(one: Tensor, other: Tensor, *, finest: int = 0, noise: float = 0.0) -> tuple[Tensor, Tensor]:
    """`estimate(one, other)` and `estimate(other, one)`, for less than twice the time."""
    levels = _pyramid(one, other, finest)
    swapped = [_Level(level.other, level.reference) for level in levels]
    return _estimated(levels, one.shape, finest, noise), _estimated(swapped, one.shape, finest, noise)


def _estimated(levels: list[_Level], shape: torch.Size, finest: int, noise: float) -> Tensor:
    flow = _search(levels[-1], still=_STILL + 0.02 * noise)
    steady = max(_STEADY, 0.25 * noise ** 2)
    for depth in range(len(levels) - 1, finest - 1, -1):
        level = levels[depth]
        if flow.shape[-2:] != level.reference.shape:
            flow = _enlarged(flow)
        if depth >= min(2, len(levels) - 1):
            flow = _best_of_neighbours(level, flow, reach=2)
        flow = _refined(level, flow, iterations=4 if depth else 2, steady=steady)
    for _ in range(finest):
        flow = _enlarged(flow)
    return flow[:, :shape[0], :shape[1]].contiguous()


def confidence(forward: Tensor, backward: Tensor, *, tolerance: float = 0.5) -> Tensor:
    """How well going there and coming back agree: [H, W], 1 where they meet, falling to 0 beyond `tolerance` pixels."""
    missed = (forward + warp(backward, forward)).square_().sum(dim=0)
    allowed = tolerance ** 2 + 0.01 * forward.square().sum(dim=0)
    return torch.exp(-missed / allowed)


def warp(planes: Tensor, flow: Tensor, *, mode: str = "bilinear") -> Tensor:
    """`planes` [..., H, W] fetched from where the flow points; edges repeat. mode: "bilinear" or "bicubic"."""
    flat = planes.reshape(1, -1, *planes.shape[-2:])
    fetched = F.grid_sample(flat, _grid(flow), mode=mode, padding_mode="border", align_corners=True)
    return fetched.reshape(*planes.shape[:-2], *flow.shape[-2:])


def composed(first: Tensor, second: Tensor) -> Tensor:
    """The flow that goes along `first` and then along `second`."""
    return first + warp(second, first)


@lru_cache(maxsize=32)
def _places(height: int, width: int, device: torch.device) -> Tensor:
    rows = torch.linspace(-1, 1, height, device=device).view(-1, 1).expand(height, width)
    columns = torch.linspace(-1, 1, width, device=device).expand(height, width)
    return torch.stack((columns, rows), dim=-1).contiguous()


def _grid(flow: Tensor) -> Tensor:
    height, width = flow.shape[-2:]
    grid = _places(height, width, flow.device).clone()
    grid[..., 0].add_(flow[0], alpha=2 / max(width - 1, 1))
    grid[..., 1].add_(flow[1], alpha=2 / max(height - 1, 1))
    return grid[None]


def _pyramid(reference: Tensor, other: Tensor, finest: int) -> list[_Level]:
    """Halved until the shorter side is about 24 pixels; the first level is padded so that every halving is whole.
    Levels that are finer than the finest are not band-passed, for nobody looks at them."""
    shorter, halvings = min(reference.shape), 0
    while shorter > _COARSEST * 2 and halvings < 5:
        shorter, halvings = shorter // 2, halvings + 1
    unit = 2 ** halvings
    both = torch.stack((reference, other))
    down, right = -both.shape[1] % unit, -both.shape[2] % unit
    both = binomial(F.pad(both[None], (0, right, 0, down), mode="replicate")[0])
    finest = min(finest, halvings)
    levels = [_band_passed(both) if finest == 0 else _Level(both[0], both[1])]
    for depth in range(1, halvings + 1):
        both = F.avg_pool2d(binomial(both)[None], 2)[0]
        levels.append(_band_passed(both) if depth >= finest else _Level(both[0], both[1]))
    return levels


def _band_passed(both: Tensor) -> _Level:
    radius = min(8, min(both.shape[-2:]) // 3)
    passed = both - box_mean(both, radius)
    return _Level(passed[0], passed[1])


def _search(level: _Level, still: float) -> Tensor:
    """The best whole-pixel move within +-4 for each pixel, by the mean difference over 5x5; stillness is preferred by
    `still` for each pixel of the move."""
    side = 2 * _SEARCH + 1
    height, width = level.reference.shape
    shifted = F.unfold(padded(level.other[None], x=_SEARCH, y=_SEARCH)[None], side).reshape(side * side, height, width)
    cost = box_mean((shifted - level.reference).abs_(), 2)
    steps = torch.arange(-_SEARCH, _SEARCH + 1, device=cost.device, dtype=cost.dtype)
    moves = torch.stack((steps.repeat(side), steps.repeat_interleave(side)))
    cost = cost + still * moves.abs().sum(dim=0).view(-1, 1, 1)
    return moves[:, cost.argmin(dim=0)]


def _enlarged(flow: Tensor) -> Tensor:
    return F.interpolate(flow[None], scale_factor=2, mode="bilinear", align_corners=False)[0].mul_(2)


def _best_of_neighbours(level: _Level, flow: Tensor, reach: int) -> Tensor:
    """Each pixel takes the move, among its own, those `reach` pixels around and none, that fits its 5x5 best."""
    height, width = flow.shape[-2:]
    wide = padded(flow, x=reach, y=reach)
    best, lowest = flow, _misfit(level, flow)
    corners = ((0, reach), (2 * reach, reach), (reach, 0), (reach, 2 * reach))
    candidates = [wide[:, y:y + height, x:x + width] for y, x in corners]
    for candidate in (*candidates, torch.zeros_like(flow)):
        misfit = _misfit(level, candidate)
        better = misfit < lowest
        best, lowest = torch.where(better, candidate, best), torch.minimum(misfit, lowest)
    return best


def _misfit(level: _Level, flow: Tensor) -> Tensor:
    return box_mean((warp(level.other, flow) - level.reference).abs_(), 2)


def _refined(level: _Level, flow: Tensor, iterations: int, steady: float) -> Tensor:
    """Windowed least squares on the reference's gradients, pulled softly towards the smoothed flow."""
    wide, tall = padded(level.reference, x=1), padded(level.reference, y=1)
    gx, gy = (wide[:, 2:] - wide[:, :-2]).mul_(0.5), (tall[2:] - tall[:-2]).mul_(0.5)
    xx, yy, xy = box_mean(torch.stack((gx * gx, gy * gy, gx * gy)), 3)
    xx, yy = xx + steady, yy + steady
    determinant = 1 / (xx * yy - xy * xy)
    for _ in range(iterations):
        missing = level.reference - warp(level.other, flow)
        bx, by = box_mean(torch.stack((gx * missing, gy * missing)), 3)
        step = torch.stack(((yy * bx - xy * by) * determinant, (xx * by - xy * bx) * determinant))
        flow = box_mean(flow + step.clamp_(-1, 1), _CALM)
    return flow
