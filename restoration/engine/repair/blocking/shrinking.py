"""Blocks and ringing of one frame taken out by shrinking shifted transforms, at most as far as quantisation can have
moved anything.

Where the steps of the quantiser can be read from the picture, each frequency is shrunk by its own, and the result is
brought back to within a part of them (a narrowed quantisation constraint, after Park and Lee 1999). Where something
happened to the picture since, or it was predicted from another, the height of the steps between blocks says how coarse
the quantisation was, and no pixel moves further than a few times that. Colour is mended at half the raster, as it was
coded.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.blocks import between, shrunk
from restoration.engine.compute.local import halved
from restoration.engine.repair.blocking.evidence import Grid, grid_of
from restoration.engine.repair.blocking.quantiser import error_of, quantiser_of

_LIMIT = 3.0  # Of the quantisation's standard deviation, that no pixel moves beyond.
NARROWED = 0.32  # Of a step, on each side, that coefficients are brought back to after filters.
_KEPT_OF_READ, _KEPT_OF_GUESSED = 0.005, 0.03
_IN_COLOUR, _COARSER_IN_COLOUR = 0.6, 1.3
_OF_SIGMA = 0.55
_LEAST_SIGMA, _MOST_SIGMA = 3.5 / 255, 16 / 255


def _symmetric(*rows: tuple[float, ...]) -> Tensor:
    """[64] from the upper triangle of a symmetric table."""
    table = torch.zeros(8, 8)
    for line, row in enumerate(rows):
        table[line, line:] = torch.tensor(row)
    return torch.maximum(table, table.T).reshape(-1)


# Thresholds of the 64 frequencies, fitted to what JPEG, MPEG-2 and clean truth say on clips made for it: in the steps
# of a quantiser that was read, and in the standard deviation of a quantisation that was guessed from its steps.
_READ = _symmetric(
    (1.00, 0.68, 0.47, 0.39, 0.36, 0.41, 0.39, 0.76), (0.41, 0.39, 0.35, 0.41, 0.35, 0.37, 0.69),
    (0.36, 0.32, 0.29, 0.29, 0.35, 0.60), (0.30, 0.30, 0.42, 0.38, 1.04), (0.24, 0.47, 0.63, 1.09),
    (0.48, 0.54, 1.17), (1.19, 1.17), (1.12,))
_GUESSED = _symmetric(
    (1.00, 1.36, 1.50, 1.20, 1.33, 1.36, 1.56, 4.85), (1.26, 1.21, 1.00, 1.13, 1.27, 1.84, 4.07),
    (1.02, 1.05, 1.13, 1.24, 1.80, 3.51), (1.04, 1.14, 1.39, 1.56, 3.37), (1.03, 1.38, 2.10, 4.02),
    (1.69, 3.02, 4.18), (5.42, 7.33), (8.30,))


@dataclass(frozen=True, slots=True)
class Coarseness:
    """How one plane was quantised. sigma: standard deviation of what that did, as the repair takes it; quantiser: the
    steps [64], where they are known; place: of the blocks that these were read from, None where they were not read from
    this plane."""

    sigma: float
    quantiser: Tensor | None = None
    place: tuple[int, int] | None = None


def sigma_of(height: float) -> float:
    """The standard deviation that a quantisation is taken to have, from the height of the steps between its blocks,
    both on the 0..1 scale: what serves best on clips whose truth is known. Where a loop filter took the steps away,
    as much as does no harm to a fine quantisation."""
    return min(max((255 * height) ** 1.4 / 255, _LEAST_SIGMA), _MOST_SIGMA)


def told_of(luma: Tensor, coarse: Coarseness) -> float:
    """What a network is told of how luma [H, W] was quantised: the standard deviation of its error, reckoned from the
    steps; where these are not known about half of what the heights between blocks are taken to mean (measured on
    photographs through JPEG of qualities 5 to 60)."""
    if coarse.quantiser is None or coarse.place is None:
        return _OF_SIGMA * coarse.sigma
    return error_of(luma, coarse.place, coarse.quantiser)


def coarseness_of(planes: Tensor, grid: Grid) -> tuple[Coarseness, Coarseness, Coarseness]:
    """Of planes [3, H, W]; that of the two planes of colour at half the raster."""
    luma = _read(planes[0], grid) or Coarseness(sigma_of(grid.height))
    one, other = (_read(plane, grid) or _of_colour(luma) for plane in halved(planes[1:]))
    return luma, one, other


def smoothed(plane: Tensor, coarse: Coarseness, strength: float) -> Tensor:
    """A plane [H, W] with its small coefficients shrunk."""
    if coarse.quantiser is None:
        made = shrunk(plane, strength * coarse.sigma * _GUESSED.to(plane.device), _KEPT_OF_GUESSED)
    else:
        made = shrunk(plane, strength * coarse.quantiser * _READ.to(plane.device), _KEPT_OF_READ)
    return held(made, plane, coarse, strength)


def held(made: Tensor, plane: Tensor, coarse: Coarseness, strength: float, narrowed: float = NARROWED) -> Tensor:
    """What was made of a plane, brought back to what its quantisation allows, narrowed to that part of a step on each
    side."""
    if coarse.quantiser is None or coarse.place is None:
        limit = _LIMIT * strength * coarse.sigma
        return plane + (made - plane).clamp_(-limit, limit)
    return between(made, plane, coarse.place, narrowed * strength * coarse.quantiser)


def _read(plane: Tensor, grid: Grid) -> Coarseness | None:
    """What can be read from a plane, where its blocks are found along lines and columns."""
    across, down = grid_of(plane), grid_of(plane.T)
    if not (across.is_certain and down.is_certain):
        return None
    place = down.across, across.across
    quantiser = quantiser_of(plane, place)
    return None if quantiser is None else Coarseness(sigma_of(grid.height), quantiser, place)


def _of_colour(luma: Coarseness) -> Coarseness:
    """What is to be expected of colour by how brightness was quantised."""
    if luma.quantiser is None:
        return Coarseness(_IN_COLOUR * luma.sigma)
    return Coarseness(luma.sigma, _COARSER_IN_COLOUR * luma.quantiser)
