"""A file on its way in from a browser, in pieces that can be taken up again at the last byte received."""

import datetime
import fcntl
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
from archive.errors import DiskFullError, RefusedError
from archive.models import Asset, Collection, MediaFile, Upload, User
from archive.storage import path_of_key
from archive.vocabularies import AssetKind

BLOCK_BYTES = 1024 * 1024
KEPT = datetime.timedelta(days=7)


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WrongOffsetError(RefusedError):
    """A piece does not begin where the last one ended; `values["expected"]` is where to go on."""


def begin(*, by: User, name: str, size: int, asset: Asset | None = None, collection: Collection | None = None,
          kind: AssetKind | str = AssetKind.PROGRAMME) -> Upload:
    """Announce a file of that size: a recording of `asset`, or of a new one in `collection`. Raises RefusedError."""
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
    upload = Upload.objects.create(by=by, name=name, size_bytes=size, asset=asset, collection=collection, kind=kind)
    path_of(upload).touch()
    return upload


def receive(upload: Upload, *, offset: int, stream: Stream, by: User) -> Upload:
    """Append what the stream holds at `offset`. A connection that breaks leaves what came; go on at
    `received_bytes`. Raises WrongOffsetError, RefusedError, DiskFullError."""
    _require_own(upload, by)
    try:
        with path_of(upload).open("r+b") as file:
            _lock(file, upload)
            upload.refresh_from_db()
            _refuse_wrong_offset(upload, offset)
            file.truncate(offset)
            file.seek(offset)
            try:
                _append(file, stream, upload)
            finally:
                file.flush()
                upload.received_bytes = min(file.tell(), upload.size_bytes)
                upload.save(update_fields=["received_bytes"])
    except FileNotFoundError:
        raise _gone(upload) from None
    except OSError as error:
        if error.errno in NO_SPACE:
            raise _disk_full(upload.name) from error
        raise
    return upload


def finish(upload: Upload, *, by: User) -> MediaFile:
    """Take the complete file into custody; asked again, the same media file is the answer. Its `sha256` is what the
    archive received. A file that is refused is removed, and the upload remembers why. Raises RefusedError."""
    _require_own(upload, by)
    refusal: RefusedError | None = None
    with all_or_nothing():
        row = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if row.media_file is not None:
            return row.media_file
        if row.received_bytes < row.size_bytes:
            raise RefusedError(gettext_noop("“{name}” is not complete: {received} of {size} bytes are here. Go on "
                                            "with the upload."), name=row.name, received=row.received_bytes,
                               size=row.size_bytes)
        if not path_of(row).exists():
            raise _gone(row)
        try:
            row.media_file = ingest(path_of(row), by=by, asset=row.asset, collection=row.collection, kind=row.kind,
                                    original_name=row.name.encode(), move=True)
        except RefusedError as error:
            refusal = error
            row.error = str(error)[:500]
        row.save(update_fields=["media_file", "error"])
    if refusal is not None:
        if not isinstance(refusal, DiskFullError):
            path_of(row).unlink(missing_ok=True)
        raise refusal
    assert row.media_file is not None  # noqa: S101 (set, or refused above)
    return row.media_file


def abandon(upload: Upload, *, by: User) -> None:
    """Forget it, with what has come of it."""
    _require_own(upload, by)
    path_of(upload).unlink(missing_ok=True)
    upload.delete()


def sweep(*, older_than: datetime.timedelta = KEPT) -> int:
    """Remove uploads nobody came back to; how many that were."""
    old = Upload.objects.filter(started_at__lt=timezone.now() - older_than)
    for upload in old:
        path_of(upload).unlink(missing_ok=True)
    return old.delete()[0]


def path_of(upload: Upload) -> Path:
    return path_of_key(settings.UPLOADS_DIR, str(upload.pk))


def _append(file: BinaryIO, stream: Stream, upload: Upload) -> None:
    left = upload.size_bytes - file.tell()
    while block := stream.read(BLOCK_BYTES):
        if len(block) > left:
            raise RefusedError(gettext_noop("More came of “{name}” than its {size} bytes. It was changed on the way; "
                                            "begin again."), name=upload.name, size=upload.size_bytes)
        file.write(block)
        left -= len(block)


def _lock(file: BinaryIO, upload: Upload) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RefusedError(gettext_noop("“{name}” is being received in another window."), name=upload.name) from None


def _refuse_wrong_offset(upload: Upload, offset: int) -> None:
    if offset != upload.received_bytes:
        raise WrongOffsetError(gettext_noop("“{name}” goes on at byte {expected}, not at {offset}."), name=upload.name,
                               expected=upload.received_bytes, offset=offset)


def _require_own(upload: Upload, by: User) -> None:
    require_role(by, CATALOGUERS)
    if upload.by_id != by.pk:
        raise PermissionDenied


def _gone(upload: Upload) -> RefusedError:
    return RefusedError(gettext_noop("What came of “{name}” is gone. Begin again."), name=upload.name)


def _disk_full(name: str) -> DiskFullError:
    return DiskFullError(gettext_noop("The disk is full: “{name}” does not fit. Make room and go on."), name=name)
