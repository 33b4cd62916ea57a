"""Less noise by averaging each point with itself at other moments, fetched along its motion.

Method: motion-compensated non-local means over time (after Buades, Coll and Morel 2005; flows from compute.motion). A
neighbour's weight falls with what its patch differs beyond what the noise explains (d2 - 2 sigma2), with any shift of
the patch's mean, and with how badly going there and coming back agree. The noise that is known to be left is shrunk
towards a small neighbourhood's mean by Wiener's rule, at most by the strength that was asked for. Sigma comes from the
analysis; where it or the strength is 0 that part of the picture stays bit for bit what it was.

Guards: a change of light shifts the mean, so a flash is never averaged with the dark before it; a sparkle that lives
for one frame finds no partner and stays; nothing is ever sharpened.

Each output needs `settings.radius` frames before and after it, never beyond the frames it is given. A part of a shot
that is given so many more frames at each end, and whose outputs for them are dropped, equals the same frames of the
whole shot bit for bit.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import composed, confidence, estimate, warp
from restoration.engine.frames import Frame
from restoration.engine.repairing import Repair
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext, Stage

_LUMA_RADIUS, _CHROMA_RADIUS = 2, 4
_SOFTNESS = 1.0


@dataclass(slots=True)
class _Moment:
    """A frame and the flows between it and the one before it, both ways (None for the first)."""

    frame: Frame
    to_previous: Tensor | None
    from_previous: Tensor | None


@dataclass(frozen=True, slots=True)
class _Band:
    """How one part of the planes is treated: which planes, their noise, the strength and the patch's radius."""

    planes: slice
    sigma: float
    strength: float
    radius: int


def reduce_noise(settings: NoiseSettings, context: ShotContext) -> Stage:
    """A stage that averages along motion; planes [3, H, W] in and out, numbers and size unchanged."""
    bands = _bands(settings, context)

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not bands:
            yield from frames
            return
        for moments, middle in _windows(_moments(frames), settings.radius):
            context.note(moments[middle].frame.number, None)
            yield _cleaned(moments, middle, bands)

    return stage


def _bands(settings: NoiseSettings, context: ShotContext) -> tuple[_Band, ...]:
    if not settings.enabled:
        return ()
    luma, chroma = context.noise_sigma
    bands = (_Band(slice(0, 1), luma, settings.luma, _LUMA_RADIUS),
             _Band(slice(1, 3), chroma, settings.chroma, _CHROMA_RADIUS))
    return tuple(band for band in bands if band.sigma > 0 and band.strength > 0)


def _moments(frames: Iterator[Frame]) -> Iterator[_Moment]:
    previous: Frame | None = None
    for frame in frames:
        if previous is None:
            yield _Moment(frame, None, None)
        else:
            here, there = frame.planes[0], previous.planes[0]
            yield _Moment(frame, estimate(here, there), estimate(there, here))
        previous = frame


def _windows(moments: Iterator[_Moment], radius: int) -> Iterator[tuple[list[_Moment], int]]:
    """Each moment with up to `radius` neighbours on each side, and its place among them."""
    held: deque[_Moment | None] = deque([None] * (radius + 1), maxlen=2 * radius + 1)
    for moment in chain(moments, [None] * radius):
        held.append(moment)
        if len(held) == 2 * radius + 1 and held[radius] is not None:
            window = list(held)
            yield [each for each in window if each is not None], sum(each is not None for each in window[:radius])


def _cleaned(moments: list[_Moment], middle: int, bands: tuple[_Band, ...]) -> Frame:
    frame = moments[middle].frame
    neighbours = [*_along(moments, middle, -1), *_along(moments, middle, 1)]
    planes = frame.planes.clone()
    for band in bands:
        planes[band.planes] = _averaged(frame.planes[band.planes], neighbours, band)
    return frame.with_planes(planes)


def _along(moments: list[_Moment], middle: int, step: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Planes of the neighbours on one side at the middle's place, and how sure their way is."""
    there: Tensor | None = None
    back: Tensor | None = None
    end = -1 if step < 0 else len(moments)
    for index in range(middle + step, end, step):
        ahead, behind = _between(moments, index - step, index)
        if there is None or back is None:
            there, back = ahead, behind
        else:
            there, back = composed(there, ahead), composed(behind, back)
        yield warp(moments[index].frame.planes, there, mode="bicubic"), confidence(there, back)


def _between(moments: list[_Moment], one: int, other: int) -> tuple[Tensor, Tensor]:
    later = moments[max(one, other)]
    if later.to_previous is None or later.from_previous is None:
        raise ValueError("The first frame of a shot has no flow to the one before it.")
    flows = later.from_previous, later.to_previous
    return flows if one < other else (flows[1], flows[0])


def _averaged(planes: Tensor, neighbours: list[tuple[Tensor, Tensor]], band: _Band) -> Tensor:
    """The weighted mean over time, then Wiener's rule for what noise is left. planes [C, H, W] of one band."""
    total = torch.ones_like(planes[0])
    squares = torch.ones_like(total)
    summed = planes.clone()
    for fetched, sure in neighbours:
        candidate = fetched[band.planes]
        weight = _likeness(candidate - planes, band).mul_(sure).mul_(band.strength)
        summed.addcmul_(candidate, weight)
        total.add_(weight)
        squares.addcmul_(weight, weight)
    mean = summed.div_(total)
    return _settled(mean, squares.div_(total.square()), band)


def _likeness(difference: Tensor, band: _Band) -> Tensor:
    """1 where noise explains the difference of the patches, falling to 0 beyond; the strictest plane decides."""
    expected = 2 * band.sigma ** 2
    patch = (2 * band.radius + 1) ** 2
    shift = box_mean(difference, band.radius).square_()
    spread = box_mean(difference.square(), band.radius)
    beyond = (spread - 1.2 * expected).clamp_(min=0).add_((shift - 4 * expected / patch).clamp_(min=0), alpha=4)
    return torch.exp(-beyond.amax(dim=0) / (_SOFTNESS * band.sigma ** 2))


def _settled(mean: Tensor, left: Tensor, band: _Band) -> Tensor:
    """`left` is the share of the noise's variance that the mean still has."""
    local = box_mean(mean, band.radius)
    variance = box_mean((mean - local).square(), band.radius)
    kept = 1 - (left * band.sigma ** 2 / variance.clamp_(min=1e-9)).clamp_(max=1)
    kept = 1 - band.strength * (1 - kept)
    return local + kept * (mean - local)


REPAIR = Repair("noise", is_on=lambda settings: settings.enabled, mend=reduce_noise,
                reach=lambda settings: settings.radius)
