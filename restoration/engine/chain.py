"""What settings mean for a shot: the stages its frames go through, how far these look, and what comes out of them."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import torch

from restoration.engine.compute.device import device
from restoration.engine.compute.grain import GrainModel, measure
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.enhancement.upscale import upscale
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.media import color, timing
from restoration.engine.media.reader import read
from restoration.engine.repair.fields import REACH, frames_from_fields
from restoration.engine.repair.noise import reduce_noise
from restoration.engine.settings import Settings
from restoration.engine.stage import ShotContext, Stage


def stages(settings: Settings, facts: SourceFacts, shot: Shot, texture: GrainModel | None = None) -> list[Stage]:
    """What happens to the frames of a shot, in this order: they go where the arithmetic is, are repaired, those around
    the shot are dropped as soon as nobody looks at them any more, the others become the master's.

    texture: what `texture_of` found, where grain is to be given back.
    """
    context, times = _moments(settings, facts, shot), moments_per_frame(settings)
    chosen = [_to_device, *_fields(settings, facts, shot), *_noise(settings, facts, shot),
              _only(shot.start * times, shot.end * times), color.matrix_for(master_matrix(settings, facts))]
    if settings.upscale.height is not None:
        chosen.append(upscale(settings.upscale, context))
    if texture is not None:
        chosen.append(regrain(settings.grain, context, texture))
    return chosen


def texture_of(source: Path, settings: Settings, facts: SourceFacts, shot: Shot) -> GrainModel | None:
    """The texture that noise reduction takes from the frame in the middle of the whole shot: the same for every part of
    it, whoever makes that. None where no grain is to be given back.
    """
    if not (settings.noise.enabled and settings.grain.amount and any(noise_sigma(shot))):
        return None
    low, high = whole(shot)
    middle = (low + high) // 2
    number = middle * moments_per_frame(settings)
    noisy: list[Frame] = []

    def noted(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if frame.number == number:
                noisy.append(frame)
            yield frame

    one = shot.model_copy(update={"start": middle, "end": middle + 1, "within": (low, high)})
    chosen = [_to_device, *_fields(settings, facts, shot), noted, *_noise(settings, facts, shot)]
    with closing(through(read(source, facts, *frames_around(one, settings)), chosen)) as frames:
        cleaned = next(frame for frame in frames if frame.number == number)
    return measure(noisy[0].planes, cleaned.planes)


def through(frames: Iterable[Frame], chosen: Sequence[Stage]) -> Generator[Frame]:
    """Frames as they come out of the last stage."""
    with torch.no_grad():
        passing = iter(frames)
        for stage in chosen:
            passing = stage(passing)
        yield from passing


def frames_around(shot: Shot, settings: Settings) -> tuple[int, int]:
    """The source frames to read for a shot: as far around it as its stages look, within its cuts."""
    moments = REACH if settings.fields.method == "frames" else 0
    moments += settings.noise.radius if settings.noise.enabled else 0
    around = -(-moments // moments_per_frame(settings))
    low, high = whole(shot)
    return max(low, shot.start - around), min(high, shot.end + around)


def whole(shot: Shot) -> tuple[int, int]:
    """The bounds of the whole shot that this may be a part of."""
    return shot.within or (shot.start, shot.end)


def noise_sigma(shot: Shot) -> tuple[float, float]:
    return shot.noise_luma or 0.0, shot.noise_chroma or 0.0


def moments_per_frame(settings: Settings) -> int:
    """Frames of the master for each frame of the source: two where fields become frames."""
    return 2 if settings.fields.method == "frames" else 1


def master_pixel_aspect(settings: Settings, facts: SourceFacts) -> Fraction:
    return facts.pixel_aspect if settings.upscale.height is None else Fraction(1)


def master_matrix(settings: Settings, facts: SourceFacts) -> str:
    """FFmpeg's name of the matrix the master is written with. Within BT.601 the source's own name is kept."""
    height = settings.upscale.height or facts.height
    wants_709 = height >= 720 if settings.master.matrix == "follow raster" else settings.master.matrix == "bt709"
    if wants_709:
        return "bt709"
    if facts.matrix in ("smpte170m", "bt470bg"):
        return facts.matrix
    return "bt470bg" if facts.height in (288, 576) else "smpte170m"


def start_timecode(facts: SourceFacts, start: int, times: int) -> str | None:
    """The label of the master's first frame; none where the source has none."""
    if facts.start_timecode is None:
        return None
    first = timing.frame_number(facts.start_timecode, facts.rate) + start
    return timing.label(first * times, facts.rate * times, drop_frame=facts.drop_frame)


def _context(facts: SourceFacts, shot: Shot) -> ShotContext:
    return ShotContext(rate=facts.rate, pixel_aspect=facts.pixel_aspect, noise_sigma=noise_sigma(shot),
                       seed=whole(shot)[0])


def _moments(settings: Settings, facts: SourceFacts, shot: Shot) -> ShotContext:
    return replace(_context(facts, shot), rate=facts.rate * moments_per_frame(settings))


def _fields(settings: Settings, facts: SourceFacts, shot: Shot) -> list[Stage]:
    return [frames_from_fields(settings.fields, _context(facts, shot))] if settings.fields.method == "frames" else []


def _noise(settings: Settings, facts: SourceFacts, shot: Shot) -> list[Stage]:
    return [reduce_noise(settings.noise, _moments(settings, facts, shot))] if settings.noise.enabled else []


def _to_device(frames: Iterator[Frame]) -> Iterator[Frame]:
    """The writer brings them back."""
    for frame in frames:
        yield frame.with_planes(frame.planes.to(device()))


def _only(start: int, end: int) -> Stage:
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        return (frame for frame in frames if start <= frame.number < end)

    return stage
