"""The plan of a run: which shots are to be made, and which are there already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from restoration.actions.steps import holds, put_down, ring_due, run_of, say
from restoration.engine.facts import ChangeFacts, Faithfulness, Remark
from restoration.models import Run, RunShot, Version
from restoration.vocabularies import WorkState


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """One unit of work: source frames `start` to `end`, whether its segment is there already or which version's master
    holds its frames, and then what was changed to make it and what enhancement added; weights: SHA-256 of all that its
    frames come from."""

    start: int
    end: int
    segment_digest: str
    is_there: bool
    held_by: Version | None = None
    changes: tuple[ChangeFacts, ...] = ()
    faithfulness: Faithfulness | None = None
    weights: tuple[str, ...] = ()


def plan_shots(run: Run, planned: Sequence[PlannedShot], *, engine: str, remarks: Sequence[Remark] = ()) -> None:
    """Keep the plan of a run, and ring for what is missing. Shots whose segments are there are finished already.
    engine: the edition that planned them; no other makes them. remarks: said in the run's log where the plan is new."""
    with transaction.atomic():
        if not holds(run):
            return
        Run.objects.filter(pk=run.pk).update(engine=engine)
        known = list(run.shots.all())
        if [_made_of(shot) for shot in known] == [_made_of(shot) for shot in planned]:
            finished = [pair for pair in zip(known, planned, strict=True) if pair[0].state == WorkState.FINISHED]
            _queue_again(run, [shot.index for shot, plan in finished if not plan.is_there])
            for shot, plan in finished:
                shot.held_by = plan.held_by
            RunShot.objects.bulk_update([shot for shot, plan in finished if plan.is_there], ["held_by"])
        else:
            _replace_shots(run, planned)
            for remark in remarks:
                say(run, remark.text, **remark.values)
        put_down(run.pk, worker=run.worker)
        ring_due(run_of(run.pk))


def skip_plan(run: Run) -> None:
    """The master is held already: of this version only the pair reel is missing, and no shot is made again for it."""
    with transaction.atomic():
        if holds(run):
            run.shots.exclude(state=WorkState.FINISHED).delete()
            put_down(run.pk, worker=run.worker)
            ring_due(run_of(run.pk))


def forget_segments(run: Run, indexes: Sequence[int]) -> None:
    """Shots whose segments turned out to be missing are made again."""
    with transaction.atomic():
        if holds(run):
            _queue_again(run, indexes)
            put_down(run.pk, worker=run.worker)
            ring_due(run_of(run.pk))


def as_json(changes: Sequence[ChangeFacts]) -> list[dict[str, Any]]:
    return [change.model_dump(mode="json") for change in changes]


def _replace_shots(run: Run, planned: Sequence[PlannedShot]) -> None:
    now = timezone.now()
    run.shots.all().delete()
    RunShot.objects.bulk_create(
        RunShot(run=run, index=index, start=shot.start, end=shot.end, segment_digest=shot.segment_digest,
                state=WorkState.FINISHED if shot.is_there else WorkState.QUEUED, was_reused=shot.is_there,
                held_by=shot.held_by,
                frames_done=shot.end - shot.start if shot.is_there else 0, ended_at=now if shot.is_there else None,
                changes=as_json(shot.changes), faithfulness=shot.faithfulness and shot.faithfulness.model_dump(),
                weights=list(shot.weights))
        for index, shot in enumerate(planned))
    frames = sum(shot.end - shot.start for shot in planned)
    Run.objects.filter(pk=run.pk).update(frames_total=frames)
    say(run, gettext_noop("Frames: {frames}; shots: {shots}, of which there already: {there}"), frames=frames,
        shots=len(planned), there=sum(shot.is_there for shot in planned))


def _queue_again(run: Run, indexes: Sequence[int]) -> None:
    run.shots.filter(index__in=indexes).update(state=WorkState.QUEUED, was_reused=False, held_by=None, frames_done=0)


def _made_of(shot: RunShot | PlannedShot) -> tuple[int, int, str]:
    return shot.start, shot.end, shot.segment_digest
