"""A run, shot by shot."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.models import MediaFile
from archive.storage import holding_path, place
from archive.vocabularies import Custody
from restoration.actions import ending, planning, shot_steps, steps
from restoration.actions.certificate import finished_shots
from restoration.actions.failing import explain
from restoration.actions.planning import PlannedShot
from restoration.actions.segments import attempt_folder, changes_path, held_shots, segment_path
from restoration.engine.edition import edition
from restoration.engine.errors import EngineError, RepairError, gettext_noop
from restoration.engine.facts import AnalysisReport, ChangeFacts, Faithfulness, Remark, SegmentFacts
from restoration.engine.progress import IsCancelled
from restoration.engine.settings import Settings, parse
from restoration.jobs.networks import lay_out
from restoration.jobs.pulse import Pulse, carry_out, file_digest, worker_name
from restoration.models import RunShot, Version

if TYPE_CHECKING:
    from restoration.engine.journal import Journal


class PlanChangedError(EngineError):
    """The engine was exchanged while a run was going on."""


class ChangedSourceError(EngineError):
    """The bytes that were analysed are no longer there."""


def begin_run(run_pk: int) -> None:
    """Plan the shots of a run, find which are there already, and ring for the others."""
    run = steps.claim_beginning(run_pk, worker=worker_name())
    if run is None:
        return

    def work(pulse: Pulse) -> None:
        if run.version.master_id:
            planning.skip_plan(run)
        else:
            refuse_changed_source(run.version.source, is_cancelled=pulse.is_cancelled)
            planned = planned_shots(run.version)
            planning.plan_shots(run, planned, engine=edition(), remarks=made_ready(run.version, planned))

    carry_out(work, beat=lambda pulse: steps.beat_run(run), interrupted=lambda: steps.give_back_run(run),
              failed=lambda error: ending.fail_step(run, explain(error, during=f"begin of run {run.pk}",
                                                                  about=run.version.source)))


def restore_shot(run_pk: int, index: int) -> None:
    """Make one segment."""
    shot = shot_steps.claim_shot(run_pk, index, worker=worker_name())
    if shot is None:
        return
    folder = attempt_folder(shot)

    def work(pulse: Pulse) -> None:
        try:
            heard, made = make_segment(shot, folder, pulse)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if shot_steps.finish_shot(shot, made.changes, made.faithfulness):
            shot_steps.say_remarks(shot, heard)

    carry_out(work, beat=lambda pulse: shot_steps.beat_shot(shot, pulse.scaled(shot.end - shot.start)),
              interrupted=lambda: shot_steps.give_back_shot(shot),
              failed=lambda error: shot_steps.fail_shot(
                  shot, explain(error, during=f"{shot}", about=shot.run.version.source),
                  spares_others=isinstance(error, RepairError)))


def is_made_so_today(version: Version) -> bool:
    """Whether today's engine would make just the frames that the version's master holds."""
    from restoration.engine import pipeline

    report, settings = promise(version)
    today = [pipeline.segment_digest(version.source.sha256, report, shot, settings)
             for shot in pipeline.plan(report, settings)]
    return today == [shot.segment_digest for shot in finished_shots(version)]


def planned_shots(version: Version) -> list[PlannedShot]:
    """The engine's plan, which of its segments are there and whole, and which an earlier master holds."""
    from restoration.engine import pipeline
    from restoration.engine.ledger import read_facts, read_faithfulness

    report, settings = promise(version)
    folder = journal(version)
    shots = pipeline.plan(report, settings)
    digests = [pipeline.segment_digest(version.source.sha256, report, shot, settings) for shot in shots]
    held, planned = held_shots(version.source, digests), []
    for shot, digest in zip(shots, digests, strict=True):
        weights = pipeline.weights_of(report, shot, settings)
        found = folder.find(digest, pipeline.moments_of(settings).count(shot.start, shot.end))
        if found is None and digest in held:
            planned.append(_as_held(held[digest], shot.start, shot.end, weights))
            continue
        planned.append(PlannedShot(shot.start, shot.end, digest, is_there=found is not None,
                                   changes=read_facts(changes_path(found)) if found else (),
                                   faithfulness=read_faithfulness(changes_path(found)) if found else None,
                                   weights=weights))
    return planned


def made_ready(version: Version, planned: Sequence[PlannedShot]) -> tuple[Remark, ...]:
    """Have the networks at hand for the shots that are to be made; what there is to say of all. Raises WeightsError."""
    from restoration.engine.beforehand import load_networks, remarks_on

    _report, settings = promise(version)
    lay_out(settings)
    here = [(settings.at(each.start, each.end), each.is_there) for each in planned]
    load_networks(own for own, is_there in here if not is_there)
    return tuple(remarks_on([own for own, _is_there in here]))


def _as_held(shot: RunShot, start: int, end: int, weights: tuple[str, ...]) -> PlannedShot:
    """The digest is over the frames too, so they are the same; what was changed in them is told as it was then."""
    return PlannedShot(start, end, shot.segment_digest, is_there=True, held_by=shot.run.version,
                       changes=tuple(ChangeFacts.model_validate(change) for change in shot.changes),
                       faithfulness=Faithfulness.model_validate(shot.faithfulness) if shot.faithfulness else None,
                       weights=weights)


def make_segment(shot: RunShot, folder: Path, pulse: Pulse) -> tuple[list[Remark], SegmentFacts]:
    """Each attempt writes in a folder of its own; the finished segment gets its name by one rename, after the masks of
    what was changed in it. Returns what was remarkable about the source on the way, and the segment's facts."""
    from restoration.engine import pipeline

    version = shot.run.version
    report, settings = promise(version)
    lay_out(settings)
    planned = pipeline.plan(report, settings)
    if len(planned) <= shot.index or (planned[shot.index].start, planned[shot.index].end) != (shot.start, shot.end):
        raise PlanChangedError(gettext_noop("The engine now cuts this source differently. Resume to plan it again."))
    if pipeline.segment_digest(version.source.sha256, report, planned[shot.index], settings) != shot.segment_digest:
        raise PlanChangedError(gettext_noop("The engine was exchanged since this run was planned. Resume to plan it "
                                            "again."))
    heard: list[Remark] = []
    target = segment_path(version.source, shot.segment_digest)
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / target.name
    made = pipeline.restore_shot(holding_path(version.source), report, planned[shot.index], settings, written,
                                 changes=changes_path(written), hear=heard.append, report_progress=pulse.report,
                                 is_cancelled=pulse.is_cancelled)
    place(changes_path(written), changes_path(target))
    place(written, target)
    return heard, made


def journal(version: Version) -> "Journal":
    from restoration.engine.journal import Journal
    from restoration.engine.media import writer

    return Journal(segment_path(version.source, "any").parent, writer.count_frames)


def refuse_changed_source(source: MediaFile, *, is_cancelled: IsCancelled) -> None:
    """What a master is said to be made from is what it was made from: asked before the first shot is made, before the
    last are joined, and by whoever else makes pictures from it. Bytes in our own holdings change only with their size;
    those kept in place are read whole. Raises ChangedSourceError and Cancelled.
    """
    path = holding_path(source)
    is_whole = path.exists() and path.stat().st_size == source.size_bytes
    if not is_whole or (source.custody == Custody.IN_PLACE
                        and file_digest(path, is_cancelled=is_cancelled) != source.sha256):
        raise ChangedSourceError(gettext_noop("The source {name} is missing or no longer what was analysed. Check its "
                                              "fixity and bring it back, then resume."), name=source.name)


def promise(version: Version) -> tuple[AnalysisReport, Settings]:
    return AnalysisReport.model_validate(version.analysis.report), parse(version.settings)
