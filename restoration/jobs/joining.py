"""What follows when the last shot is finished: the master, then the pair reel."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.storage import derivative_path, holding_path, place
from restoration.actions import ending, masters, planning, steps
from restoration.actions.failing import explain
from restoration.actions.segments import drop_segments, is_whole, run_folder, segment_path
from restoration.engine.settings import Settings
from restoration.jobs.pulse import Pulse, carry_out, file_digest, worker_name
from restoration.jobs.restoring import promise, refuse_changed_source
from restoration.models import Run, RunShot

if TYPE_CHECKING:
    from restoration.engine.journal import Piece


def join_run(run_pk: int) -> None:
    """Join the segments, register the master, and let the segments go."""
    run = steps.claim_joining(run_pk, worker=worker_name())
    if run is None:
        return

    def work(pulse: Pulse) -> None:
        shots = list(run.shots.select_related("held_by__master"))
        missing = [shot.index for shot in shots if not _is_there(run, shot)]
        if missing:
            planning.forget_segments(run, missing)
        elif masters.register(run, *_join(run, shots, pulse)):
            drop_segments(run)

    carry_out(work, beat=lambda pulse: steps.beat_run(run), interrupted=lambda: steps.give_back_run(run),
              failed=lambda error: ending.fail_step(run, explain(error, during=f"join of run {run.pk}",
                                                                  about=run.version.source)))


def make_pair_reel(run_pk: int) -> None:
    """Render original and restored side by side; then the version can be judged."""
    run = steps.claim_joining(run_pk, worker=worker_name(), has_master=True)
    if run is None:
        return

    def work(pulse: Pulse) -> None:
        # Again, for a worker that was lost between registering the master and this.
        drop_segments(run)
        made, contract = _render_pair_reel(run, pulse)
        sha256 = file_digest(made)
        key = f"pair-reels/{run.version_id}/{sha256[:16]}.mp4"
        place(made, derivative_path(key))
        shutil.rmtree(run_folder(run), ignore_errors=True)
        masters.keep_pair_reel(run, key=key, sha256=sha256, contract=contract)

    carry_out(work, beat=lambda pulse: steps.beat_run(run), interrupted=lambda: steps.give_back_run(run),
              failed=lambda error: masters.refuse_pair_reel(
                  run, explain(error, during=f"pair reel of run {run.pk}", about=run.version.source)))


def _is_there(run: Run, shot: RunShot) -> bool:
    if shot.held_by is not None:
        return is_whole(shot.held_by.master)
    return segment_path(run.version.source, shot.segment_digest).exists()


def _pieces(run: Run, shots: list[RunShot], settings: Settings) -> "list[Piece]":
    """Where the coded frames lie: in segments, or in masters of earlier versions."""
    from restoration.engine.journal import Piece
    from restoration.engine.moments import Moments

    moments = Moments.of(settings.fields, settings.retime)
    return [Piece(holding_path(shot.held_by.master), moments.owned(shot.start, shot.end))
            if shot.held_by and shot.held_by.master else
            Piece(segment_path(run.version.source, shot.segment_digest)) for shot in shots]


def _join(run: Run, shots: list[RunShot], pulse: Pulse) -> tuple[Path, dict[str, Any]]:
    from restoration.engine import pipeline

    refuse_changed_source(run.version.source, is_cancelled=pulse.is_cancelled)
    report, settings = promise(run.version)
    target = _fresh(run, masters.master_name(run.version))
    facts = pipeline.join(holding_path(run.version.source), report, _pieces(run, shots, settings), settings, target,
                          report_progress=pulse.report, is_cancelled=pulse.is_cancelled)
    return target, {
        "engine": run.engine, "source_sha256": run.version.source.sha256,
        "settings_digest": run.version.settings_digest, "run": run.number, "seconds": steps.seconds_worked(run),
        "master": facts.model_dump(mode="json"),
        "remarks": [remark.model_dump(mode="json") for remark in report.source.remarks]}


def _render_pair_reel(run: Run, pulse: Pulse) -> tuple[Path, dict[str, Any]]:
    from restoration.engine.encoding import pair_reel

    version = run.version
    if version.master is None:
        raise RuntimeError(f"{version} has no master")
    report, settings = promise(version)
    target = _fresh(run, "pair-reel.mp4")
    facts = pair_reel.render(holding_path(version.source), holding_path(version.master), target, facts=report.source,
                             settings=settings, report=pulse.report, is_cancelled=pulse.is_cancelled)
    return target, {**facts.model_dump(mode="json"), "start_timecode": report.source.start_timecode,
                    "drop_frame": report.source.drop_frame}


def _fresh(run: Run, name: str) -> Path:
    """A path of this attempt alone."""
    folder = run_folder(run) / f"attempt-{run.attempts}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
