"""What people do with runs: queue, cancel, resume, and see how far they are."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import User
from archive.vocabularies import EventType
from restoration.access import RESTORERS
from restoration.actions import standing
from restoration.actions.ending import end_shots, no_longer_in_work
from restoration.actions.failing import NO_ERROR
from restoration.actions.foresight import work_of
from restoration.actions.pace import Progress, progress
from restoration.actions.reaping import reap
from restoration.actions.steps import LIVE, RESUMED, ring_due, say
from restoration.models import Run, Version
from restoration.vocabularies import RESUMABLE_STATES, VersionState, WorkState

__all__ = ["Progress", "cancel", "progress", "queue", "reap", "resume"]


def queue(version: Version, *, by: User) -> Run:
    """Make a version. Shots that an earlier run of the same source and settings finished are used again."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        locked = Version.objects.select_for_update().get(pk=version.pk)
        _refuse_unless_to_be_made(locked)
        last = locked.runs.aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(version=version, number=last + 1, by=by, core_seconds=work_of(version))
        say(run, gettext_noop("Queued by {person}"), person=str(by))
        _record(run, EventType.RUN_QUEUED, gettext_noop("Run {run} of {version} queued"), by=by)
        _take_into_work(run)
    version.refresh_from_db(fields=["state"])
    return run


def cancel(run: Run, *, by: User) -> None:
    """Stop a run; shots at work stop within a frame's time, finished ones stay."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        cancelled = Run.objects.filter(pk=run.pk, state__in=LIVE).update(
            state=WorkState.CANCELLED, is_joining=False, worker="", ended_at=timezone.now())
        if not cancelled:
            raise ValidationError(_("This run has already ended."))
        end_shots(run)
        say(run, gettext_noop("Cancelled by {person}"), person=str(by))
        _record(run, EventType.RUN_CANCELLED, gettext_noop("Run {run} of {version} cancelled"), by=by)
        no_longer_in_work(run.version)
    run.refresh_from_db()


def resume(run: Run, *, by: User) -> None:
    """Go on with a run that failed, was cancelled or was lost. Finished shots are not made again."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        # A run before its version, as everywhere.
        Run.objects.select_for_update().get(pk=run.pk)
        version = Version.objects.select_for_update().get(pk=run.version_id)
        _refuse_unless_to_be_made(version)
        resumed = Run.objects.filter(pk=run.pk, state__in=RESUMABLE_STATES).update(
            state=WorkState.QUEUED, worker="", attempts=0, ended_at=None,
            **NO_ERROR.as_columns())
        if not resumed:
            raise ValidationError(_("Only a run that failed or was cancelled can be resumed."))
        run.shots.filter(state__in=RESUMABLE_STATES).update(state=WorkState.QUEUED, attempts=0, frames_done=0)
        run.refresh_from_db()
        say(run, RESUMED, person=str(by))
        _record(run, EventType.RUN_QUEUED, gettext_noop("Run {run} of {version} resumed"), by=by)
        _take_into_work(run)


def _refuse_unless_to_be_made(version: Version) -> None:
    if version.state in (VersionState.TO_REVIEW, VersionState.APPROVED, VersionState.REJECTED):
        raise ValidationError(_("%(version)s has been made already."), params={"version": str(version)})
    if version.runs.filter(state__in=LIVE).exists():
        raise ValidationError(_("%(version)s is being made already."), params={"version": str(version)})


def _take_into_work(run: Run) -> None:
    Version.objects.filter(pk=run.version_id).update(state=VersionState.IN_WORK, not_reviewable_because="")
    standing.keep(run.version.asset)
    ring_due(run)


def _record(run: Run, event: EventType, detail: str, *, by: User) -> None:
    provenance.record(event, on=run, by=by, asset=run.version.asset, detail=detail, version=str(run.version),
                      run=run.number, settings_digest=run.version.settings_digest)
