"""The whole analysis in one pass over the frames and bounded memory."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import torch
from torch import Tensor

from restoration.engine.analysis import cadence, damage, faces, noise_level, recommend, specimens
from restoration.engine.analysis.cadence import FieldMeasure, FieldMeter, Tally, Verdict
from restoration.engine.analysis.damage import Damage
from restoration.engine.analysis.measures import MEASURES, TRACED
from restoration.engine.analysis.noise_level import NoiseSample
from restoration.engine.analysis.shots import ShotFinder
from restoration.engine.analysis.specimens import Specimens
from restoration.engine.compute import sketches
from restoration.engine.compute.device import device
from restoration.engine.edition import ANALYSES, edition
from restoration.engine.facts import AnalysisReport, Shot, SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.overlap import ahead
from restoration.engine.specimen import Finding

SAMPLE_EVERY = 8
RARELY = 32  # Of the sampled frames of a long shot, how few have their noise measured.
REPEATS = 4  # Frames to look back for one that is not the same: films of 12 a second at 30 repeat two of three.
REPEATED = 0.35  # Of the greatest change among these, below which a frame repeats another.
COMBED = 0.005
IN_HAND = 12  # Frames that were looked at and wait for the detectors.


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
    rows: tuple[Tensor, ...]
    level: float
    contrast: float
    group: tuple[Frame, ...] | None = None


@dataclass(slots=True)
class _ShotNotes:
    start: int
    has_fields: bool
    declared: Literal["tff", "bff"] | None = None
    tally: Tally = field(default_factory=Tally)
    damage: Damage = field(default_factory=Damage)
    rows: list[tuple[Tensor, ...]] = field(default_factory=list)
    groups: int = 0
    pairs: int = 0

    def add(self, noted: _Noted) -> None:
        change = max(noted.fields.top, noted.fields.bottom) if noted.fields else None
        self.damage.stillness.add(change, noted.level, noted.contrast)
        if noted.fields:
            self.damage.add_combing(noted.number, noted.fields.combed)
            if noted.number > self.start:
                self.tally.add(noted.fields)
        if noted.sample:
            self.damage.add(replace(noted.sample, noise=self._noise(noted)))
        self.rows.append(noted.rows)
        if noted.group and noted.group[0].number >= self.start:
            self._ask(noted.group)

    def _ask(self, group: tuple[Frame, ...]) -> None:
        self.groups += 1
        if not specimens.sparsely(self.groups):
            return
        shown = specimens.specimen(group, self._order(), self.damage.level)
        for measure in MEASURES:
            self.damage.add_findings(shown.number, measure(shown))
        self.damage.add_faces(shown.number, faces.count(shown))

    def _order(self) -> Literal["tff", "bff"] | None:
        """The order of this shot's fields as far as it was seen; where that cannot be told yet, what the file says."""
        verdict = self.tally.verdict()
        if verdict.scan == "progressive":
            return None
        return verdict.order or self.declared

    def judge(self, rate: Fraction) -> None:
        """Ask the judges, once all rows of the shot are there; its first row knows the shot before."""
        self._add_judged(self.damage.stillness.findings(rate), 0)
        for place, repair in enumerate(TRACED):
            rows = [each[place] for each in self.rows[1:]]
            if repair.judge is None or len(rows) < 2:
                continue
            self._add_judged(repair.judge(torch.stack(rows), rate), 1)
        self.rows.clear()

    def _add_judged(self, findings: Mapping[str, Finding], first: int) -> None:
        """What was said of the whole shot; its worst places count from the shot's frame `first`."""
        for name, finding in findings.items():
            worst = tuple(self.start + first + place for place in finding.worst)
            self.damage.add_findings(self.start, {name: replace(finding, worst=worst)})

    def _noise(self, noted: _Noted) -> NoiseSample | None:
        """Measured on the shot's first pairs, then ever further apart: six in ten seconds."""
        if noted.pair is None or noted.pair.earliest < self.start:
            return None
        self.pairs += 1
        if self.pairs & (self.pairs - 1) and self.pairs % RARELY:
            return None
        # Fine detail that moves combs too, and has more between the lines of a field than motion explains.
        combed = noted.fields is not None and noted.fields.combed > COMBED
        ways = (True,) if self.has_fields else (False, True) if combed else (False,)
        found = [noise_level.sample(noted.pair.now, noted.pair.before, fields=fields) for fields in ways]
        return min((sample for sample in found if sample), key=lambda sample: sample.luma, default=None)


class _Pairs:
    """Pairs of a frame and the nearest before it that it does not repeat: a repeated frame repeats its noise."""

    def __init__(self) -> None:
        self._kept: deque[Tensor] = deque(maxlen=REPEATS + 1)

    def push(self, frame: Frame, number: int) -> None:
        if number % SAMPLE_EVERY >= SAMPLE_EVERY - REPEATS or number % SAMPLE_EVERY in (0, 1):
            middle = noise_level.middle(frame.planes)
            # No part of a picture may hold the whole in memory.
            self._kept.append(middle if middle.shape == frame.planes.shape else middle.clone())

    def of_last(self, number: int) -> _Pair | None:
        now, *earlier = reversed(self._kept)
        changes = [float((now[0, ::8, ::2] - then[0, ::8, ::2]).abs().mean()) for then in earlier]
        for step, (then, change) in enumerate(zip(earlier, changes, strict=True), start=1):
            if change > REPEATED * max(changes):
                return _Pair(now, then, number - step)
        return None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A frame's notes, and what is known after it: the starts of the shots so far, and below which number all frames
    belong to one of them."""

    noted: _Noted
    starts: tuple[int, ...]
    settled: int


@torch.inference_mode()
def analyse_frames(frames: Iterable[Frame], facts: SourceFacts) -> AnalysisReport:
    """What is on the source and what to do about it, from all frames of the reel in display order.

    Frames are looked at in a thread of their own, while the detectors are shown the specimens of those before.
    """
    finder = ShotFinder()
    waiting: deque[_Noted] = deque()
    notes: list[_ShotNotes] = []
    with ahead(_looked_at(frames, finder), IN_HAND) as looked_at:
        for seen in looked_at:
            waiting.append(seen.noted)
            _file(waiting, notes, seen.starts, seen.settled, facts)
    shots = finder.finish()
    _file(waiting, notes, tuple(shot.start for shot in shots), finder.seen, facts)
    return _reported(facts, shots, notes)


@torch.inference_mode()
def _looked_at(frames: Iterable[Frame], finder: ShotFinder) -> Iterator[_Seen]:
    meter, pairs, groups = FieldMeter(), _Pairs(), Specimens()
    tracers = [repair.tracer() for repair in TRACED if repair.tracer]
    for number, frame in enumerate(frames):
        sketch = sketches.of_frame(frame)
        finder.push(sketch)
        pairs.push(frame, number)
        is_sampled = number % SAMPLE_EVERY == 1 or number == 0
        noted = _Noted(number, meter.observe(frame.planes[0]),
                       damage.measure(number, frame.planes) if is_sampled else None,
                       pairs.of_last(number) if is_sampled else None,
                       # One field is enough, and right whatever the frame holds.
                       tuple(tracer.push(frame.planes[:, ::2], parity=0) for tracer in tracers),
                       sketch.level, sketch.contrast, groups.push(frame, number))
        yield _Seen(noted, tuple(start for start, _ in finder.boundaries), finder.settled)


def _file(waiting: deque[_Noted], notes: list[_ShotNotes], starts: tuple[int, ...], settled: int,
          facts: SourceFacts) -> None:
    """Give each settled frame's notes to its shot."""
    while waiting and waiting[0].number < settled:
        noted = waiting.popleft()
        if len(notes) < len(starts) and noted.number == starts[len(notes)]:
            if notes:
                notes[-1].judge(facts.rate)
            has_fields = facts.scan != "progressive"
            notes.append(_ShotNotes(noted.number, has_fields, facts.field_order if has_fields else None))
        notes[-1].add(noted)


def _reported(facts: SourceFacts, shots: tuple[Shot, ...], notes: list[_ShotNotes]) -> AnalysisReport:
    notes[-1].judge(facts.rate)
    verdicts = [note.tally.verdict() for note in notes]
    verdict = cadence.of_reel(verdicts)
    source = _with_scan(facts, verdict)
    described = tuple(
        note.damage.described(shot, has_fields=(own.scan or source.scan) != "progressive")
        for shot, note, own in zip(shots, notes, verdicts, strict=True))
    grainy = [shot.traits.is_grainy for shot in described]
    told = [value for value in grainy if value is not None]
    return AnalysisReport(engine=edition(ANALYSES), source=source, shots=described, recommendation=recommend.recommend(
        source, described, is_grainy=sum(told) * 2 >= len(told) if told else None,
        has_gpu=device().type == "cuda"))


def _with_scan(facts: SourceFacts, verdict: Verdict) -> SourceFacts:
    """The facts with what was measured; where nothing moved, what the file says of itself stands."""
    if verdict.scan is None:
        return facts
    order = None if verdict.scan == "progressive" else verdict.order
    return facts.model_copy(update={"scan": verdict.scan, "field_order": order})
