"""The stage: frames with the flows between them, a window of them at a time."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from torch import Tensor

from restoration.engine.compute.motion import composed, estimate_both_ways, warp
from restoration.engine.frames import Frame
from restoration.engine.repair.noise.averaging import averaged
from restoration.engine.repair.noise.settling import settled
from restoration.engine.repair.noise.spectrum import Band, noise_of
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext, Stage


@dataclass(slots=True)
class _Moment:
    """A frame and the flows between it and the one before it, both ways (None for the first)."""

    frame: Frame
    to_previous: Tensor | None
    from_previous: Tensor | None


def reduce_noise(settings: NoiseSettings, context: ShotContext) -> Stage:
    """A stage that averages along motion; planes [3, H, W] in and out, numbers and size unchanged."""
    bands = _bands(settings, context)

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not bands:
            yield from frames
            return
        for moments, middle in _windows(_moments(frames, context.noise_sigma[0]), settings.radius):
            context.note(moments[middle].frame.number, None)
            yield _cleaned(moments, middle, bands)

    return stage


def _bands(settings: NoiseSettings, context: ShotContext) -> tuple[Band, ...]:
    if not settings.enabled:
        return ()
    luma, chroma = context.noise_sigma
    bands = (Band(slice(0, 1), luma, settings.luma, halved=False, beyond=1.8, places=8, most=2.5),
             Band(slice(1, 3), chroma, settings.chroma, halved=True, beyond=2.6, places=4, most=4.0))
    return tuple(band for band in bands if band.sigma > 0 and band.strength > 0)


def _moments(frames: Iterator[Frame], sigma: float) -> Iterator[_Moment]:
    previous: Frame | None = None
    for frame in frames:
        if previous is None:
            yield _Moment(frame, None, None)
        else:
            there, back = estimate_both_ways(frame.planes[0], previous.planes[0], finest=1, noise=sigma)
            yield _Moment(frame, there, back)
        previous = frame


def _windows(moments: Iterator[_Moment], radius: int) -> Iterator[tuple[list[_Moment], int]]:
    """Each moment with up to `radius` neighbours on each side, and its place among them."""
    held: deque[_Moment | None] = deque([None] * (radius + 1), maxlen=2 * radius + 1)
    for moment in chain(moments, [None] * radius):
        held.append(moment)
        if len(held) == 2 * radius + 1 and held[radius] is not None:
            window = list(held)
            yield [each for each in window if each is not None], sum(each is not None for each in window[:radius])


def _cleaned(moments: list[_Moment], middle: int, bands: tuple[Band, ...]) -> Frame:
    frame = moments[middle].frame
    before, after = list(_along(moments, middle, -1)), list(_along(moments, middle, 1))
    planes = frame.planes.clone()
    # Moments made of one frame's two fields share noise; the farthest neighbours share least.
    farthest = [*before[-1:], *after[-1:]]
    for band in bands:
        planes[band.planes] = _less_noisy(frame.planes, [*before, *after], farthest, band)
    return frame.with_planes(planes)


def _less_noisy(planes: Tensor, neighbours: list[Tensor], farthest: list[Tensor], band: Band) -> Tensor:
    own = planes[band.planes]
    noise = noise_of(own, [fetched[band.planes] for fetched in farthest], band)
    mean, left = averaged(own, [fetched[band.planes] for fetched in neighbours], band, noise)
    return settled(mean, left, band, noise)


def _along(moments: list[_Moment], middle: int, step: int) -> Iterator[Tensor]:
    """Planes of the neighbours on one side, the nearest first, at the middle's place."""
    there: Tensor | None = None
    end = -1 if step < 0 else len(moments)
    for index in range(middle + step, end, step):
        ahead = _ahead(moments, index - step, index)
        there = ahead if there is None else composed(there, ahead)
        yield warp(moments[index].frame.planes, there, mode="bicubic")


def _ahead(moments: list[_Moment], one: int, other: int) -> Tensor:
    later = moments[max(one, other)]
    flow = later.from_previous if one < other else later.to_previous
    if flow is None:
        raise ValueError("The first frame of a shot has no flow to the one before it.")
    return flow
