"""A file on its way in from a browser, in pieces that can be taken up again at the last byte received."""

import os
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.access import CATALOGUERS, require_role
from archive.actions.custody import NO_SPACE, all_or_nothing, display_name
from archive.actions.ingest import ingest
from archive.actions.unfinished import (
    TAIL_BYTES,
    begun_before,
    gone,
    lock_bytes,
    lock_row,
    path_of,
    remove,
    sweep,
    tail_of,
)
from archive.errors import DiskFullError, RefusedError
from archive.models import Asset, Collection, MediaFile, Upload, User
from archive.probe import UnreadError
from archive.vocabularies import AssetKind

__all__ = ["TAIL_BYTES", "WrongOffsetError", "abandon", "begin", "begun_before", "finish", "path_of", "receive",
           "sweep", "tail_of"]

BLOCK_BYTES = 1024 * 1024
OUR_LIMITS = (DiskFullError, UnreadError)


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WrongOffsetError(RefusedError):
    """A piece does not begin where the last one ended; `values["expected"]` is where to go on."""


def begin(*, by: User, name: str, size: int, asset: Asset | None = None, collection: Collection | None = None,
          kind: AssetKind | str = AssetKind.PROGRAMME, modified_ms: int | None = None) -> Upload:
    """Announce a file of that size: a recording of `asset`, or of a new one in `collection`. modified_ms: when it was
    last changed where it is, in milliseconds. Raises RefusedError."""
    require_role(by, CATALOGUERS)
    sweep()
    name = display_name(name.encode("utf-8", "surrogatepass"))
    if asset is None and collection is None:
        raise RefusedError(gettext_noop("Say which asset or which collection “{name}” belongs to."), name=name)
    if size <= 0:
        raise RefusedError(gettext_noop("“{name}” is empty (0 bytes). Fetch it again from where it came."), name=name)
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedError(gettext_noop("“{name}” is larger than an upload may be. Ask the administrator to take it in "
                                        "from a folder."), name=name)
    Path(settings.UPLOADS_DIR).mkdir(parents=True, exist_ok=True)
    place = os.statvfs(settings.UPLOADS_DIR)
    if size > place.f_bavail * place.f_frsize:
        raise _disk_full(name)
    upload = Upload.objects.create(by=by, name=name, size_bytes=size, asset=asset, collection=collection, kind=kind,
                                   modified_ms=modified_ms)
    path_of(upload).touch()
    return upload


def receive(upload: Upload, *, offset: int, stream: Stream, by: User) -> Upload:
    """Append what the stream holds at `offset`. A connection that breaks leaves what came; go on at
    `received_bytes`. Raises WrongOffsetError, RefusedError, DiskFullError."""
    _require_own(upload, by)
    try:
        with path_of(upload).open("r+b") as file:
            lock_bytes(file, upload)
            upload.refresh_from_db()
            _refuse_wrong_offset(upload, offset)
            file.truncate(offset)
            file.seek(offset)
            try:
                _append(file, stream, upload)
            finally:
                file.flush()
                upload.received_bytes = min(file.tell(), upload.size_bytes)
                upload.received_at = timezone.now()
                upload.save(update_fields=["received_bytes", "received_at"])
    except (FileNotFoundError, Upload.DoesNotExist):
        raise gone(upload) from None
    except OSError as error:
        if error.errno in NO_SPACE:
            raise _disk_full(upload.name) from error
        raise
    return upload


def finish(upload: Upload, *, by: User) -> MediaFile:
    """Take the complete file into custody; asked again, the same media file is the answer. Its `sha256` is what the
    archive received. A file that is refused is removed, and the upload remembers why; one that only our limits kept
    from being read or stored stays, to be finished later. Raises RefusedError."""
    _require_own(upload, by)
    refusal: RefusedError | None = None
    with all_or_nothing():
        row = lock_row(upload)
        if row.media_file is not None:
            return row.media_file
        if row.received_bytes < row.size_bytes:
            raise RefusedError(gettext_noop("“{name}” is not complete: {received} of {size} bytes are here. Go on "
                                            "with the upload."), name=row.name, received=row.received_bytes,
                               size=row.size_bytes)
        if not path_of(row).exists():
            raise gone(row)
        try:
            row.media_file = ingest(path_of(row), by=by, asset=row.asset, collection=row.collection, kind=row.kind,
                                    original_name=row.name.encode(), move=True)
        except RefusedError as error:
            refusal = error
            row.error = "" if isinstance(error, OUR_LIMITS) else str(error)[:500]
        row.save(update_fields=["media_file", "error"])
    if refusal is not None:
        if row.error:
            path_of(row).unlink(missing_ok=True)
        raise refusal
    assert row.media_file is not None  # noqa: S101 (set, or refused above)
    return row.media_file


def abandon(upload: Upload, *, by: User) -> None:
    """Forget it, with what has come of it. Raises RefusedError while it is received or stored."""
    _require_own(upload, by)
    remove(upload)


def _append(file: BinaryIO, stream: Stream, upload: Upload) -> None:
    left = upload.size_bytes - file.tell()
    while block := stream.read(BLOCK_BYTES):
        if len(block) > left:
            raise RefusedError(gettext_noop("More came of “{name}” than its {size} bytes. It was changed on the way; "
                                            "begin again."), name=upload.name, size=upload.size_bytes)
        file.write(block)
        left -= len(block)


def _refuse_wrong_offset(upload: Upload, offset: int) -> None:
    if offset != upload.received_bytes:
        raise WrongOffsetError(gettext_noop("“{name}” goes on at byte {expected}, not at {offset}."), name=upload.name,
                               expected=upload.received_bytes, offset=offset)


def _require_own(upload: Upload, by: User) -> None:
    require_role(by, CATALOGUERS)
    if upload.by_id != by.pk:
        raise PermissionDenied


def _disk_full(name: str) -> DiskFullError:
    return DiskFullError(gettext_noop("The disk is full: “{name}” does not fit. Make room and go on."), name=name)
