"""Bytes on their way into custody: one pass, a temporary name, and a way back."""

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from archive.actions.doubt import may_be_committed
from archive.errors import DiskFullError, RefusedError
from archive.storage import managed_path, new_holding_key

BLOCK_BYTES = 4 * 1024 * 1024
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ReportBytes = Callable[[int, int], None]

_ways_back: ContextVar[list[Callable[[], None]] | None] = ContextVar("ways_back", default=None)


class Treatment(Enum):
    """What happens to the bytes of a file that comes in."""

    COPY = auto()
    MOVE = auto()
    LEAVE = auto()


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes under way: where they are now, what they are called for good, and their digest."""

    path: Path
    key: str
    sha256: str
    size_bytes: int


def ignore(done: int, total: int) -> None:
    """Listen to nothing."""


def display_name(original_name: bytes) -> str:
    """The name as text: NFC, with a mark for each byte that is no text, and for each that would break a line or turn
    the direction of what is read."""
    return UNSEEN.sub("\ufffd", unicodedata.normalize("NFC", original_name.decode("utf-8", "replace")))[:1000]


def digest_of(file: BinaryIO, *, into: BinaryIO | None = None, total: int = 0, report: ReportBytes = ignore) -> str:
    """SHA-256 over all bytes from here on, written on to `into` in the same pass."""
    digest, done = hashlib.sha256(), 0
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        if into is not None:
            into.write(block)
        done += len(block)
        report(done, total)
    return digest.hexdigest()


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """A transaction of rows and bytes: what is taken into custody inside it goes back to where it came from, or away,
    unless the rows about it are committed."""
    outer = _ways_back.get()
    ways_back: list[Callable[[], None]] = []
    token = _ways_back.set(ways_back)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for go_back in reversed(ways_back):
            go_back()
        raise
    finally:
        _ways_back.reset(token)
    if outer is not None:
        outer.extend(ways_back)


@contextmanager
def bytes_taken(path: Path, name: str, treatment: Treatment, report: ReportBytes) -> Iterator[Taken]:
    """The bytes, digested in one pass, beside the holdings under a temporary name; put back or removed on failure."""
    key = str(path.resolve()) if treatment is Treatment.LEAVE else new_holding_key()
    target = path if treatment is Treatment.LEAVE else managed_path(key).with_suffix(".incoming")
    try:
        yield _take(path, target, key, name, treatment, report)
    except BaseException as error:
        if treatment is not Treatment.LEAVE:
            _undo(path, target, key, treatment)
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            raise _disk_full(name) from error
        raise
    ways_back = _ways_back.get()
    if ways_back is not None and treatment is not Treatment.LEAVE:
        ways_back.append(partial(_undo, path, target, key, treatment))


def _take(path: Path, target: Path, key: str, name: str, treatment: Treatment, report: ReportBytes) -> Taken:
    before = path.stat()
    if treatment is not Treatment.LEAVE:
        target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source:
        if treatment is Treatment.COPY:
            with target.open("xb") as copy:
                sha256 = digest_of(source, into=copy, total=before.st_size, report=report)
                copy.flush()
                os.fsync(copy.fileno())
        else:
            sha256 = digest_of(source, total=before.st_size, report=report)
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise RefusedError(gettext_noop("“{name}” was changed while it was read. Wait until it is complete."),
                           name=name)
    if treatment is Treatment.MOVE:
        _move(path, target)
    return Taken(target, key, sha256, before.st_size)


def settle(taken: Taken, treatment: Treatment) -> None:
    if treatment is not Treatment.LEAVE:
        taken.path.rename(managed_path(taken.key))


def _undo(path: Path, target: Path, key: str, treatment: Treatment) -> None:
    if managed_path(key).exists() and may_be_committed(key):
        return
    for place in (target, managed_path(key)):
        if treatment is Treatment.MOVE and place.exists() and not path.exists():
            _move(place, path)
        place.unlink(missing_ok=True)
    if target.parent.is_dir() and not any(target.parent.iterdir()):
        target.parent.rmdir()


def _move(source: Path, target: Path) -> None:
    """Rename, or copy and remove across file systems; the target is under a temporary name or our own."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with source.open("rb") as whole, target.open("xb") as copy:
            while block := whole.read(BLOCK_BYTES):
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        source.unlink()


def refuse_without_space(needed: int, name: str) -> None:
    """Raises DiskFullError where the holdings cannot take so many bytes."""
    Path(settings.HOLDINGS_DIR).mkdir(parents=True, exist_ok=True)
    place = os.statvfs(settings.HOLDINGS_DIR)
    if needed > place.f_bavail * place.f_frsize:
        raise _disk_full(name)


def _disk_full(name: str) -> DiskFullError:
    return DiskFullError(gettext_noop("The disk is full: “{name}” does not fit. Nothing of it was kept; make room and "
                                      "take it in again."), name=name)
