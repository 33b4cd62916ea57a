"""Blocks and ringing taken out by shrinking shifted transforms, at most as far as quantisation can have moved anything.

Where the steps of the quantiser can be read from the picture, each frequency is shrunk by its own, and the result is
brought back to within a part of them (a narrowed quantisation constraint, after Park and Lee 1999). Where something
happened to the picture since, or it was predicted from another, the height of the steps between blocks says how coarse
the quantisation was, and no pixel moves further than a few times that. Colour is mended at half the raster, as it was
coded.

Guards: a frame without the grid of blocks is left bit for bit alone; so is every pixel that would move by less than a
quarter of an 8-bit step.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.blocks import between, shrunk
from restoration.engine.frames import Frame
from restoration.engine.repair.blocking.evidence import Grid, grid_of, quantiser_of
from restoration.engine.settings import BlockingSettings
from restoration.engine.stage import ShotContext, Stage

_LIMIT = 3.0  # Of the quantisation's standard deviation, that no pixel moves beyond.
_NARROWED = 0.32  # Of a quantiser's step, on each side, that coefficients are brought back to.
_KEPT_OF_READ, _KEPT_OF_GUESSED = 0.005, 0.03
_LEAST_MOVE = 0.25 / 255
_IN_COLOUR, _COARSER_IN_COLOUR = 0.6, 1.3


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
class _Coarseness:
    """How one plane was quantised. sigma: standard deviation of what that did; quantiser: the steps [64], where they
    are known; place: of the blocks that these were read from, None where they were not read from this plane."""

    sigma: float
    quantiser: Tensor | None = None
    place: tuple[int, int] | None = None


def smooth(settings: BlockingSettings, context: ShotContext) -> Stage:
    """A stage that takes out of each frame [3, H, W] what coarse quantisation left in it."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            grid = grid_of(frame.planes[0]) if settings.enabled and settings.strength > 0 else None
            if grid is None or not grid.is_certain:
                yield frame
                continue
            moves = _moves(frame.planes, grid, 2 * settings.strength)
            changed = (moves.abs() > _LEAST_MOVE).any(0)
            context.note(frame.number, changed)
            yield frame.with_planes(torch.where(changed, frame.planes + moves, frame.planes))

    return stage


def sigma_of(step: float) -> float:
    """The standard deviation of a quantisation from the height of the steps between its blocks, both on the 0..1 scale:
    what MPEG-2 and JPEG do to clips whose truth is known."""
    return 2.1 * (255 * step) ** 0.8 / 255


def _moves(planes: Tensor, grid: Grid, strength: float) -> Tensor:
    """What is to be added to planes [3, H, W]."""
    luma = _read(planes[0]) or _Coarseness(sigma_of(grid.step))
    halved = F.avg_pool2d(planes[1:], 2, ceil_mode=True)
    moves = torch.empty_like(planes)
    moves[0] = _moved(planes[0], luma, strength)
    small = torch.stack([_moved(plane, _read(plane) or _of_colour(luma, grid), strength) for plane in halved])
    large = F.interpolate(small[None], scale_factor=2, mode="bilinear")[0]
    moves[1:] = large[:, :planes.shape[1], :planes.shape[2]]
    return moves


def _read(plane: Tensor) -> _Coarseness | None:
    """What can be read from a plane, where its blocks are found along lines and columns."""
    across, down = grid_of(plane), grid_of(plane.T)
    if not (across.is_certain and down.is_certain):
        return None
    place = down.across, across.across
    quantiser = quantiser_of(plane, place)
    return None if quantiser is None else _Coarseness(sigma_of(across.step), quantiser, place)


def _of_colour(luma: _Coarseness, grid: Grid) -> _Coarseness:
    """What is to be expected of colour by how brightness was quantised."""
    if luma.quantiser is None:
        return _Coarseness(_IN_COLOUR * luma.sigma)
    return _Coarseness(luma.sigma, _COARSER_IN_COLOUR * luma.quantiser)


def _moved(plane: Tensor, coarse: _Coarseness, strength: float) -> Tensor:
    if coarse.quantiser is None:
        made = shrunk(plane, strength * coarse.sigma * _GUESSED.to(plane.device), _KEPT_OF_GUESSED)
    else:
        made = shrunk(plane, strength * coarse.quantiser * _READ.to(plane.device), _KEPT_OF_READ)
    if coarse.quantiser is None or coarse.place is None:
        limit = _LIMIT * strength * coarse.sigma
        return (made - plane).clamp_(-limit, limit)
    return between(made, plane, coarse.place, _NARROWED * strength * coarse.quantiser) - plane
