"""What is found out about a shot before its frames go through the chain: what lasts longer than a repair can see, and
the texture that noise reduction takes."""

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from restoration.engine.chain import Traces, context_of, mending, through, to_device
from restoration.engine.compute.grain import GrainModel, measure
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.ledger import Ledger
from restoration.engine.media.reader import read
from restoration.engine.progress import IsCancelled, heeded, never
from restoration.engine.reaching import (
    followed_by,
    frames_around,
    moments_of,
    noise_sigma,
    reaches,
    repaired,
    repairs_on,
    whole,
)
from restoration.engine.repair import FIELDS
from restoration.engine.settings import Settings
from restoration.engine.stage import Stage
from restoration.engine.survey import trace_of


def traces_of(source: Path, settings: Settings, facts: SourceFacts, shot: Shot, *,
              is_cancelled: IsCancelled = never) -> Traces:
    """What the repairs that need a longer time know of it, from a look at the frames around the shot as they are.
    Raises Cancelled between two of them."""
    wanted = [repair for repair in repairs_on(settings) if repair.tracer is not None]
    if not wanted:
        return {}
    moments = repaired(settings)
    low, high = whole(shot)
    before, after = reaches(settings)
    around = before + moments.around(max(repair.trace_reach for repair in wanted) + before + after)
    first, last = max(low, shot.start - around), min(high, shot.end + around)
    frames = heeded(read(source, facts, first, last), is_cancelled)
    if settings.fields.method == "film":
        # Fields of one film frame must give one row, so the film is put together first.
        frames = through(frames, [to_device, FIELDS.mend(settings.fields, context_of(facts, shot, moments))])
    return {repair.name: trace for repair, trace in zip(
        wanted, trace_of(frames, [repair.tracer() for repair in wanted if repair.tracer],
                         order=settings.fields.order if settings.fields.method == "frames" else None), strict=True)}


def texture_of(source: Path, settings: Settings, facts: SourceFacts, shot: Shot, *,
               is_cancelled: IsCancelled = never) -> GrainModel | None:
    """The texture that noise reduction takes from the frame in the middle of the whole shot: the same for every part of
    it, whoever makes that. None where no grain is to be given back. Raises Cancelled between two frames.
    """
    number = texture_frame(settings, shot)
    if number is None:
        return None
    low, high = whole(shot)
    one = shot.model_copy(update={"start": (low + high) // 2, "end": repaired(settings).source_frame(number) + 1,
                                  "within": (low, high)})
    with closing(through_noise(source, settings, facts, one, is_cancelled=is_cancelled)) as pairs:
        noisy, cleaned = next(pair for pair in pairs if pair[0].number == number)
    return measure(noisy.planes, cleaned.planes)


def texture_frame(settings: Settings, shot: Shot) -> int | None:
    """The number, among the frames that repairs make, of the one that tells the whole shot's texture; None where no
    grain is to be given back."""
    if not (settings.noise.enabled and settings.grain.amount and any(noise_sigma(shot))):
        return None
    (low, high), moments = whole(shot), repaired(settings)
    number = moments.first((low + high) // 2)
    return number if number in moments.owned(low, high) else None


def through_noise(source: Path, settings: Settings, facts: SourceFacts, shot: Shot, *,
                  is_cancelled: IsCancelled = never) -> Generator[tuple[Frame, Frame]]:
    """Each moment of a shot and of the frames around it that noise reduction reaches, before and behind it; whatever
    stands in the chain after it is left out. Raises Cancelled between two frames."""
    waiting: deque[Frame] = deque()

    def noted(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            waiting.append(frame)
            yield frame

    moments = moments_of(settings)
    traces = traces_of(source, settings, facts, shot, is_cancelled=is_cancelled)
    ledger = Ledger(0, 0, moments.before_retiming)
    followed = followed_by(moments, moments.owned(shot.start, shot.end))
    chosen: list[Stage] = [to_device]
    for repair in repairs_on(settings):
        if repair.name == "noise":
            chosen.append(noted)
        chosen.append(mending(repair, settings, facts, shot, followed, traces, ledger))
        if repair.name == "noise":
            break
    entering = heeded(read(source, facts, *frames_around(shot, settings)), is_cancelled)
    with closing(through(entering, chosen)) as frames:
        for frame in heeded(frames, is_cancelled):
            yield waiting.popleft(), frame
