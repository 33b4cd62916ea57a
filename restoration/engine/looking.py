"""A look: a few frames of a shot as settings make them, exactly as a whole restoration would, and nothing else.

A part of a shot with as many frames around it as its stages look at equals the whole shot, so each frame is a part of
its own. Parts are made side by side, each by one thread, for torch's own threads share the work of two cores badly; the
shot's grain is measured meanwhile.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from fractions import Fraction
from itertools import chain
from pathlib import Path

from restoration.engine.chain import (
    frames_around,
    grain_back,
    master_pixel_aspect,
    moments_of,
    stages,
    texture_of,
    through,
    traces_of,
    whole,
)
from restoration.engine.compute.device import one_thread, settle
from restoration.engine.compute.grain import GrainModel
from restoration.engine.encoding.stills import still_of_frame
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.frames import Frame
from restoration.engine.media.reader import read
from restoration.engine.progress import IsCancelled, check, never
from restoration.engine.settings import Settings
from restoration.engine.stage import Stage

Still = tuple[int, bytes]


def look_at(source: Path, report: AnalysisReport, shot: Shot, settings: Settings, frames: Sequence[int], *,
            at_once: int = 1, is_cancelled: IsCancelled = never) -> Iterator[Still]:
    """Those frames of the master that these settings would make of a whole shot, as PNG at the master's raster in
    square pixels, each as soon as it is made. frames: the master's numbers, counted from the source's first frame.

    Raises SettingsError for a frame that is not the shot's, SourceError, WeightsError, RepairError and Cancelled.
    """
    settle()
    settings = settings.at(*whole(shot))
    for frame in frames:
        if frame not in moments_of(settings).owned(shot.start, shot.end):
            raise SettingsError(gettext_noop("Frame {frame} does not lie in this shot."), frame=frame)
    with one_thread(), ThreadPoolExecutor(at_once) as hands:
        # Asked first, it is never waited for by all hands.
        texture = hands.submit(texture_of, source, settings, report.source, shot)
        asked = [hands.submit(_made, source, report, shot, settings, texture, frame, is_cancelled) for frame in frames]
        try:
            for done in as_completed(asked):
                yield done.result()
        finally:
            hands.shutdown(cancel_futures=True)


def _made(source: Path, report: AnalysisReport, shot: Shot, settings: Settings, texture: Future[GrainModel | None],
          number: int, is_cancelled: IsCancelled) -> Still:
    check(is_cancelled)
    facts, begins = report.source, moments_of(settings).source_frame(number)
    part = shot.model_copy(update={"start": begins, "end": begins + 1, "within": whole(shot)})
    chosen = stages(settings, facts, part, traces=traces_of(source, settings, facts, part))
    chosen.append(_once_measured(texture, settings, report, part))
    shape = master_pixel_aspect(settings, facts)
    for frame in through(read(source, facts, *frames_around(part, settings)), chosen):
        check(is_cancelled)
        if frame.number == number:
            return number, still_of_frame(frame, Fraction(shape))
    raise RuntimeError(f"Frame {number} was not made of source frame {begins}.")


def _once_measured(texture: Future[GrainModel | None], settings: Settings, report: AnalysisReport, part: Shot) -> Stage:
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        first = next(frames, None)
        model = texture.result()
        every = chain([first] if first else [], frames)
        return every if model is None else grain_back(settings, report.source, part, model)(every)

    return stage
