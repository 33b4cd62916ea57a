"""A look: a few frames of a shot as settings make them, exactly as a whole restoration would, and nothing else.

A part of a shot with as many frames around it as its stages look at equals the whole shot, so each frame is a part of
its own. Parts are made side by side, each by one thread, for torch's own threads share the work of two cores badly. The
frame in the middle of the shot tells its texture on its way, so it goes first; the others wait for that at their end.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path

from restoration.engine.chain import grain_back, stages, through
from restoration.engine.compute.device import one_thread, settle
from restoration.engine.compute.grain import GrainModel
from restoration.engine.encoding.frame_still import still_of_frame
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.fitting import refuse_unfit
from restoration.engine.frames import Frame
from restoration.engine.mastering import master_pixel_aspect
from restoration.engine.media.reader import read
from restoration.engine.progress import IsCancelled, check, never
from restoration.engine.reaching import frames_around, moments_of, whole
from restoration.engine.scouting import texture_frame, texture_of, traces_of
from restoration.engine.settings import Settings
from restoration.engine.stage import Stage
from restoration.engine.texture import TextureWitness

Still = tuple[int, bytes]


def look_at(source: Path, report: AnalysisReport, shot: Shot, settings: Settings, frames: Sequence[int], *,
            at_once: int = 1, is_cancelled: IsCancelled = never) -> Iterator[Still]:
    """Those frames of the master that these settings would make of a whole shot, as PNG at the master's raster in
    square pixels, each as soon as it is made. frames: the master's numbers, counted from the source's first frame.

    Raises SettingsError for a frame that is not the shot's and for settings that do not suit the source, SourceError,
    WeightsError, RepairError and Cancelled.
    """
    settle()
    settings = settings.at(*whole(shot))
    refuse_unfit(settings, report.source)
    for frame in frames:
        if frame not in moments_of(settings).owned(shot.start, shot.end):
            raise SettingsError(gettext_noop("Frame {frame} does not lie in this shot."), frame=frame)
    look = _Look(source, report, shot, settings, is_cancelled, _telling(settings, shot, frames))
    with one_thread(), ThreadPoolExecutor(at_once) as hands:
        if look.telling is None:
            hands.submit(look.find_texture)
        asked = [hands.submit(look.made, frame) for frame in sorted(frames, key=lambda frame: frame != look.telling)]
        try:
            for done in as_completed(asked):
                yield done.result()
        finally:
            hands.shutdown(cancel_futures=True)


def _telling(settings: Settings, shot: Shot, frames: Sequence[int]) -> int | None:
    """Which of these frames is made of the one that tells the shot's texture."""
    seen, moments = texture_frame(settings, shot), moments_of(settings)
    for frame in frames:
        begins = moments.source_frame(frame)
        if seen is not None and seen in moments.before_retiming.owned(begins, begins + 1):
            return frame
    return None


@dataclass(frozen=True, slots=True)
class _Look:
    """What all frames of a look share. telling: which of them tells the texture, None where none does; texture: of the
    whole shot, as soon as somebody knows it."""

    source: Path
    report: AnalysisReport
    shot: Shot
    settings: Settings
    is_cancelled: IsCancelled
    telling: int | None
    texture: Future[GrainModel | None] = field(default_factory=Future)

    def find_texture(self) -> None:
        """Where no frame of the look tells it."""
        try:
            self.texture.set_result(texture_of(self.source, self.settings, self.report.source, self.shot,
                                               is_cancelled=self.is_cancelled))
        except BaseException as error:
            self.texture.set_exception(error)
            raise

    def made(self, number: int) -> Still:
        try:
            return self._made(number)
        except BaseException as error:
            if number == self.telling and not self.texture.done():
                self.texture.set_exception(error)
            raise

    def _made(self, number: int) -> Still:
        check(self.is_cancelled)
        settings, facts, part = self.settings, self.report.source, self._part(number)
        traces = traces_of(self.source, settings, facts, part, is_cancelled=self.is_cancelled)
        # Of a frame that tells the texture the other moments of its part are made too: one of them is measured.
        only = None if number == self.telling else number
        chosen = [*stages(settings, facts, part, traces=traces, texture_witness=self._witness(number), only=only),
                  self._grain_back(part)]
        for frame in through(read(self.source, facts, *frames_around(part, settings)), chosen):
            check(self.is_cancelled)
            if frame.number == number:
                return number, still_of_frame(frame, Fraction(master_pixel_aspect(settings, facts)))
        raise RuntimeError(f"Frame {number} was not made of source frame {part.start}.")

    def _part(self, number: int) -> Shot:
        begins = moments_of(self.settings).source_frame(number)
        return self.shot.model_copy(update={"start": begins, "end": begins + 1, "within": whole(self.shot)})

    def _witness(self, number: int) -> TextureWitness | None:
        seen = texture_frame(self.settings, self.shot)
        return None if seen is None or number != self.telling else TextureWitness(seen, self.texture.set_result)

    def _grain_back(self, part: Shot) -> Stage:
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            first = next(frames, None)
            model = self.texture.result()
            every = chain([first] if first else [], frames)
            return every if model is None else grain_back(self.settings, self.report.source, part, model)(every)

        return stage
