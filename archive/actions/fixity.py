"""Whether the bytes we hold are still the bytes we took in. Each answer is kept."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.access import require_cataloguer
from archive.actions import provenance, waiting
from archive.actions.custody import ReportBytes, digest_of, ignore
from archive.models import FixityCheck, MediaFile, User
from archive.storage import holding_path
from archive.vocabularies import EventType, Outcome

UNCHANGED = gettext_noop("Unchanged: the SHA-256 of all bytes is the one computed when it came.")
CHANGED = gettext_noop("The bytes have changed: their SHA-256 is another. Bring back a good copy.")
MISSING = gettext_noop("The file is missing from where it should lie. Bring back a good copy.")
UNREADABLE = gettext_noop("The file cannot be read: the disk or its permissions refuse.")


def ask(media_file: MediaFile, *, by: User) -> bool:
    """Have a worker check it when nothing else waits. False where it has been asked for already."""
    require_cataloguer(by)
    is_new = MediaFile.objects.filter(pk=media_file.pk, fixity_asked_at=None).update(
        fixity_asked_at=timezone.now(), fixity_asked_by=by)
    if is_new:
        waiting.ring_for_fixity_check(media_file.pk)
    return bool(is_new)


def answer(pk: str) -> FixityCheck | None:
    """Carry out the check that was asked for, in the name of who asked; None where none is wanted any more."""
    media_file = MediaFile.objects.select_related("instantiation__asset", "fixity_asked_by").filter(
        pk=pk, fixity_asked_at__isnull=False).first()
    return None if media_file is None else _check(media_file, media_file.fixity_asked_by, "", ignore)


def check(media_file: MediaFile, *, by: User | None, software: str = "", report: ReportBytes = ignore) -> FixityCheck:
    """Read the whole file and compare. A failure is a result, not an exception."""
    require_cataloguer(by)
    return _check(media_file, by, software, report)


def _check(media_file: MediaFile, by: User | None, software: str, report: ReportBytes) -> FixityCheck:
    found, detail = read(holding_path(media_file), media_file.sha256, total=media_file.size_bytes, report=report)
    outcome = Outcome.SUCCESS if detail == UNCHANGED else Outcome.FAILURE
    with transaction.atomic():
        result = FixityCheck.objects.create(media_file=media_file, outcome=outcome, found_sha256=found, detail=detail)
        MediaFile.objects.filter(pk=media_file.pk).update(fixity_asked_at=None, fixity_asked_by=None)
        provenance.record(EventType.FIXITY_CHECKED, on=media_file, by=by, software=software, outcome=outcome,
                          asset=media_file.instantiation.asset, detail=detail, sha256=media_file.sha256, found=found)
    return result


def read(path: Path, sha256: str, *, total: int = 0, report: ReportBytes = ignore) -> tuple[str, str]:
    """The digest of all bytes that lie there, empty without any, and which of the sentences above is true of them."""
    try:
        with path.open("rb") as file:
            found = digest_of(file, total=total, report=report)
    except FileNotFoundError:
        return "", MISSING
    except OSError:
        return "", UNREADABLE
    return found, UNCHANGED if found == sha256 else CHANGED
