"""The whole analysis in one pass over the frames and bounded memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from restoration.engine import VERSION
from restoration.engine.analysis import cadence, damage, recommend, sketches
from restoration.engine.analysis.cadence import FieldMeasure, FieldMeter, Tally, Verdict
from restoration.engine.analysis.damage import Damage
from restoration.engine.analysis.shots import ShotFinder
from restoration.engine.facts import AnalysisReport, Shot, SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.media.reader import read
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never

SAMPLE_EVERY = 8


@dataclass(slots=True)
class _Noted:
    """What is kept of a frame until it is known to which shot it belongs."""

    number: int
    fields: FieldMeasure | None
    sample: damage.Sample | None


@dataclass(slots=True)
class _ShotNotes:
    tally: Tally = field(default_factory=Tally)
    damage: Damage = field(default_factory=Damage)

    def add(self, noted: _Noted, *, is_first: bool) -> None:
        if noted.fields:
            self.damage.add_combing(noted.number, noted.fields.combed)
            if not is_first:
                self.tally.add(noted.fields)
        if noted.sample:
            self.damage.add(noted.sample)


def analyse_reel(source: Path, facts: SourceFacts, *, report: Report = ignore,
                 is_cancelled: IsCancelled = never) -> AnalysisReport:
    """What is on the source and what to do about it. Raises SourceError as the reader does, and Cancelled."""
    def watched() -> Iterator[Frame]:
        for count, frame in enumerate(read(source, facts), start=1):
            check(is_cancelled)
            yield frame
            report(Progress("analyse", count, facts.frames))

    return analyse_frames(watched(), facts)


@torch.no_grad()
def analyse_frames(frames: Iterable[Frame], facts: SourceFacts) -> AnalysisReport:
    """The same over all frames of the reel, in display order."""
    meter, finder = FieldMeter(), ShotFinder()
    waiting: deque[_Noted] = deque()
    notes: list[_ShotNotes] = []
    before: Tensor | None = None
    for number, frame in enumerate(frames):
        finder.push(sketches.of_frame(frame))
        sample = damage.measure(number, frame.planes, before) if number % SAMPLE_EVERY == 1 or number == 0 else None
        waiting.append(_Noted(number, meter.observe(frame.planes[0]), sample))
        before = frame.planes
        _file(waiting, notes, [start for start, _ in finder.boundaries], finder.settled)
    shots = finder.finish()
    _file(waiting, notes, [shot.start for shot in shots], finder.seen)
    return _reported(facts, shots, notes)


def _file(waiting: deque[_Noted], notes: list[_ShotNotes], starts: list[int], settled: int) -> None:
    """Give each settled frame's notes to its shot."""
    while waiting and waiting[0].number < settled:
        noted = waiting.popleft()
        is_first = len(notes) < len(starts) and noted.number == starts[len(notes)]
        if is_first:
            notes.append(_ShotNotes())
        notes[-1].add(noted, is_first=is_first)


def _reported(facts: SourceFacts, shots: tuple[Shot, ...], notes: list[_ShotNotes]) -> AnalysisReport:
    verdicts = [note.tally.verdict() for note in notes]
    verdict = cadence.of_reel(verdicts)
    source = _with_scan(facts, verdict)
    described = tuple(
        note.damage.described(shot, has_fields=(own.scan or source.scan) != "progressive")
        for shot, note, own in zip(shots, notes, verdicts, strict=True))
    grainy = [note.damage.is_grainy for note in notes]
    told = [value for value in grainy if value is not None]
    return AnalysisReport(engine=VERSION, source=source, shots=described, recommendation=recommend.recommend(
        source, described, is_grainy=sum(told) * 2 > len(told) if told else None))


def _with_scan(facts: SourceFacts, verdict: Verdict) -> SourceFacts:
    """The facts with what was measured; where nothing moved, what the file says of itself stands."""
    if verdict.scan is None:
        return facts
    order = None if verdict.scan == "progressive" else verdict.order
    return facts.model_copy(update={"scan": verdict.scan, "field_order": order})
