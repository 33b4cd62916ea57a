"""Work that waits in a queue, and the one worker at a time that makes an attempt at it.

Every change is conditional: it is made as long as the row is still that worker's attempt, so that of two workers that
hear the same bell one goes home, and one that was taken for dead changes nothing when it comes back.
"""

from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.utils import timezone

from restoration.models import Adaptation, Analysis, BeforeAfterClip, Inspection, Look, RunShot
from restoration.vocabularies import WorkState

Work = TypeVar("Work", Adaptation, Analysis, BeforeAfterClip, Inspection, Look, RunShot)


def claim(kind: type[Work], pk: int, *, worker: str, **afresh: Any) -> bool:
    """Begin what waits. afresh: columns that tell of an earlier attempt. False where it does not wait any more."""
    now = timezone.now()
    return bool(kind.objects.filter(pk=pk, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, worker=worker, attempts=F("attempts") + 1, heartbeat_at=now, started_at=now,
        ended_at=None, **afresh))


def beat(work: Work, **far: Any) -> bool:
    """Say that it is worked on. far: columns that say how far it is. False when it is no longer wanted from this
    worker."""
    return bool(own(work).update(heartbeat_at=timezone.now(), **far))


def end(work: Work, state: WorkState, **columns: Any) -> bool:
    """Finished or failed. False when it was no longer this worker's."""
    return bool(own(work).update(state=state, worker="", ended_at=timezone.now(), **columns))


def wait_again(work: Work, **afresh: Any) -> bool:
    """What was interrupted waits again, as if the attempt had not been made. False when it was no longer this worker's,
    or was given up."""
    if not own(work).update(state=WorkState.QUEUED, worker="", attempts=F("attempts") - 1, **afresh):
        return False
    work.refresh_from_db()
    return True


def own(work: Work) -> QuerySet[Work]:
    """The row, as long as it is still this worker's attempt."""
    return type(work).objects.filter(pk=work.pk, state=WorkState.RUNNING, worker=work.worker, attempts=work.attempts)
