"""How much of blocks and ringing there is to see."""

from collections.abc import Mapping

import torch
from torch import Tensor

from restoration.engine.compute.blocks import SIDE
from restoration.engine.compute.local import box_mean, local_max
from restoration.engine.repair.blocking.evidence import Grid, grid_of, higher_at
from restoration.engine.specimen import Finding, Specimen

_NOTHING = 1.1  # Ratio of votes that pictures without blocks reach.
_EDGE = 0.1  # A pixel: brightness that changes by so much rings.
_NEAR, _APART = 7, 3  # Pixels from an edge: where ringing is looked for.
_RIPPLE = 0.05
_ENOUGH = 200  # Pixels.
_SEEN = 1.3 / 255  # Height of steps, below which what a loop filter left is no ringing worth a word.


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """Blocking: by how much the steps on the grid of blocks are higher than those off it, where the picture is calm.
    Ringing: by how much ripples near an edge are higher in the edge's own block than as near to it in the block beside.
    Both in 1/255, 0 without a grid. Of fields the columns tell the grid, and ringing is not looked for."""
    grid = grid_of(*(planes[0] for planes in specimen.planes[::2]))
    if grid.step <= 0:
        return {"blocking": Finding(0.0, 0.0), "ringing": Finding(0.0, 0.0)}
    believed = min(1.0, max(0.0, (grid.ratio - _NOTHING) / (grid.least - _NOTHING)))
    sure = 0.9 if grid.is_certain else 0.4 * believed
    luma = specimen.now[0]
    found = {"blocking": Finding(255 * grid.step * believed, sure, higher_at(luma, grid))}
    down = grid_of(*(planes[0].T for planes in specimen.planes[::2]))
    if specimen.order is None and grid.is_certain and down.is_certain and grid.height >= _SEEN:
        value, mask = _ringing(luma, grid, down)
        found["ringing"] = Finding(value, 0.8 if value > 0 else 0.0, mask)
    else:
        found["ringing"] = Finding(0.0, 0.0)
    return found


def _ringing(luma: Tensor, across: Grid, down: Grid) -> tuple[float, Tensor]:
    edges = torch.zeros_like(luma)
    edges[:, 1:] = (luma[:, 1:] - luma[:, :-1]).abs()
    edges[1:] = torch.maximum(edges[1:], (luma[1:] - luma[:-1]).abs())
    edges = (edges > _EDGE).float()
    near = (local_max(edges, _NEAR) > 0) & (local_max(edges, _APART) == 0)
    inside = _blocks_with(edges, down.across, across.across)
    ripple = (luma - box_mean(luma, 2)).abs_().clamp_(max=_RIPPLE)
    own, beside = near & inside, near & ~inside
    if min(int(own.sum()), int(beside.sum())) < _ENOUGH:
        return 0.0, own & False
    level = float(ripple[beside].mean())
    return max(0.0, 255 * (float(ripple[own].mean()) - level)), own & (ripple > 2 * level)


def _blocks_with(edges: Tensor, down: int, across: int) -> Tensor:
    """Which pixels lie in a block that holds an edge; blocks begin at line `down` and column `across`."""
    part = edges[down:, across:]
    high, wide = (size // SIDE for size in part.shape)
    held = part[:high * SIDE, :wide * SIDE].reshape(high, SIDE, wide, SIDE).amax((1, 3)) > 0
    result = torch.zeros_like(edges, dtype=torch.bool)
    result[down:down + high * SIDE, across:across + wide * SIDE] = \
        held.repeat_interleave(SIDE, 0).repeat_interleave(SIDE, 1)
    return result
