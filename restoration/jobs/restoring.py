"""A run, shot by shot."""

import shutil
from pathlib import Path

from archive.storage import holding_path, place
from restoration.actions import steps
from restoration.actions.failing import explain
from restoration.actions.steps import PlannedShot
from restoration.engine.errors import EngineError, gettext_noop
from restoration.engine.facts import AnalysisReport
from restoration.engine.settings import Settings, parse
from restoration.jobs.pulse import Pulse, carry_out, worker_name
from restoration.jobs.segments import attempt_folder, segment_path
from restoration.models import RunShot, Version


class PlanChangedError(EngineError):
    """The engine was exchanged while a run was going on."""


def begin_run(run_pk: int) -> None:
    """Plan the shots of a run, find which are there already, and ring for the others."""
    run = steps.claim_beginning(run_pk, worker=worker_name())
    if run is None:
        return

    def work(pulse: Pulse) -> None:
        steps.plan_shots(run, planned_shots(run.version))

    carry_out(work, beat=lambda pulse: steps.beat_run(run), interrupted=lambda: steps.give_back_run(run),
              failed=lambda error: steps.fail_step(run, explain(error, during=f"begin of run {run.pk}")))


def restore_shot(run_pk: int, index: int) -> None:
    """Make one segment."""
    shot = steps.claim_shot(run_pk, index, worker=worker_name())
    if shot is None:
        return
    folder = attempt_folder(shot)

    def work(pulse: Pulse) -> None:
        try:
            make_segment(shot, folder, pulse)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        steps.finish_shot(shot)

    carry_out(work, beat=lambda pulse: steps.beat_shot(shot, pulse.scaled(shot.end - shot.start)),
              interrupted=lambda: steps.give_back_shot(shot),
              failed=lambda error: steps.fail_shot(shot, explain(error, during=f"{shot}")))


def planned_shots(version: Version) -> list[PlannedShot]:
    from restoration.engine import pipeline

    report, settings = promise(version)
    digests = [(shot, pipeline.segment_digest(version.source.sha256, report, shot, settings))
               for shot in pipeline.plan(report, settings)]
    return [PlannedShot(shot.start, shot.end, digest, segment_path(version.source, digest).exists())
            for shot, digest in digests]


def make_segment(shot: RunShot, folder: Path, pulse: Pulse) -> None:
    """Each attempt writes in a folder of its own; the finished segment gets its name by one rename."""
    from restoration.engine import pipeline

    version = shot.run.version
    report, settings = promise(version)
    planned = pipeline.plan(report, settings)
    if len(planned) <= shot.index or (planned[shot.index].start, planned[shot.index].end) != (shot.start, shot.end):
        raise PlanChangedError(gettext_noop("The engine now cuts this source differently. Resume to plan it again."))
    target = segment_path(version.source, shot.segment_digest)
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / target.name
    pipeline.restore_shot(holding_path(version.source), report, planned[shot.index], settings, made,
                          report_progress=pulse.report, is_cancelled=pulse.is_cancelled)
    place(made, target)


def promise(version: Version) -> tuple[AnalysisReport, Settings]:
    return AnalysisReport.model_validate(version.analysis.report), parse(version.settings)
