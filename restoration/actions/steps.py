"""What a run needs next, and the claims of those who do it.

Everything follows from the rows: a run without shots is to be begun, queued shots are to be restored, finished shots
are to be joined, a master wants its pair reel. Each step is claimed by a conditional update, so that of two workers
that hear the same bell one goes home.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.actions import provenance
from archive.vocabularies import EventType, Outcome
from restoration.actions import standing
from restoration.actions.bell import Bell, QueueName, ring
from restoration.actions.failing import Sentence
from restoration.engine.facts import ChangeFacts, Faithfulness, Remark
from restoration.models import Run, RunLogLine, RunShot, Version
from restoration.vocabularies import VersionState, WorkState

MOST_REMARKS = 20
LIVE = (WorkState.QUEUED, WorkState.RUNNING)


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """One unit of work: source frames `start` to `end`, whether its segment is there already or which version's master
    holds its frames, and then what was changed to make it and what enhancement added."""

    start: int
    end: int
    segment_digest: str
    is_there: bool
    held_by: Version | None = None
    changes: tuple[ChangeFacts, ...] = ()
    faithfulness: Faithfulness | None = None


def due(run: Run, shots: Iterable[RunShot] | None = None) -> list[Bell]:
    """The bells that should be ringing for a run now."""
    if run.state == WorkState.QUEUED:
        return [_bell(run, "begin_run", "begin", "high")]
    if run.state != WorkState.RUNNING or run.worker:
        return []
    unfinished = list(run.shots.exclude(state=WorkState.FINISHED) if shots is None else shots)
    if unfinished:
        return [Bell("restore_shot", (run.pk, shot.index), shot_job(shot)) for shot in unfinished
                if shot.state == WorkState.QUEUED]
    if run.version.master_id is None:
        return [_bell(run, "join_run", "join", "high")]
    return [_bell(run, "make_pair_reel", "pair-reel", "high")]


def ring_due(run: Run) -> None:
    for bell in due(run):
        bell.ring()


def shot_job(shot: RunShot) -> str:
    return f"run-{shot.run_id}-shot-{shot.index}-attempt-{shot.attempts + 1}"


def _bell(run: Run, job: str, step: str, queue: QueueName) -> Bell:
    return Bell(job, (run.pk,), f"run-{run.pk}-{step}-attempt-{run.attempts + 1}", queue)


def claim_beginning(run_pk: int, *, worker: str) -> Run | None:
    claimed = Run.objects.filter(pk=run_pk, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, worker=worker, heartbeat_at=timezone.now(), attempts=F("attempts") + 1)
    if not claimed:
        return None
    Run.objects.filter(pk=run_pk, started_at=None).update(started_at=timezone.now())
    return _run(run_pk)


def claim_joining(run_pk: int, *, worker: str, has_master: bool = False) -> Run | None:
    """For joining (no master yet) and for the pair reel: one worker at a time holds the run itself. A bell that comes
    late finds that its step has been done."""
    claimed = Run.objects.filter(pk=run_pk, state=WorkState.RUNNING, worker="").update(
        worker=worker, is_joining=True, heartbeat_at=timezone.now(), attempts=F("attempts") + 1)
    if not claimed:
        return None
    run = _run(run_pk)
    is_unfinished = run.shots.exclude(state=WorkState.FINISHED).exists()
    if is_unfinished or bool(run.version.master_id) != has_master:
        _own_run(run).update(worker="", is_joining=False, attempts=F("attempts") - 1)
        return None
    return run


def put_down(run_pk: int, *, worker: str) -> bool:
    """The worker lets go of the run itself, its step done or given back. False when it was no longer its holder."""
    return bool(Run.objects.filter(pk=run_pk, worker=worker).update(worker="", is_joining=False, attempts=0))


def claim_shot(run_pk: int, index: int, *, worker: str) -> RunShot | None:
    run = Run.objects.filter(pk=run_pk, state=WorkState.RUNNING).first()
    claimed = run and RunShot.objects.filter(run_id=run_pk, index=index, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, worker=worker, attempts=F("attempts") + 1, frames_done=0,
        started_at=timezone.now(), heartbeat_at=timezone.now(), ended_at=None)
    if not claimed:
        return None
    return RunShot.objects.select_related(
        "run__version__source", "run__version__analysis").get(run_id=run_pk, index=index)


def plan_shots(run: Run, planned: Sequence[PlannedShot]) -> None:
    """Keep the plan of a run, and ring for what is missing. Shots whose segments are there are finished already."""
    with transaction.atomic():
        if not holds(run):
            return
        known = list(run.shots.all())
        if [_made_of(shot) for shot in known] == [_made_of(shot) for shot in planned]:
            finished = [pair for pair in zip(known, planned, strict=True) if pair[0].state == WorkState.FINISHED]
            _queue_again(run, [shot.index for shot, plan in finished if not plan.is_there])
            for shot, plan in finished:
                shot.held_by = plan.held_by
            RunShot.objects.bulk_update([shot for shot, plan in finished if plan.is_there], ["held_by"])
        else:
            _replace_shots(run, planned)
        put_down(run.pk, worker=run.worker)
        ring_due(_run(run.pk))


def skip_plan(run: Run) -> None:
    """The master is held already: of this version only the pair reel is missing, and no shot is made again for it."""
    with transaction.atomic():
        if holds(run):
            run.shots.exclude(state=WorkState.FINISHED).delete()
            put_down(run.pk, worker=run.worker)
            ring_due(_run(run.pk))


def _replace_shots(run: Run, planned: Sequence[PlannedShot]) -> None:
    now = timezone.now()
    run.shots.all().delete()
    RunShot.objects.bulk_create(
        RunShot(run=run, index=index, start=shot.start, end=shot.end, segment_digest=shot.segment_digest,
                state=WorkState.FINISHED if shot.is_there else WorkState.QUEUED, was_reused=shot.is_there,
                held_by=shot.held_by,
                frames_done=shot.end - shot.start if shot.is_there else 0, ended_at=now if shot.is_there else None,
                changes=as_json(shot.changes), faithfulness=shot.faithfulness and shot.faithfulness.model_dump())
        for index, shot in enumerate(planned))
    frames = sum(shot.end - shot.start for shot in planned)
    Run.objects.filter(pk=run.pk).update(frames_total=frames)
    say(run, gettext_noop("{frames} frames in {shots} shots; {there} of them are there already"), frames=frames,
        shots=len(planned), there=sum(shot.is_there for shot in planned))


def _queue_again(run: Run, indexes: Sequence[int]) -> None:
    run.shots.filter(index__in=indexes).update(state=WorkState.QUEUED, was_reused=False, held_by=None, frames_done=0)


def _made_of(shot: RunShot | PlannedShot) -> tuple[int, int, str]:
    return shot.start, shot.end, shot.segment_digest


def beat_shot(shot: RunShot, frames_done: int) -> bool:
    """Say that it is worked on, and how far it is. False when it is no longer wanted from this worker."""
    is_wanted = Run.objects.filter(pk=shot.run_id, state__in=LIVE).exists()
    return bool(_own(shot).update(heartbeat_at=timezone.now(), frames_done=frames_done)) and is_wanted


def beat_run(run: Run) -> bool:
    return bool(_own_run(run).update(heartbeat_at=timezone.now()))


def give_back_run(run: Run) -> None:
    """An interrupted step of the run itself waits again, unless the run was cancelled."""
    with transaction.atomic():
        state = WorkState.RUNNING if run.shots.exists() else WorkState.QUEUED
        if _own_run(run).update(state=state, worker="", is_joining=False, attempts=F("attempts") - 1):
            ring_due(_run(run.pk))


def finish_shot(shot: RunShot, changes: Sequence[ChangeFacts] = (), faithfulness: Faithfulness | None = None) -> bool:
    """Keep a finished shot, what was changed in it and what enhancement added, also of a run that was cancelled
    meanwhile. False when another worker has taken it over."""
    with transaction.atomic():
        finished = _own(shot).update(state=WorkState.FINISHED, frames_done=shot.end - shot.start,
                                     ended_at=timezone.now(), worker="", changes=as_json(changes),
                                     faithfulness=faithfulness and faithfulness.model_dump())
    if finished:
        settle(shot.run_id)
    return bool(finished)


def as_json(changes: Sequence[ChangeFacts]) -> list[dict[str, Any]]:
    return [change.model_dump(mode="json") for change in changes]


def give_back_shot(shot: RunShot) -> None:
    """An interrupted shot waits again if its run goes on, and is cancelled with it otherwise."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=shot.run_id)
        goes_on = run.state in LIVE
        _own(shot).update(state=WorkState.QUEUED if goes_on else WorkState.CANCELLED, worker="", frames_done=0,
                          attempts=F("attempts") - 1)
        if goes_on:
            ring("restore_shot", run.pk, shot.index, name=f"run-{run.pk}-shot-{shot.index}-attempt-{shot.attempts}")


def forget_segments(run: Run, indexes: Sequence[int]) -> None:
    """Shots whose segments turned out to be missing are made again."""
    with transaction.atomic():
        if holds(run):
            _queue_again(run, indexes)
            put_down(run.pk, worker=run.worker)
            ring_due(_run(run.pk))


def fail_shot(shot: RunShot, sentence: Sentence, *, spares_others: bool = False) -> bool:
    """End a shot with a sentence, and its run with it: what stopped this one would stop all others too. spares_others:
    it would not, so these are made all the same, and the run ends when none of them is waited for any more."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=shot.run_id)
        if not _own(shot).update(state=WorkState.FAILED, worker="", ended_at=timezone.now()):
            return False
        if spares_others:
            Run.objects.filter(pk=run.pk, error_text="").update(**sentence.as_columns())
            say(run, sentence.text, **sentence.values)
        else:
            fail_run(run, sentence)
    settle(run.pk)
    return True


def settle(run_pk: int) -> None:
    """What follows when no shot of a run is waited for any more: the master, or the end where a shot failed."""
    shots = RunShot.objects.filter(run_id=run_pk)
    if shots.exclude(state__in=(WorkState.FINISHED, WorkState.FAILED)).exists():
        return
    has_failed = shots.filter(state=WorkState.FAILED).exists()
    # Read after its shots: whoever sees one that failed then sees its sentence too.
    run = _run(run_pk)
    if has_failed:
        fail_run(run, Sentence(run.error_text, run.error_values, run.error_reference), is_told=True)
    else:
        ring_due(run)


def fail_step(run: Run, sentence: Sentence) -> bool:
    """End the run whose own step this worker holds."""
    with transaction.atomic():
        return holds(run) and fail_run(run, sentence)


def fail_run(run: Run, sentence: Sentence, *, is_told: bool = False) -> bool:
    """End a run with a sentence. Shots at work find out by themselves; finished ones stay finished. is_told: the run's
    log has the sentence already."""
    with transaction.atomic():
        failed = Run.objects.filter(pk=run.pk, state__in=LIVE).update(
            state=WorkState.FAILED, is_joining=False, worker="", ended_at=timezone.now(), **sentence.as_columns())
        if failed:
            end_shots(run)
            if not is_told:
                say(run, sentence.text, **sentence.values)
            version = run.version
            provenance.record(EventType.RUN_FAILED, on=run, by=run.by, asset=version.asset, outcome=Outcome.FAILURE,
                              detail=sentence.text, **{"version": str(version), "run": run.number, **sentence.values})
            no_longer_in_work(version)
    return bool(failed)


def seconds_worked(run: Run) -> float:
    """From the first frame on, pauses included."""
    begun = Run.objects.values_list("started_at", flat=True).get(pk=run.pk)
    return round((timezone.now() - begun).total_seconds(), 1) if begun else 0.0


def end_shots(run: Run) -> None:
    run.shots.filter(state=WorkState.QUEUED).update(state=WorkState.CANCELLED)


def no_longer_in_work(version: Version) -> None:
    Version.objects.filter(pk=version.pk, state=VersionState.IN_WORK).update(state=VersionState.PLANNED)
    standing.keep(version.asset)


def say_remarks(shot: RunShot, remarks: Sequence[Remark]) -> None:
    """What the engine noticed about the source within a shot, a few of each."""
    for remark in remarks[:MOST_REMARKS]:
        say(shot.run, remark.text, **remark.values)


def say(run: Run, text: str, **values: Any) -> None:
    RunLogLine.objects.create(run=run, text=text, values=values)


def _run(pk: int) -> Run:
    return Run.objects.select_related("version__asset", "version__source", "version__analysis", "by").get(pk=pk)


def _own(shot: RunShot) -> QuerySet[RunShot]:
    """The row, as long as it is still this worker's attempt."""
    return RunShot.objects.filter(pk=shot.pk, state=WorkState.RUNNING, worker=shot.worker, attempts=shot.attempts)


def _own_run(run: Run) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, state=WorkState.RUNNING, worker=run.worker, attempts=run.attempts)


def holds(run: Run) -> bool:
    """Whether the run is still this worker's; the row is locked until the transaction ends."""
    return _own_run(run).select_for_update().exists()
