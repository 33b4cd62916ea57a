"""What becomes of a file's previews, made or not."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from archive.actions import provenance
from archive.models import Asset, MediaFile
from archive.vocabularies import EventType, Outcome, PreviewState

NOTHING_DECODES = gettext_noop("No picture could be decoded, so there is nothing to show.")
DISK_FULL = gettext_noop("The disk was full. Make room and have the previews made again.")
FILE_MISSING = gettext_noop("The file is missing from where it should lie.")
OUR_FAULT = gettext_noop("Something went wrong on our side; the log tells what. Have the previews made again.")


LOST_TOO_OFTEN = gettext_noop("The worker was lost each time it made them. The file may need more memory than there "
                              "is.")
MOST_ATTEMPTS = 3


def begin(pk: str) -> MediaFile | None:
    """The file whose previews are to be made now; None where it is gone, or nobody waits for them any more. What took
    its worker down too often is given up."""
    waiting = MediaFile.objects.filter(pk=pk, preview_state=PreviewState.WAITING)
    if not waiting.update(preview_attempts=F("preview_attempts") + 1):
        return None
    media_file = MediaFile.objects.select_related("instantiation__asset").get(pk=pk)
    if media_file.preview_attempts > MOST_ATTEMPTS:
        previews_failed(media_file, LOST_TOO_OFTEN, software="")
        return None
    return media_file


def previews_made(media_file: MediaFile, facts: dict[str, Any], *, software: str) -> None:
    """They can be shown; the asset that has no poster yet gets this one."""
    asset = media_file.instantiation.asset
    with transaction.atomic():
        MediaFile.objects.filter(pk=media_file.pk).update(preview_state=PreviewState.READY, preview_error="")
        Asset.objects.filter(pk=asset.pk, poster_file=None).update(poster_file=media_file)
        provenance.record(EventType.PREVIEWED, on=media_file, software=software, asset=asset,
                          detail=gettext_noop("Poster, filmstrip and a viewing proxy of {width}×{height} made."),
                          **facts)


def previews_failed(media_file: MediaFile, reason: str, *, software: str) -> None:
    with transaction.atomic():
        MediaFile.objects.filter(pk=media_file.pk).update(preview_state=PreviewState.FAILED, preview_error=reason)
        provenance.record(EventType.PREVIEWED, on=media_file, software=software, outcome=Outcome.FAILURE,
                          asset=media_file.instantiation.asset, detail=reason)
