"""Taking a file into custody: probe, digest, describe, store. One way in for files, uploads and masters.

Either everything is there afterwards, rows and bytes, or nothing is.
"""

import errno
import hashlib
import os
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

import django_rq
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from archive.actions import catalogue, provenance
from archive.errors import DiskFullError, RefusedError
from archive.models import Asset, Collection, EssenceTrack, Instantiation, MediaFile, User
from archive.probe import ProbeResult, probe
from archive.storage import managed_path, new_holding_key
from archive.vocabularies import AssetKind, Custody, EventType, Generation, PreviewState

BLOCK_BYTES = 4 * 1024 * 1024
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ReportBytes = Callable[[int, int], None]


class DuplicateError(RefusedError):
    """The archive holds these very bytes: `media_file` and `asset` say where. Nothing was stored."""

    def __init__(self, name: str, media_file: MediaFile) -> None:
        self.media_file = media_file
        self.asset = media_file.instantiation.asset
        super().__init__(
            gettext_noop("“{name}” is already here, byte for byte: it is “{held}” of {accession_number}."),
            name=name, held=media_file.name, accession_number=self.asset.accession_number,
            media_file=str(media_file.pk), asset=self.asset.pk)


class Bytes(Enum):
    """What happens to the file that comes in."""

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


def ingest(
    path: Path,
    *,
    by: User | None,
    asset: Asset | None = None,
    collection: Collection | None = None,
    kind: AssetKind | str = AssetKind.PROGRAMME,
    custody: Custody | str = Custody.MANAGED,
    original_name: bytes | None = None,
    generation: Generation | str = Generation.PRESERVATION,
    derived_from: Instantiation | None = None,
    label: str = "",
    move: bool = False,
    software: str = "",
    report: ReportBytes = ignore,
) -> MediaFile:
    """Take a recording into custody and queue its previews.

    asset: what it is a recording of; without one, an asset of `kind` is made in `collection`, titled by the file's
    name. move: a managed file is moved in instead of copied. report(done, total): bytes read. Raises ProbeError,
    DuplicateError, DiskFullError and other RefusedErrors; then nothing is stored.
    """
    catalogue.require_cataloguer(by)
    return _take_in(
        path, by=by, asset=asset, collection=collection, kind=kind, original_name=original_name, label=label,
        generation=generation, derived_from=derived_from, software=software, report=report,
        treatment=Bytes.LEAVE if custody == Custody.IN_PLACE else Bytes.MOVE if move else Bytes.COPY)


def register_master(path: Path, *, asset: Asset, derived_from: Instantiation, by: User | None, software: str,
                    name: str = "", label: str = "", generation: Generation | str = Generation.RESTORED) -> MediaFile:
    """Take a finished master, moved from where it was made, into custody as an instantiation derived from its source.

    Whoever restores may; it was asked when the run was queued. Raises as `ingest` does.
    """
    return _take_in(path, by=by, asset=asset, collection=None, kind=asset.kind, label=label, generation=generation,
                    original_name=os.fsencode(name) if name else None, derived_from=derived_from, software=software,
                    report=ignore, treatment=Bytes.MOVE)


def display_name(original_name: bytes) -> str:
    """The name as text: NFC, with a mark for each byte that is no text."""
    return unicodedata.normalize("NFC", original_name.decode("utf-8", "replace"))[:1000]


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


def _take_in(path: Path, *, by: User | None, asset: Asset | None, collection: Collection | None,
             kind: AssetKind | str, original_name: bytes | None, label: str, generation: Generation | str,
             derived_from: Instantiation | None, software: str, report: ReportBytes, treatment: Bytes) -> MediaFile:
    name_bytes = original_name if original_name is not None else os.fsencode(path.name)
    name = display_name(name_bytes)
    if asset is None and collection is None:
        raise RefusedError(gettext_noop("Say which asset or which collection “{name}” belongs to."), name=name)
    facts = probe(path, name=name)
    with _bytes_taken(path, name, treatment, report) as taken:
        _refuse_duplicate(taken.sha256, name)
        try:
            with transaction.atomic():
                if asset is None and collection is not None:
                    asset = catalogue.create_asset(by=by, kind=kind, collection=collection, software=software,
                                                   title=_title_from(name))
                assert asset is not None  # noqa: S101 (refused above)
                instantiation = Instantiation.objects.create(
                    asset=asset, generation=generation, derived_from=derived_from, label=label)
                media_file = _create_rows(instantiation, taken, name_bytes, facts, treatment)
                _record(media_file, asset, facts, by, software)
                _settle(taken, treatment)
                queue_previews(media_file)
        except IntegrityError:
            _refuse_duplicate(taken.sha256, name)
            raise
    return media_file


@contextmanager
def _bytes_taken(path: Path, name: str, treatment: Bytes, report: ReportBytes) -> Iterator[Taken]:
    """The bytes, digested in one pass, beside the holdings under a temporary name; put back or removed on failure."""
    key = str(path.resolve()) if treatment is Bytes.LEAVE else new_holding_key()
    target = path if treatment is Bytes.LEAVE else managed_path(key).with_suffix(".incoming")
    try:
        yield _take(path, target, key, name, treatment, report)
    except BaseException as error:
        if treatment is not Bytes.LEAVE:
            _undo(path, target, key, treatment)
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            raise _disk_full(name) from error
        raise


def _take(path: Path, target: Path, key: str, name: str, treatment: Bytes, report: ReportBytes) -> Taken:
    before = path.stat()
    if treatment is not Bytes.LEAVE:
        target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source:
        if treatment is Bytes.COPY:
            _refuse_without_space(before.st_size, name)
            with target.open("xb") as copy:
                sha256 = digest_of(source, into=copy, total=before.st_size, report=report)
                copy.flush()
                os.fsync(copy.fileno())
        else:
            sha256 = digest_of(source, total=before.st_size, report=report)
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise RefusedError(gettext_noop("“{name}” was changed while it was read. Wait until it is complete."), name=name)
    if treatment is Bytes.MOVE:
        _move(path, target)
    return Taken(target, key, sha256, before.st_size)


def _settle(taken: Taken, treatment: Bytes) -> None:
    if treatment is not Bytes.LEAVE:
        taken.path.rename(managed_path(taken.key))


def _undo(path: Path, target: Path, key: str, treatment: Bytes) -> None:
    for place in (target, managed_path(key)):
        if treatment is Bytes.MOVE and place.exists() and not path.exists():
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


def _refuse_without_space(needed: int, name: str) -> None:
    place = os.statvfs(settings.HOLDINGS_DIR)
    if needed > place.f_bavail * place.f_frsize:
        raise _disk_full(name)


def _disk_full(name: str) -> DiskFullError:
    return DiskFullError(gettext_noop("The disk is full: “{name}” does not fit. Nothing of it was kept; make room and "
                                      "take it in again."), name=name)


def _refuse_duplicate(sha256: str, name: str) -> None:
    held = MediaFile.objects.select_related("instantiation__asset").filter(sha256=sha256).first()
    if held is not None:
        raise DuplicateError(name, held)


def _title_from(name: str) -> str:
    stem = Path(name).stem if Path(name).suffix else name
    return " ".join(stem.replace("_", " ").split())[:500] or str(uuid.uuid4())


def _create_rows(instantiation: Instantiation, taken: Taken, name: bytes, facts: ProbeResult,
                 treatment: Bytes) -> MediaFile:
    media_file = MediaFile.objects.create(
        instantiation=instantiation, original_name=name, name=display_name(name), storage_key=taken.key,
        custody=Custody.IN_PLACE if treatment is Bytes.LEAVE else Custody.MANAGED, size_bytes=taken.size_bytes,
        sha256=taken.sha256, wrapper=facts.wrapper, duration_seconds=facts.duration,
        start_timecode=facts.start_timecode, remarks=[asdict(remark) for remark in facts.remarks])
    EssenceTrack.objects.bulk_create(EssenceTrack(media_file=media_file, **asdict(track)) for track in facts.tracks)
    return media_file


def _record(media_file: MediaFile, asset: Asset, facts: ProbeResult, by: User | None, software: str) -> None:
    provenance.record(EventType.INGESTED, on=media_file, by=by, software=software, asset=asset,
                      detail=gettext_noop("“{name}” taken into custody, {size_bytes} bytes."), name=media_file.name,
                      size_bytes=media_file.size_bytes, custody=media_file.custody)
    provenance.record(EventType.DIGEST_COMPUTED, on=media_file, by=by, software=software, asset=asset,
                      detail=gettext_noop("SHA-256 {sha256}."), sha256=media_file.sha256)
    picture = facts.picture
    provenance.record(EventType.PROBED, on=media_file, by=by, software=software, asset=asset,
                      detail=gettext_noop("{wrapper}, {codec}, {width}×{height} at {rate} frames a second."),
                      wrapper=facts.wrapper, codec=picture.codec, width=picture.width, height=picture.height,
                      rate=str(picture.rate or "—"), remarks=[asdict(remark) for remark in facts.remarks])


def queue_previews(media_file: MediaFile) -> None:
    """Poster, filmstrip, waveform and proxy, when nothing else waits. Rings again where they failed."""
    MediaFile.objects.filter(pk=media_file.pk).update(preview_state=PreviewState.WAITING, preview_error="")
    pk = str(media_file.pk)
    transaction.on_commit(lambda: django_rq.get_queue("low").enqueue(
        "archive.jobs.make_previews", pk, job_id=f"previews-{pk}", result_ttl=0, failure_ttl=7 * 24 * 3600))
