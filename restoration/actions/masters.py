"""From finished shots to something a reviewer can judge: the master is registered, then its pair reel."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.actions import ingest, provenance
from archive.actions.doubt import may_be_committed
from archive.models import MediaFile
from archive.storage import managed_path
from archive.vocabularies import EventType
from restoration.actions import shots, standing
from restoration.actions.ending import fail_step
from restoration.actions.failing import Sentence
from restoration.actions.steps import holds, put_down, ring_due, say
from restoration.engine.errors import EngineError
from restoration.models import Run, Version
from restoration.vocabularies import VersionState, WorkState


class TakenAwayError(Exception):
    """The run was cancelled, or given to another worker, while this one finished its step."""


class SameMasterError(EngineError):
    """Other settings made the very bytes that are held already; there is nothing new to judge."""


def register(run: Run, path: Path, report: dict[str, Any]) -> bool:
    """Take the joined master into custody and bind it to its version, both or neither. False when the run was taken
    away meanwhile.

    The run's row is locked only after the bytes have been read: reading a master can take an hour.
    """
    version, taken = run.version, list[MediaFile]()
    try:
        with transaction.atomic():
            taken.append(ingest.register_master(
                path, asset=version.asset, derived_from=version.source.instantiation, name=master_name(version),
                by=run.by, software=_software(report)))
            _bind(run, taken[0], report)
    except BaseException as error:
        for master in taken:
            if not may_be_committed(master.storage_key):
                managed_path(master.storage_key).unlink(missing_ok=True)
        if isinstance(error, TakenAwayError):
            return False
        if isinstance(error, ingest.DuplicateError):
            raise _same_as(error, version) from error
        raise
    return True


def _same_as(error: ingest.DuplicateError, version: Version) -> Exception:
    other = Version.objects.select_related("asset").filter(master=error.media_file).first()
    if other is None:
        return error
    return SameMasterError(gettext_noop(
        "{version} came out byte for byte as {other} of {accession_number}. Judge that one, or propose a version with "
        "other settings."), version=str(version), other=str(other), accession_number=other.asset.accession_number)


def _bind(run: Run, master: MediaFile, report: dict[str, Any]) -> None:
    version = run.version
    if not holds(run):
        raise TakenAwayError
    Version.objects.filter(pk=version.pk).update(master=master, report=report)
    say(run, gettext_noop("The master is complete: SHA-256 {sha256}"), sha256=master.sha256)
    provenance.record(EventType.RESTORED, on=version, by=run.by, asset=version.asset, software=_software(report),
                      detail=gettext_noop("{version} restored from {name}"), version=str(version),
                      name=version.source.name, source_sha256=version.source.sha256,
                      settings_digest=version.settings_digest, master_sha256=master.sha256)
    put_down(run.pk, worker=run.worker)
    ring_due(Run.objects.select_related("version").get(pk=run.pk))


def _software(report: dict[str, Any]) -> str:
    return f"Patina engine {report.get('engine', '')}".strip()


def keep_pair_reel(run: Run, *, key: str, sha256: str, contract: dict[str, Any]) -> bool:
    """Keep the reviewer's file; the run is finished and the version waits for its review."""
    version = run.version
    with transaction.atomic():
        if not holds(run):
            return False
        Version.objects.filter(pk=version.pk).update(
            pair_reel_key=key, pair_reel_sha256=sha256, pair_reel=contract, not_reviewable_because="",
            state=VersionState.TO_REVIEW)
        shots.carry_over(version)
        if not version.pair_reel_key:
            shots.tell_answered(version)
        Run.objects.filter(pk=run.pk).update(state=WorkState.FINISHED, worker="", is_joining=False,
                                             ended_at=timezone.now())
        say(run, gettext_noop("The pair reel is complete; {version} waits for its review"), version=str(version))
        provenance.record(EventType.PAIR_REEL_MADE, on=version, by=run.by, asset=version.asset,
                          detail=gettext_noop("Pair reel of {version} made"), version=str(version), sha256=sha256)
        standing.keep(version.asset)
    return True


def refuse_pair_reel(run: Run, sentence: Sentence) -> None:
    """The master stays; the version cannot be judged until its pair reel has been made."""
    with transaction.atomic():
        if fail_step(run, sentence):
            Version.objects.filter(pk=run.version_id).update(
                not_reviewable_because=sentence.text, not_reviewable_values=sentence.values)


def master_name(version: Version) -> str:
    return f"{file_stem(version)}_master.mkv"


def file_stem(version: Version) -> str:
    """Safe ASCII, whatever the accession number holds: "HR-2000-0417_v2"."""
    letters = [letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "_"
               for letter in version.asset.accession_number]
    return f"{''.join(letters).strip('._-') or f'asset-{version.asset_id}'}_v{version.number}"
