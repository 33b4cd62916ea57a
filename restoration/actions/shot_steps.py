"""A shot that somebody works on: claimed, told of, finished, given back or failed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from restoration.actions import attempts
from restoration.actions.bell import ring
from restoration.actions.ending import fail_run, settle
from restoration.actions.failing import Sentence
from restoration.actions.planning import as_json
from restoration.actions.steps import LIVE, say
from restoration.engine.facts import ChangeFacts, Faithfulness, Remark
from restoration.models import Run, RunLogLine, RunShot
from restoration.vocabularies import WorkState

MOST_REMARKS = 20


def claim_shot(run_pk: int, index: int, *, worker: str) -> RunShot | None:
    run = Run.objects.filter(pk=run_pk, state=WorkState.RUNNING).first()
    claimed = run and RunShot.objects.filter(run_id=run_pk, index=index, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, worker=worker, attempts=F("attempts") + 1, frames_done=0,
        started_at=timezone.now(), heartbeat_at=timezone.now(), ended_at=None)
    if not claimed:
        return None
    return RunShot.objects.select_related(
        "run__version__source", "run__version__analysis").get(run_id=run_pk, index=index)


def beat_shot(shot: RunShot, frames_done: int) -> bool:
    """Say that it is worked on, and how far it is. False when it is no longer wanted from this worker."""
    is_wanted = Run.objects.filter(pk=shot.run_id, state__in=LIVE).exists()
    return attempts.beat(shot, frames_done=frames_done) and is_wanted


def finish_shot(shot: RunShot, changes: Sequence[ChangeFacts] = (), faithfulness: Faithfulness | None = None) -> bool:
    """Keep a finished shot, what was changed in it and what enhancement added, also of a run that was cancelled
    meanwhile. False when another worker has taken it over."""
    with transaction.atomic():
        finished = attempts.end(shot, WorkState.FINISHED, frames_done=shot.end - shot.start, changes=as_json(changes),
                                faithfulness=faithfulness and faithfulness.model_dump())
    if finished:
        settle(shot.run_id)
    return finished


def give_back_shot(shot: RunShot) -> None:
    """An interrupted shot waits again if its run goes on, and is cancelled with it otherwise."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=shot.run_id)
        goes_on = run.state in LIVE
        attempts.own(shot).update(state=WorkState.QUEUED if goes_on else WorkState.CANCELLED, worker="", frames_done=0,
                                  attempts=F("attempts") - 1)
        if goes_on:
            ring("restore_shot", run.pk, shot.index, name=f"run-{run.pk}-shot-{shot.index}-attempt-{shot.attempts}")


def fail_shot(shot: RunShot, sentence: Sentence, *, spares_others: bool = False) -> bool:
    """End a shot with a sentence, and its run with it: what stopped this one would stop all others too. spares_others:
    it would not, so these are made all the same, and the run ends when none of them is waited for any more."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=shot.run_id)
        if not attempts.end(shot, WorkState.FAILED):
            return False
        if spares_others:
            Run.objects.filter(pk=run.pk, error_text="").update(**sentence.as_columns())
            say(run, sentence.text, **sentence.values)
        else:
            fail_run(run, sentence)
    settle(run.pk)
    return True


def say_remarks(shot: RunShot, remarks: Sequence[Remark]) -> None:
    """What the engine noticed about the source within a shot, a few of each."""
    RunLogLine.objects.bulk_create(
        RunLogLine(run=shot.run, text=remark.text, values=remark.values) for remark in remarks[:MOST_REMARKS])
