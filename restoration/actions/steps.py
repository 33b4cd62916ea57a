"""What a run needs next, and the claims of those who do it.

Everything follows from the rows: a run without shots is to be begun, queued shots are to be restored, finished shots
are to be joined, a master wants its pair reel. Each step is claimed by a conditional update, so that of two workers
that hear the same bell one goes home.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from restoration.actions.bell import Bell, QueueName
from restoration.models import Run, RunLogLine, RunShot
from restoration.vocabularies import WorkState

LIVE = (WorkState.QUEUED, WorkState.RUNNING)
RESUMED = gettext_noop("Resumed by {person}")


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
    return run_of(run_pk)


def claim_joining(run_pk: int, *, worker: str, has_master: bool = False) -> Run | None:
    """For joining (no master yet) and for the pair reel: one worker at a time holds the run itself. A bell that comes
    late finds that its step has been done."""
    claimed = Run.objects.filter(pk=run_pk, state=WorkState.RUNNING, worker="").update(
        worker=worker, is_joining=True, heartbeat_at=timezone.now(), attempts=F("attempts") + 1)
    if not claimed:
        return None
    run = run_of(run_pk)
    is_unfinished = run.shots.exclude(state=WorkState.FINISHED).exists()
    if is_unfinished or bool(run.version.master_id) != has_master:
        own_run(run).update(worker="", is_joining=False, attempts=F("attempts") - 1)
        return None
    return run


def put_down(run_pk: int, *, worker: str) -> bool:
    """The worker lets go of the run itself, its step done or given back. False when it was no longer its holder."""
    return bool(Run.objects.filter(pk=run_pk, worker=worker).update(worker="", is_joining=False, attempts=0))


def beat_run(run: Run) -> bool:
    return bool(own_run(run).update(heartbeat_at=timezone.now()))


def give_back_run(run: Run) -> None:
    """An interrupted step of the run itself waits again, unless the run was cancelled."""
    with transaction.atomic():
        state = WorkState.RUNNING if run.shots.exists() else WorkState.QUEUED
        if own_run(run).update(state=state, worker="", is_joining=False, attempts=F("attempts") - 1):
            ring_due(run_of(run.pk))


def seconds_worked(run: Run) -> float:
    """From the first frame on, pauses included."""
    begun = Run.objects.values_list("started_at", flat=True).get(pk=run.pk)
    return round((timezone.now() - begun).total_seconds(), 1) if begun else 0.0


def say(run: Run, text: str, **values: Any) -> None:
    RunLogLine.objects.create(run=run, text=text, values=values)


def run_of(pk: int) -> Run:
    return Run.objects.select_related("version__asset", "version__source", "version__analysis", "by").get(pk=pk)


def own_run(run: Run) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, state=WorkState.RUNNING, worker=run.worker, attempts=run.attempts)


def holds(run: Run) -> bool:
    """Whether the run is still this worker's; the row is locked until the transaction ends."""
    return own_run(run).select_for_update().exists()
