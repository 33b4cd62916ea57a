"""Blocks, ringing and the restlessness of coarse compression, taken out of each frame by itself, by the network
`cleaner` or by filters, and then along its motion. What the quantiser allows bounds what is left of both.

Guards: a frame is left bit for bit alone unless the grid of blocks is found in it or in the frames around; so is every
pixel that would move by less than a quarter of an 8-bit step. What a neighbour shows differently is not averaged with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from restoration.engine.compute.local import doubled, halved
from restoration.engine.compute.ways import Linked, linked
from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.networks.cleaning import cleaned
from restoration.engine.repair.blocking.averaging import averaged
from restoration.engine.repair.blocking.evidence import shared_grid, tally
from restoration.engine.repair.blocking.shrinking import NARROWED, Coarseness, coarseness_of, held, smoothed, told_of
from restoration.engine.settings import LARGE, BlockingSettings
from restoration.engine.stage import ShotContext, Stage

GRID_REACH = 6  # Frames: half a group of pictures, so that one of them is an intra frame.
MOTION_REACH = 2
REACH = GRID_REACH + MOTION_REACH
_LEAST_MOVE = 0.25 / 255
_NARROWED_LEARNT = 0.4  # As NARROWED, after the network, which is nearer: photographs held out, JPEG of 10 to 35.


@dataclass(frozen=True, slots=True)
class _Shrunk:
    """A frame and what was made of it by itself; nothing is known of its coarseness where it needs nothing."""

    frame: Frame
    moment: Linked
    coarse: tuple[Coarseness, Coarseness, Coarseness] | None


def smooth(settings: BlockingSettings, context: ShotContext) -> Stage:
    """A stage that takes out of each frame [3, H, W] what coarse quantisation left in it."""
    strength = 2 * settings.strength

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not settings.enabled or strength <= 0:
            yield from frames
            return
        narrowed = NARROWED if settings.method == "filters" else _NARROWED_LEARNT
        for window, middle in around(_each_shrunk(frames, settings.method, strength), MOTION_REACH):
            yield _finished(window, middle, strength, narrowed, context)

    return stage


def _each_shrunk(frames: Iterator[Frame], method: str, strength: float) -> Iterator[_Shrunk]:
    by_itself = _shrunk if method == "filters" else partial(_learnt, is_large=method == LARGE)
    previous: _Shrunk | None = None
    for window, middle in around(((frame, tally(frame.planes[0])) for frame in frames), GRID_REACH):
        frame = window[middle][0]
        grid = shared_grid([said for _, said in window])
        coarse = coarseness_of(frame.planes, grid) if grid.is_certain else None
        planes = frame.planes if coarse is None else by_itself(frame.planes, coarse, strength)
        is_linked = previous is not None and (coarse is not None or previous.coarse is not None)
        previous = _Shrunk(frame, linked(planes, previous.moment if previous and is_linked else None), coarse)
        yield previous


def _learnt(planes: Tensor, coarse: tuple[Coarseness, ...], strength: float, *, is_large: bool) -> Tensor:
    return cleaned(planes, (), (0.0, 0.0, strength * told_of(planes[0], coarse[0])), is_large=is_large)


def _shrunk(planes: Tensor, coarse: tuple[Coarseness, ...], strength: float) -> Tensor:
    luma = smoothed(planes[0], coarse[0], strength)
    small = halved(planes[1:])
    made = torch.stack([smoothed(plane, each, strength) for plane, each in zip(small, coarse[1:], strict=True)])
    moves = doubled(made - small)[:, :planes.shape[1], :planes.shape[2]]
    return torch.cat([luma[None], planes[1:] + moves])


def _finished(window: list[_Shrunk], middle: int, strength: float, narrowed: float, context: ShotContext) -> Frame:
    frame, coarse = window[middle].frame, window[middle].coarse
    if coarse is None:
        return frame
    made = averaged([each.moment for each in window], middle, coarse[0].sigma)
    made[0] = held(made[0], frame.planes[0], coarse[0], strength, narrowed)
    changed = ((made - frame.planes).abs() > _LEAST_MOVE).any(0)
    context.note(frame.number, changed)
    return frame.with_planes(torch.where(changed, made, frame.planes))
