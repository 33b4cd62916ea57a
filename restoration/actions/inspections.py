"""Files that people bring as weights: taken in, inspected by a worker, registered with their licence or refused."""

import io
import logging
import uuid
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import fixity, provenance
from archive.actions.custody import NO_SPACE, digest_of, display_name, refuse_without_space
from archive.errors import DiskFullError, RefusedError
from archive.models import User
from archive.storage import managed_path
from archive.vocabularies import EventType
from restoration.access import RESTORERS
from restoration.actions import attempts
from restoration.actions.bell import Bell
from restoration.actions.failing import NO_ERROR, Sentence
from restoration.actions.weights import FOLDER, refuse_unnamed, weights_path
from restoration.engine.networks.brought import LARGEST, WeightsFacts
from restoration.engine.networks.brought.ncnn import LICENCE, Found
from restoration.models import Adaptation, Inspection, Weights
from restoration.vocabularies import WorkState

ONGOING = (WorkState.QUEUED, WorkState.RUNNING)
log = logging.getLogger(__name__)


def bring(file: BinaryIO, *, file_name: str, size: int, name: str, licence: str, origin: str = "",
          by: User) -> Inspection | Weights | Adaptation:
    """Have a file inspected, to be registered if it holds weights. Where the bytes of registered weights, or of what
    was learnt from a recording, are missing or damaged, the same file puts them back at once, and they are returned;
    name and licence stay as they are known.

    Raises ValidationError without a name or a licence; RefusedError for what is here or under way already, is too large
    or does not fit on the disk.
    """
    require_role(by, RESTORERS)
    file_name = display_name(file_name.encode("utf-8", "surrogatepass"))
    refuse_unnamed(name, licence)
    if size > LARGEST:
        raise RefusedError(gettext_noop("“{name}” is larger than weights may be."), name=file_name)
    refuse_without_space(size, file_name)
    key = f"{FOLDER}/{uuid.uuid4().hex}.incoming"
    is_kept = False
    try:
        sha256 = _copied(file, managed_path(key), file_name)
        known = _known_by(sha256)
        if known is not None:
            return _put_back(known, managed_path(key), file_name, by=by)
        inspection = _queued(Inspection(
            name=name.strip(), licence=licence.strip(), origin=origin.strip(), file_name=file_name, sha256=sha256,
            size_bytes=managed_path(key).stat().st_size, incoming=key, by=by))
        is_kept = True
        return inspection
    finally:
        if not is_kept:
            managed_path(key).unlink(missing_ok=True)


def bring_found(found: Found, *, by: User) -> Inspection | Weights | Adaptation:
    """Weights that a package carries, under the names by which spandrel knows them. Raises as `bring`, and WeightsError
    where they are laid out otherwise."""
    require_role(by, RESTORERS)
    data = found.as_safetensors()
    return bring(io.BytesIO(data), file_name=f"{found.key}.safetensors", size=len(data), name=found.name,
                 licence=LICENCE, origin=found.origin, by=by)


def cancel(inspection: Inspection, *, by: User) -> None:
    """Give it up; nothing of the file stays."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        changed = Inspection.objects.filter(pk=inspection.pk, state__in=ONGOING).update(
            state=WorkState.CANCELLED, worker="", ended_at=timezone.now())
        if not changed:
            raise ValidationError(_("This inspection has already ended."))
        _let_go(inspection)
    inspection.refresh_from_db()


def shown_to(user: User) -> list[Inspection]:
    """What is under way, and the last of this person's where it was refused."""
    ongoing = list(Inspection.objects.filter(state__in=ONGOING).select_related("by"))
    last = Inspection.objects.filter(by=user).select_related("by").first()
    return [*ongoing, last] if last is not None and last.state == WorkState.FAILED else ongoing


def bell(inspection: Inspection) -> Bell:
    return Bell("inspect_weights", (inspection.pk,),
                f"inspection-{inspection.pk}-attempt-{inspection.attempts + 1}", "high")


def waiting() -> QuerySet[Inspection]:
    return Inspection.objects.filter(state=WorkState.QUEUED)


def claim(pk: int, *, worker: str) -> Inspection | None:
    if not attempts.claim(Inspection, pk, worker=worker, **NO_ERROR.as_columns()):
        return None
    return Inspection.objects.select_related("by").get(pk=pk)


def beat(inspection: Inspection) -> bool:
    """Say that it is worked on. False when it is no longer wanted from this worker."""
    return attempts.beat(inspection)


def finish(inspection: Inspection, facts: WeightsFacts) -> bool:
    """Register what was found. False when it was no longer this worker's."""
    with transaction.atomic():
        if attempts.own(inspection).select_for_update().first() is None:
            return False
        managed_path(inspection.incoming).rename(weights_path(inspection.sha256))
        row = Weights.objects.create(
            name=inspection.name, licence=inspection.licence, origin=inspection.origin, sha256=inspection.sha256,
            file_name=inspection.file_name, size_bytes=inspection.size_bytes, by=inspection.by, **_columns(facts))
        provenance.record(EventType.WEIGHTS_REGISTERED, on=row, by=row.by, name=row.name, sha256=row.sha256,
                          licence=row.licence, architecture=row.architecture, file=row.file_name,
                          detail=gettext_noop("{name} registered: {architecture}, {licence}"))
        attempts.end(inspection, WorkState.FINISHED, weights=row)
    log.info("Weights %s registered: %s, %s", row.sha256, row.architecture, row.licence)
    return True


def fail(inspection: Inspection, sentence: Sentence) -> bool:
    """Refused, or not inspected for a fault of ours; nothing of the file stays in either case."""
    with transaction.atomic():
        changed = attempts.end(inspection, WorkState.FAILED, **sentence.as_columns())
        if changed:
            _let_go(inspection)
    return changed


def give_back(inspection: Inspection) -> None:
    """An interrupted inspection waits again, unless it was given up."""
    with transaction.atomic():
        if attempts.wait_again(inspection):
            bell(inspection).ring()


def _queued(inspection: Inspection) -> Inspection:
    try:
        with transaction.atomic():
            inspection.save()
            bell(inspection).ring()
    except IntegrityError:
        raise RefusedError(gettext_noop("“{name}” is being inspected already."), name=inspection.file_name) from None
    return inspection


def _let_go(inspection: Inspection) -> None:
    path = managed_path(inspection.incoming)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _copied(file: BinaryIO, incoming: Path, name: str) -> str:
    incoming.parent.mkdir(parents=True, exist_ok=True)
    try:
        with incoming.open("xb") as copy:
            return digest_of(file, into=copy)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFullError(gettext_noop("The disk is full: “{name}” does not fit. Make room and go on."),
                                name=name) from error
        raise


def _known_by(sha256: str) -> Weights | Adaptation | None:
    """What was taken in, or learnt, with these bytes."""
    return (Weights.objects.filter(sha256=sha256).first()
            or Adaptation.objects.filter(sha256=sha256).select_related("asset").first())


def _put_back(known: Weights | Adaptation, incoming: Path, file_name: str, *, by: User) -> Weights | Adaptation:
    """These are the bytes that were inspected, or learnt, when they came first: their digest says so."""
    path = weights_path(known.sha256)
    _found, state = fixity.read(path, known.sha256)
    if state == fixity.UNCHANGED:
        text = (gettext_noop("“{name}” is registered already, as “{known}”, and was withdrawn. Offer it again on its "
                             "own page.") if isinstance(known, Weights) and known.withdrawn_at else
                gettext_noop("“{name}” is registered already, as “{known}”."))
        raise RefusedError(text, name=file_name, known=known.name)
    incoming.rename(path)
    provenance.record(EventType.WEIGHTS_BROUGHT_BACK, on=known, by=by, name=known.name, sha256=known.sha256,
                      asset=known.asset if isinstance(known, Adaptation) else None,
                      file=file_name, found=state, detail=gettext_noop("{name} brought back: SHA-256 {sha256}"))
    log.warning("Weights %s brought back. Before: %s", known.sha256, state)
    return known


def _columns(facts: WeightsFacts) -> dict[str, str | int]:
    return {"architecture": facts.architecture[:100], "purpose": facts.purpose, "scale": facts.scale,
            "channels_in": facts.channels_in, "channels_out": facts.channels_out, "parameters": facts.parameters,
            "multiple": facts.multiple, "least": facts.least}
