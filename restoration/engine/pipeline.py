"""The engine's heavy door: from a source to its analysis, from shots to segments, from segments to a master.

Everything raises SourceError, SettingsError, WeightsError, DiskFullError, EncodingError or Cancelled
(engine/errors.py), and nothing else for what a person did. Frame numbers are source frame numbers; ranges are half
open.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch

from restoration.engine.analysis.reel import analyse_frames
from restoration.engine.beforehand import load_networks, remarks_on, within_reach
from restoration.engine.chain import stages, through, witness_of
from restoration.engine.compute.device import one_thread, settle
from restoration.engine.compute.facefinding import finder
from restoration.engine.edition import ANALYSES, edition
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.excepting import refuse_astray
from restoration.engine.facts import (
    AnalysisReport,
    MasterFacts,
    RestoreReport,
    SegmentFacts,
    Shot,
)
from restoration.engine.fitting import refuse_unfit
from restoration.engine.frames import Frame
from restoration.engine.journal import Journal, Piece, digest_of, digest_of_file
from restoration.engine.ledger import Ledger, read_facts, read_faithfulness
from restoration.engine.mastering import master_pixel_aspect, start_timecode
from restoration.engine.media import master, writer
from restoration.engine.media.inspect import inspect as inspect  # one of the functions this door offers
from restoration.engine.media.reader import Hear, hear_nothing, read
from restoration.engine.media.whole import written_whole
from restoration.engine.networks.registry import weights_used
from restoration.engine.overlap import ahead
from restoration.engine.progress import IsCancelled, Phase, Progress, Report, check, ignore, never
from restoration.engine.reaching import frames_around, moments_of, noise_sigma, whole
from restoration.engine.scouting import texture_of, traces_of
from restoration.engine.settings import Settings

# Source frames: short enough that two workers share a single shot of five seconds, long enough that the frames that
# both of two neighbouring parts repair stay few.
LONGEST_PART = 64
# Frames waiting between two threads: enough to keep both busy, few enough for 2880x2160 (75 MB each).
_DECODED_IN_HAND = 4
_RESTORED_IN_HAND = 2


def restore(source: Path, target: Path, settings: Settings, *, workdir: Path, frames: tuple[int, int] | None = None,
            report: AnalysisReport | None = None, report_progress: Report = ignore,
            is_cancelled: IsCancelled = never) -> RestoreReport:
    """The whole story: know the source, make every shot that is not there yet, join them into the master.

    Run again with the same workdir it goes on where it stopped: a segment is used again when everything that made it
    is the same.
    """
    began = time.monotonic()
    _refuse_impossible_target(source, target)
    report = report or prepare(source, target, workdir, report=report_progress, is_cancelled=is_cancelled)
    refuse_astray(settings, report)
    source_sha256 = digest_of_file(source)
    shots = plan(report, settings, frames=frames)
    journal = Journal(workdir, writer.count_frames)
    journal.forget_partials()
    wanted = [(shot, segment_digest(source_sha256, report, shot, settings)) for shot in shots]
    there = {digest: journal.find(digest, moments_of(settings).count(shot.start, shot.end)) for shot, digest in wanted}
    here = {digest: settings.at(*whole(shot)) for shot, digest in wanted}
    load_networks(here[digest] for digest, found in there.items() if found is None)
    remarks = [*report.source.remarks, *remarks_on(list(here.values()))]
    made: list[SegmentFacts] = []
    total = sum(moments_of(settings).count(shot.start, shot.end) for shot in shots)
    for shot, digest in wanted:
        check(is_cancelled)
        telling = _shifted(report_progress, sum(segment.frames for segment in made), total)
        found = there[digest]
        made.append(_found(found, shot, digest, telling) if found else _made(
            source, report, shot, settings, journal.place(digest), hear=remarks.append, report_progress=telling,
            is_cancelled=is_cancelled))
    segments = [journal.place(segment.digest) for segment in made]
    finished = join(source, report, segments, settings, target, frames=frames, report_progress=report_progress,
                    is_cancelled=is_cancelled)
    return RestoreReport(engine=edition(), source=report.source, source_sha256=source_sha256, settings=settings,
                         settings_digest=settings.digest(), segments=tuple(made), master=finished,
                         seconds=time.monotonic() - began, remarks=tuple(remarks))


def prepare(source: Path, target: Path, workdir: Path, *, report: Report = ignore,
            is_cancelled: IsCancelled = never) -> AnalysisReport:
    """The analysis that a restoration needs, kept in the workdir for the next time. Refuses impossible targets."""
    _refuse_impossible_target(source, target)
    facts = inspect(source)
    digest = digest_of({"source": digest_of_file(source), "engine": edition(ANALYSES), "name": facts.name})
    kept = workdir / f"{digest}.analysis.json"
    if kept.exists():
        return AnalysisReport.model_validate_json(kept.read_text(encoding="utf-8"))
    found = analyse(source, report=report, is_cancelled=is_cancelled)
    workdir.mkdir(parents=True, exist_ok=True)
    with written_whole(kept) as partial:
        partial.write_text(found.model_dump_json(), encoding="utf-8")
    return found


def analyse(source: Path, *, report: Report = ignore, is_cancelled: IsCancelled = never) -> AnalysisReport:
    """What is on the source and what to do about it, in one pass over its frames."""
    settle()
    facts = inspect(source)
    with one_thread(), ahead(read(source, facts), _DECODED_IN_HAND) as frames, torch.no_grad():
        return analyse_frames(_watched(frames, "analyse", facts.frames, report, is_cancelled), facts)


def plan(report: AnalysisReport, settings: Settings, *, frames: tuple[int, int] | None = None) -> tuple[Shot, ...]:
    """The shots within a range of source frames, long ones cut into even parts that know how far they may look. Where
    four frames are made of five, a shot of a single frame may own none and is left out.

    Raises SettingsError for a range that the source does not have, and for settings that do not suit the source.
    """
    refuse_unfit(settings, report.source)
    start, end = frames or (0, report.source.frames)
    if not 0 <= start < end <= report.source.frames:
        raise SettingsError(gettext_noop("There are no frames {start}:{end} in “{name}”, which has {frames}."),
                            start=start, end=end, name=report.source.name, frames=report.source.frames)
    moments = moments_of(settings)
    if not moments.count(start, end):
        raise SettingsError(gettext_noop("No film frame begins in the frames {start}:{end} of “{name}”. Choose more."),
                            start=start, end=end, name=report.source.name)
    parts: list[Shot] = []
    for shot in report.shots:
        low, high = max(shot.start, start), min(shot.end, end)
        for first, last in _parts(low, high):
            if not moments.count(first, last):
                continue
            parts.append(shot.model_copy(update={"index": len(parts), "start": first, "end": last,
                                                 "within": (shot.start, shot.end)}))
    return tuple(parts)


def segment_digest(source_sha256: str, report: AnalysisReport, shot: Shot, settings: Settings) -> str:
    """SHA-256 over everything that determines a segment's frames, the engine's code too, in hexadecimal. Settings that
    hold elsewhere alone do not count: a version that changes one shot finds all others made."""
    settings = settings.at(*whole(shot))
    facts = report.source.model_dump(mode="json", exclude={"name", "streams", "remarks", "start_timecode", "duration"})
    # What finds the faces determines which are restored, and which stand near.
    looks_for_faces = settings.faces.enabled or settings.depth.enabled
    weights = [*weights_of(report, shot, settings), *([finder()] if looks_for_faces else [])]
    return digest_of({
        "engine": edition(), "source": source_sha256, "facts": facts, "frames": [shot.start, shot.end],
        "read": frames_around(shot, settings), "shot": whole(shot), "noise": noise_sigma(shot),
        "settings": settings.model_dump(mode="json"), **({"weights": weights} if weights else {}),
    })


def weights_of(report: AnalysisReport, shot: Shot, settings: Settings) -> tuple[str, ...]:
    """SHA-256 of all weights that a shot's frames come from, in hexadecimal, sorted."""
    here = within_reach(settings.at(*whole(shot)))
    return weights_used(here, noise_sigma(shot)[0], report.source.height)


def restore_shot(source: Path, report: AnalysisReport, shot: Shot, settings: Settings, target: Path, *,
                 changes: Path | None = None, hear: Hear = hear_nothing, report_progress: Report = ignore,
                 is_cancelled: IsCancelled = never) -> SegmentFacts:
    """Make one segment: decode, compute and encode side by side, a few frames in hand between them.

    The frames around the shot are read too, as far as its stages look and never across a cut, and dropped after.
    changes: where to write what each repair changed, as `ledger.Ledger.write` does.
    """
    settle()
    settings = settings.at(*whole(shot))
    facts, moments = report.source, moments_of(settings)
    low, high = frames_around(shot, settings)
    expected = moments.count(shot.start, shot.end)
    ledger, witness = Ledger(shot.start, shot.end, moments), witness_of(settings, facts, shot)
    texture = texture_of(source, settings, facts, shot, is_cancelled=is_cancelled)
    traces = traces_of(source, settings, facts, shot, is_cancelled=is_cancelled)
    chosen = stages(settings, facts, shot, texture, traces=traces, ledger=ledger, witness=witness)
    with (ahead(read(source, facts, low, high, hear=hear), _DECODED_IN_HAND) as decoded,
          ahead(through(decoded, chosen), _RESTORED_IN_HAND) as restored):
        counted = _watched(restored, "restore", expected, report_progress, is_cancelled, shot=shot.index)
        made = writer.write(counted, target, rate=moments.rate(facts.rate), expected=expected, start=shot.start,
                            end=shot.end, pixel_aspect=master_pixel_aspect(settings, facts))
    if changes is not None:
        ledger.write(changes, witness.facts())
    return made.model_copy(update={"changes": ledger.facts(), "faithfulness": witness.facts()})


def join(source: Path, report: AnalysisReport, segments: Sequence[Path | Piece], settings: Settings, target: Path, *,
         frames: tuple[int, int] | None = None, report_progress: Report = ignore,
         is_cancelled: IsCancelled = never) -> MasterFacts:
    """The master from its finished segments, or pieces of an earlier master, in order, with the source's sound; no
    picture is encoded again."""
    facts, moments = report.source, moments_of(settings)
    start, end = frames or (0, facts.frames)
    own = moments.owned(start, end)

    def on_frame(count: int) -> None:
        check(is_cancelled)
        report_progress(Progress("join", count, len(own)))

    kept = None if (start, end) == (0, facts.frames) else (moments.time(own.start), moments.time(own.stop))
    return master.join(source, facts, segments, target, rate=moments.rate(facts.rate), frames=len(own),
                       on_frame=on_frame, kept=kept, pixel_aspect=master_pixel_aspect(settings, facts),
                       start_timecode=start_timecode(facts, start, moments))


def held_piece(master: Path, shot: Shot, settings: Settings) -> Piece:
    """Where a master of the whole source, made with the same fields and frames in between, holds this shot."""
    return Piece(master, moments_of(settings).owned(shot.start, shot.end))


# Parts and pieces -----------------------------------------------------------------------------------------------------


def _found(segment: Path, shot: Shot, digest: str, report: Report) -> SegmentFacts:
    facts = writer.describe(segment, start=shot.start, end=shot.end)
    report(Progress("restore", facts.frames, facts.frames, shot.index))
    return facts.model_copy(update={"digest": digest, "was_reused": True, "changes": read_facts(_changes(segment)),
                                    "faithfulness": read_faithfulness(_changes(segment))})


def _made(source: Path, report: AnalysisReport, shot: Shot, settings: Settings, segment: Path, *, hear: Hear,
          report_progress: Report, is_cancelled: IsCancelled) -> SegmentFacts:
    facts = restore_shot(source, report, shot, settings, segment, changes=_changes(segment), hear=hear,
                         report_progress=report_progress, is_cancelled=is_cancelled)
    return facts.model_copy(update={"digest": segment.stem})


def _changes(segment: Path) -> Path:
    """Beside a segment: what was changed to make it."""
    return segment.with_suffix(".changes.zip")


def _refuse_impossible_target(source: Path, target: Path) -> None:
    if target.suffix.lower() != ".mkv":
        raise SettingsError(gettext_noop("A master is a Matroska file: let the name “{name}” end in .mkv."),
                            name=target.name)
    if not target.parent.is_dir():
        raise SettingsError(gettext_noop("There is no folder “{folder}” to put the master in."),
                            folder=str(target.parent))
    if target.exists() and source.exists() and target.samefile(source):
        raise SettingsError(gettext_noop("“{name}” is the source itself. Give the master another name."),
                            name=target.name)


def _parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    """A range in even parts no longer than LONGEST_PART; nothing where it is empty."""
    frames = end - start
    count = -(-frames // LONGEST_PART) if frames > 0 else 0
    for part in range(count):
        yield start + frames * part // count, start + frames * (part + 1) // count


def _watched(frames: Iterator[Frame], phase: Phase, total: int, report: Report, is_cancelled: IsCancelled, *,
             shot: int | None = None) -> Iterator[Frame]:
    """Frames passing by: told to whoever listens, and stopped for whoever asks."""
    for done, frame in enumerate(frames, start=1):
        check(is_cancelled)
        yield frame
        report(Progress(phase, done, total, shot))


def _shifted(report: Report, done: int, total: int) -> Callable[[Progress], None]:
    """A shot's progress as the whole run's."""
    def tell(progress: Progress) -> None:
        report(Progress(progress.phase, done + progress.done, total, progress.shot))
    return tell
