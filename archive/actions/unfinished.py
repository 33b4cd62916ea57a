"""Uploads that are not complete: where they lie, whose hands they are in, which one goes on, which ones go."""

import contextlib
import fcntl
import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from psycopg.errors import LockNotAvailable

from archive.actions.custody import display_name
from archive.errors import RefusedError
from archive.models import Asset, Collection, Upload, User
from archive.storage import path_of_key

TAIL_BYTES = 1024 * 1024
KEPT = timedelta(days=7)
LEFT_BY_A_FORM = "tmp*.upload*"


@dataclass(frozen=True, slots=True)
class Tail:
    """The last bytes that came, [first, end), by their SHA-256: whoever goes on holds the same ones there."""

    first: int
    end: int
    sha256: str


def path_of(upload: Upload) -> Path:
    return path_of_key(settings.UPLOADS_DIR, str(upload.pk))


def begun_before(*, by: User, name: str, size: int, modified_ms: int | None, asset: Asset | None = None,
                 collection: Collection | None = None, kind: str | None = None) -> Upload | None:
    """The person's newest upload of what seems to be the same file for the same place; `tail_of` tells the rest."""
    if modified_ms is None:
        return None
    same = Upload.objects.filter(
        by=by, name=display_name(name.encode("utf-8", "surrogatepass")), size_bytes=size, modified_ms=modified_ms,
        asset=asset, collection=collection, media_file=None, error="")
    return (same.filter(kind=kind) if kind else same).first()


def tail_of(upload: Upload) -> Tail | None:
    """None where nothing has come, or what came is gone."""
    first = max(0, upload.received_bytes - TAIL_BYTES)
    try:
        with path_of(upload).open("rb") as file:
            file.seek(first)
            last = file.read(upload.received_bytes - first)
    except FileNotFoundError:
        return None
    return Tail(first, first + len(last), hashlib.sha256(last).hexdigest()) if last else None


def lock_bytes(file: BinaryIO, upload: Upload) -> None:
    """For as long as the file is open. Raises RefusedError while another request holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RefusedError(gettext_noop("“{name}” is being received in another window."), name=upload.name) from None


def lock_row(upload: Upload) -> Upload:
    """The row as it is now, in a transaction of the caller's. Raises RefusedError while another request stores it, for
    that can take minutes, and where it is gone."""
    try:
        row = Upload.objects.select_for_update(of=("self",), nowait=True).filter(pk=upload.pk).first()
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise RefusedError(gettext_noop("“{name}” is being stored. Wait a moment and look again."),
                           name=upload.name) from None
    if row is None:
        raise gone(upload)
    return row


def remove(upload: Upload) -> None:
    """The row and the bytes. Raises RefusedError while somebody is at either."""
    with transaction.atomic():
        row = lock_row(upload)
        with contextlib.suppress(FileNotFoundError), path_of(row).open("r+b") as file:
            lock_bytes(file, row)
            path_of(row).unlink()
        row.delete()


def sweep(*, older_than: timedelta = KEPT) -> int:
    """Remove uploads nobody came back to; how many that were. What is in somebody's hands stays."""
    removed = 0
    for upload in Upload.objects.filter(received_at__lte=timezone.now() - older_than):
        with contextlib.suppress(RefusedError):
            remove(upload)
            removed += 1
    for left in Path(settings.UPLOADS_DIR).glob(LEFT_BY_A_FORM):
        with contextlib.suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - older_than.total_seconds():
                left.unlink()
    return removed


def gone(upload: Upload) -> RefusedError:
    return RefusedError(gettext_noop("What came of “{name}” is gone. Begin again."), name=upload.name)
