"""How a run ends: with its shots all made, or with the sentence of what stopped it."""

from django.db import transaction
from django.utils import timezone

from archive.actions import provenance
from archive.vocabularies import EventType, Outcome
from restoration.actions import standing
from restoration.actions.failing import Sentence
from restoration.actions.steps import LIVE, holds, ring_due, run_of, say
from restoration.models import Run, RunShot, Version
from restoration.vocabularies import VersionState, WorkState


def settle(run_pk: int) -> None:
    """What follows when no shot of a run is waited for any more: the master, or the end where a shot failed."""
    shots = RunShot.objects.filter(run_id=run_pk)
    if shots.exclude(state__in=(WorkState.FINISHED, WorkState.FAILED)).exists():
        return
    has_failed = shots.filter(state=WorkState.FAILED).exists()
    # Read after its shots: whoever sees one that failed then sees its sentence too.
    run = run_of(run_pk)
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


def end_shots(run: Run) -> None:
    run.shots.filter(state=WorkState.QUEUED).update(state=WorkState.CANCELLED)


def no_longer_in_work(version: Version) -> None:
    Version.objects.filter(pk=version.pk, state=VersionState.IN_WORK).update(state=VersionState.PLANNED)
    standing.keep(version.asset)
