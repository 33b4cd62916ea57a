"""The whole analysis in one pass over the frames and bounded memory."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from restoration.engine import VERSION
from restoration.engine.analysis import cadence, damage, noise_level, recommend, sketches
from restoration.engine.analysis.cadence import FieldMeasure, FieldMeter, Tally, Verdict
from restoration.engine.analysis.damage import Damage
from restoration.engine.analysis.noise_level import NoiseSample
from restoration.engine.analysis.shots import ShotFinder
from restoration.engine.facts import AnalysisReport, Shot, SourceFacts
from restoration.engine.frames import Frame

SAMPLE_EVERY = 8
RARELY = 32  # Of the sampled frames of a long shot, how few have their noise measured.
REPEATS = 4  # Frames to look back for one that is not the same: films of 12 a second at 30 repeat two of three.
REPEATED = 0.35  # Of the greatest change among these, below which a frame repeats another.
COMBED = 0.005


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two frames' middles that noise can be told from; `earliest` is the number of the one before."""

    now: Tensor
    before: Tensor
    earliest: int


@dataclass(slots=True)
class _Noted:
    """What is kept of a frame until it is known to which shot it belongs."""

    number: int
    fields: FieldMeasure | None
    sample: damage.Sample | None
    pair: _Pair | None


@dataclass(slots=True)
class _ShotNotes:
    start: int
    has_fields: bool
    tally: Tally = field(default_factory=Tally)
    damage: Damage = field(default_factory=Damage)
    pairs: int = 0

    def add(self, noted: _Noted) -> None:
        if noted.fields:
            self.damage.add_combing(noted.number, noted.fields.combed)
            if noted.number > self.start:
                self.tally.add(noted.fields)
        if noted.sample:
            self.damage.add(replace(noted.sample, noise=self._noise(noted)))

    def _noise(self, noted: _Noted) -> NoiseSample | None:
        """Measured on the shot's first pairs, then ever further apart: six in ten seconds."""
        if noted.pair is None or noted.pair.earliest < self.start:
            return None
        self.pairs += 1
        if self.pairs & (self.pairs - 1) and self.pairs % RARELY:
            return None
        combed = noted.fields is not None and noted.fields.combed > COMBED
        return noise_level.sample(noted.pair.now, noted.pair.before, fields=self.has_fields or combed)


class _Pairs:
    """Pairs of a frame and the nearest before it that it does not repeat: a repeated frame repeats its noise."""

    def __init__(self) -> None:
        self._kept: deque[Tensor] = deque(maxlen=REPEATS + 1)

    def push(self, frame: Frame, number: int) -> None:
        if number % SAMPLE_EVERY >= SAMPLE_EVERY - REPEATS or number % SAMPLE_EVERY in (0, 1):
            self._kept.append(noise_level.middle(frame.planes).clone())

    def of_last(self, number: int) -> _Pair | None:
        now, *earlier = reversed(self._kept)
        changes = [float((now[0, ::8, ::2] - then[0, ::8, ::2]).abs().mean()) for then in earlier]
        for step, (then, change) in enumerate(zip(earlier, changes, strict=True), start=1):
            if change > REPEATED * max(changes):
                return _Pair(now, then, number - step)
        return None


@torch.no_grad()
def analyse_frames(frames: Iterable[Frame], facts: SourceFacts) -> AnalysisReport:
    """What is on the source and what to do about it, from all frames of the reel in display order."""
    meter, finder = FieldMeter(), ShotFinder()
    waiting: deque[_Noted] = deque()
    notes: list[_ShotNotes] = []
    pairs = _Pairs()
    for number, frame in enumerate(frames):
        finder.push(sketches.of_frame(frame))
        pairs.push(frame, number)
        is_sampled = number % SAMPLE_EVERY == 1 or number == 0
        waiting.append(_Noted(number, meter.observe(frame.planes[0]),
                              damage.measure(number, frame.planes) if is_sampled else None,
                              pairs.of_last(number) if is_sampled else None))
        _file(waiting, notes, [start for start, _ in finder.boundaries], finder.settled, facts)
    shots = finder.finish()
    _file(waiting, notes, [shot.start for shot in shots], finder.seen, facts)
    return _reported(facts, shots, notes)


def _file(waiting: deque[_Noted], notes: list[_ShotNotes], starts: list[int], settled: int,
          facts: SourceFacts) -> None:
    """Give each settled frame's notes to its shot."""
    while waiting and waiting[0].number < settled:
        noted = waiting.popleft()
        if len(notes) < len(starts) and noted.number == starts[len(notes)]:
            notes.append(_ShotNotes(noted.number, has_fields=facts.scan != "progressive"))
        notes[-1].add(noted)


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
        source, described, is_grainy=sum(told) * 2 >= len(told) if told else None))


def _with_scan(facts: SourceFacts, verdict: Verdict) -> SourceFacts:
    """The facts with what was measured; where nothing moved, what the file says of itself stands."""
    if verdict.scan is None:
        return facts
    order = None if verdict.scan == "progressive" else verdict.order
    return facts.model_copy(update={"scan": verdict.scan, "field_order": order})
