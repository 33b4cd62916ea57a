"""Blocks, ringing and the restlessness of coarse compression, taken out of each frame by itself, by the network
`cleaner`, by filters or by a network of others, and then along its motion. What the quantiser allows bounds what is
left of both.

Guards: a frame is left bit for bit alone unless the grid of blocks is found in it or in the frames around; so is every
pixel that would move by less than a quarter of an 8-bit step. What a neighbour shows differently is not averaged with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, doubled, halved
from restoration.engine.compute.ways import Linked, linked
from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.networks.brought.running import Tiled, cleaning, luma_of
from restoration.engine.networks.cleaning import cleaned
from restoration.engine.repair.blocking.averaging import averaged
from restoration.engine.repair.blocking.evidence import shared_grid, tally
from restoration.engine.repair.blocking.shrinking import NARROWED, Coarseness, coarseness_of, held, smoothed, told_of
from restoration.engine.settings import LARGE, BlockingSettings
from restoration.engine.stage import ShotContext, Stage

GRID_REACH = 6  # Frames: half a group of pictures, so that one of them is an intra frame.
MOTION_REACH = 2
REACH = GRID_REACH + MOTION_REACH
Way = Callable[[Frame, tuple[Coarseness, ...], float], Tensor]

_COARSE = 12  # Pixels around: blocks of 8 and their steps are finer.
_MOST_DRAWN = 2.0
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
        is_learnt = settings.draws or settings.method != "filters"
        for window, middle in around(_each_shrunk(frames, _way(settings), strength), MOTION_REACH):
            yield _finished(window, middle, strength, _NARROWED_LEARNT if is_learnt else NARROWED, context)

    return stage


def _way(settings: BlockingSettings) -> Way:
    """How a frame is mended by itself. Raises WeightsError for a network of others that cannot do it."""
    if settings.draws and settings.weights:
        network = cleaning(settings.weights)
        return lambda frame, coarse, strength: _drawn(frame, coarse, strength, network)
    if settings.method == "filters":
        return _shrunk
    is_large = settings.method == LARGE
    return lambda frame, coarse, strength: _learnt(frame.planes, coarse, strength, is_large=is_large)


def _each_shrunk(frames: Iterator[Frame], by_itself: Way, strength: float) -> Iterator[_Shrunk]:
    previous: _Shrunk | None = None
    for window, middle in around(((frame, tally(frame.planes[0])) for frame in frames), GRID_REACH):
        frame = window[middle][0]
        grid = shared_grid([said for _, said in window])
        coarse = coarseness_of(frame.planes, grid) if grid.is_certain else None
        planes = frame.planes if coarse is None else by_itself(frame, coarse, strength)
        is_linked = previous is not None and (coarse is not None or previous.coarse is not None)
        previous = _Shrunk(frame, linked(planes, previous.moment if previous and is_linked else None), coarse)
        yield previous


def _learnt(planes: Tensor, coarse: tuple[Coarseness, ...], strength: float, *, is_large: bool) -> Tensor:
    return cleaned(planes, (), (0.0, 0.0, strength * told_of(planes[0], coarse[0])), is_large=is_large)


def _drawn(frame: Frame, coarse: tuple[Coarseness, ...], strength: float, network: Tiled) -> Tensor:
    """By a network of others, which has a say in luma alone, in nothing coarser than blocks, and around no point in
    more than twice what the coder is reckoned to have done: it may move what no coder moved."""
    own = frame.planes[0]
    change = luma_of(network, frame.planes, frame.color.matrix).sub_(own)
    change -= box_mean(change, _COARSE)
    size = box_mean(change.square(), _COARSE).sqrt_()
    most = _MOST_DRAWN * strength * told_of(own, coarse[0])
    luma = own + change.mul_((most / size.clamp_(min=most)) if most > 0 else 0)
    return torch.cat([luma[None], _colour(frame.planes, coarse, strength)])


def _shrunk(frame: Frame, coarse: tuple[Coarseness, ...], strength: float) -> Tensor:
    luma = smoothed(frame.planes[0], coarse[0], strength)
    return torch.cat([luma[None], _colour(frame.planes, coarse, strength)])


def _colour(planes: Tensor, coarse: tuple[Coarseness, ...], strength: float) -> Tensor:
    """Both planes of colour, by filters at half their size."""
    small = halved(planes[1:])
    made = torch.stack([smoothed(plane, each, strength) for plane, each in zip(small, coarse[1:], strict=True)])
    moves = doubled(made - small)[:, :planes.shape[1], :planes.shape[2]]
    return planes[1:] + moves


def _finished(window: list[_Shrunk], middle: int, strength: float, narrowed: float, context: ShotContext) -> Frame:
    frame, coarse = window[middle].frame, window[middle].coarse
    if coarse is None:
        return frame
    made = averaged([each.moment for each in window], middle, coarse[0].sigma)
    made[0] = held(made[0], frame.planes[0], coarse[0], strength, narrowed)
    changed = ((made - frame.planes).abs() > _LEAST_MOVE).any(0)
    context.note(frame.number, changed)
    return frame.with_planes(torch.where(changed, made, frame.planes))
