"""The stage: frames with the flows between them, a window of them at a time."""

from collections.abc import Iterator

from torch import Tensor

from restoration.engine.compute.motion import warp
from restoration.engine.compute.ways import Linked, linked, ways_there
from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.repair.noise.averaging import averaged
from restoration.engine.repair.noise.finishing import finish_of
from restoration.engine.repair.noise.settling import settled
from restoration.engine.repair.noise.spectrum import Band, noise_of
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext, Stage


def reduce_noise(settings: NoiseSettings, context: ShotContext) -> Stage:
    """A stage that averages along motion; planes [3, H, W] in and out, numbers and size unchanged."""
    bands = _bands(settings, context)
    finish = finish_of(settings, context)

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not bands:
            yield from frames
            return
        for window, middle in around(_linked(frames, context.noise_sigma[0]), settings.radius):
            frame = window[middle][0]
            if context.wanted is not None and frame.number not in context.wanted:
                yield frame
                continue
            context.note(frame.number, None)
            made = _cleaned(frame, [moment for _, moment in window], middle, bands)
            yield made if finish is None else made.with_planes(finish(made.planes))

    return stage


def _bands(settings: NoiseSettings, context: ShotContext) -> tuple[Band, ...]:
    if not settings.enabled:
        return ()
    luma, chroma = context.noise_sigma
    bands = (Band(slice(0, 1), luma, settings.luma, halved=False, beyond=1.8, places=8, most=2.5),
             Band(slice(1, 3), chroma, settings.chroma, halved=True, beyond=2.6, places=4, most=4.0))
    return tuple(band for band in bands if band.sigma > 0 and band.strength > 0)


def _linked(frames: Iterator[Frame], sigma: float) -> Iterator[tuple[Frame, Linked]]:
    previous: Linked | None = None
    for frame in frames:
        previous = linked(frame.planes, previous, noise=sigma)
        yield frame, previous


def _cleaned(frame: Frame, moments: list[Linked], middle: int, bands: tuple[Band, ...]) -> Frame:
    before, after = ([warp(moments[index].planes, way, mode="bicubic")
                      for index, way in ways_there(moments, middle, step)] for step in (-1, 1))
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
