"""Taking a file into custody: probe, digest, describe, store. One way in for files, uploads and masters.

Either everything is there afterwards, rows and bytes, or nothing is.
"""

import os
import uuid
from dataclasses import asdict
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from archive.access import require_cataloguer
from archive.actions import catalogue, provenance, waiting
from archive.actions.custody import (
    ReportBytes,
    Taken,
    Treatment,
    bytes_taken,
    display_name,
    ignore,
    refuse_without_space,
    settle,
)
from archive.errors import RefusedError
from archive.models import Asset, Collection, EssenceTrack, Instantiation, MediaFile, User
from archive.probe import ProbeResult, probe
from archive.vocabularies import AssetKind, Custody, EventType, Generation, PreviewState


class DuplicateError(RefusedError):
    """The archive holds these very bytes: `media_file` and `asset` say where. Nothing was stored."""

    def __init__(self, name: str, media_file: MediaFile) -> None:
        self.media_file = media_file
        self.asset = media_file.instantiation.asset
        super().__init__(
            gettext_noop("“{name}” is already here, byte for byte: it is “{held}” of {accession_number}."),
            name=name, held=media_file.name, accession_number=self.asset.accession_number,
            media_file=str(media_file.pk), asset=self.asset.pk)


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
    DuplicateError, DiskFullError and other RefusedErrors; then nothing is stored. Inside a transaction of the caller's
    own, wrap it in `custody.all_or_nothing`.
    """
    require_cataloguer(by)
    return _take_in(
        path, by=by, asset=asset, collection=collection, kind=kind, original_name=original_name, label=label,
        generation=generation, derived_from=derived_from, software=software, report=report,
        treatment=Treatment.LEAVE if custody == Custody.IN_PLACE else Treatment.MOVE if move else Treatment.COPY)


def register_master(path: Path, *, asset: Asset, derived_from: Instantiation, by: User | None, software: str,
                    name: str = "", label: str = "", generation: Generation | str = Generation.RESTORED) -> MediaFile:
    """Take a finished master, moved from where it was made, into custody as an instantiation derived from its source.

    Whoever restores may; it was asked when the run was queued. Raises as `ingest` does.
    """
    return _take_in(path, by=by, asset=asset, collection=None, kind=asset.kind, label=label, generation=generation,
                    original_name=os.fsencode(name) if name else None, derived_from=derived_from, software=software,
                    report=ignore, treatment=Treatment.MOVE)


def _take_in(path: Path, *, by: User | None, asset: Asset | None, collection: Collection | None,
             kind: AssetKind | str, original_name: bytes | None, label: str, generation: Generation | str,
             derived_from: Instantiation | None, software: str, report: ReportBytes, treatment: Treatment) -> MediaFile:
    name_bytes = original_name if original_name is not None else os.fsencode(path.name)
    name = display_name(name_bytes)
    if asset is None and collection is None:
        raise RefusedError(gettext_noop("Say which asset or which collection “{name}” belongs to."), name=name)
    if treatment is Treatment.COPY and path.is_file():
        refuse_without_space(path.stat().st_size, name)
    facts = probe(path, name=name)
    if treatment is Treatment.LEAVE:
        _refuse_place(path, name)
    with bytes_taken(path, name, treatment, report) as taken:
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
                settle(taken, treatment)
                queue_previews(media_file)
        except IntegrityError:
            _refuse_duplicate(taken.sha256, name)
            raise
    return media_file


def _refuse_duplicate(sha256: str, name: str) -> None:
    held = MediaFile.objects.select_related("instantiation__asset").filter(sha256=sha256).first()
    if held is not None:
        raise DuplicateError(name, held)


def _refuse_place(path: Path, name: str) -> None:
    """Where a file is kept in place, its path is its key: it has to be text, and not taken by other bytes."""
    key = str(path.resolve())
    if not key.isprintable() or len(key) > 4096:
        raise RefusedError(gettext_noop("The path of “{name}” cannot be written down as text. Copy the file in instead "
                                        "of keeping it in place."), name=name)
    held = MediaFile.objects.filter(storage_key=key).first()
    if held is not None and held.size_bytes != path.stat().st_size:
        raise RefusedError(gettext_noop("“{name}” lies where another file in custody should lie, and is not that file. "
                                        "Bring back the old one, or give this one another name."), name=name)


def _title_from(name: str) -> str:
    stem = Path(name).stem if Path(name).suffix else name
    return " ".join(stem.replace("_", " ").split())[:500] or str(uuid.uuid4())


def _create_rows(instantiation: Instantiation, taken: Taken, name: bytes, facts: ProbeResult,
                 treatment: Treatment) -> MediaFile:
    media_file = MediaFile.objects.create(
        instantiation=instantiation, original_name=name, name=display_name(name), storage_key=taken.key,
        custody=Custody.IN_PLACE if treatment is Treatment.LEAVE else Custody.MANAGED, size_bytes=taken.size_bytes,
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
    MediaFile.objects.filter(pk=media_file.pk).update(preview_state=PreviewState.WAITING, preview_error="",
                                                      preview_attempts=0)
    waiting.ring_for_previews(media_file.pk)
