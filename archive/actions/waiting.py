"""What of the archive waits for a worker: previews to be made, fixity to be checked."""

from uuid import UUID

from archive.actions import bell
from archive.models import MediaFile
from archive.vocabularies import PreviewState


def previews_name(pk: UUID | str) -> str:
    return f"previews-{pk}"


def fixity_check_name(pk: UUID | str) -> str:
    return f"fixity-check-{pk}"


def ring_for_previews(pk: UUID | str) -> None:
    bell.ring("archive.jobs.make_previews", str(pk), name=previews_name(pk), queue="low")


def ring_for_fixity_check(pk: UUID | str) -> None:
    bell.ring("archive.jobs.check_fixity", str(pk), name=fixity_check_name(pk), queue="low")


def ring_again() -> int:
    """Ring for every row that waits, has no job in Redis and nobody at it; how many those were."""
    ringing = bell.ringing()
    if ringing is None:
        return 0
    waiting = {previews_name(pk): (ring_for_previews, pk) for pk in MediaFile.objects.filter(
        preview_state=PreviewState.WAITING).values_list("pk", flat=True)}
    waiting |= {fixity_check_name(pk): (ring_for_fixity_check, pk) for pk in MediaFile.objects.exclude(
        fixity_asked_at=None).values_list("pk", flat=True)}
    silent = [name for name in waiting if name not in ringing]
    at_work = bell.claimed_among(silent) if silent else set()
    due = [waiting[name] for name in silent if name not in at_work]
    for ring, pk in due:
        ring(pk)
    return len(due)
