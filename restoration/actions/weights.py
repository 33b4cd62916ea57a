"""Weights that people bring: inspected, taken in with their licence, and found again by their digest."""

import io
import logging
import uuid
from pathlib import Path
from typing import BinaryIO

from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.actions.custody import NO_SPACE, digest_of, display_name, refuse_without_space
from archive.errors import DiskFullError, RefusedError
from archive.models import User
from archive.storage import managed_path
from archive.vocabularies import EventType
from restoration.access import RESTORERS
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.networks.brought import LARGEST, NOT_INSTALLED, WeightsFacts, inspect, is_able
from restoration.engine.networks.brought.ncnn import LICENCE, Found, found
from restoration.engine.settings import Settings
from restoration.models import Weights

FOLDER = "weights"
log = logging.getLogger(__name__)


def register(file: BinaryIO, *, file_name: str, size: int, name: str, licence: str, origin: str = "",
             by: User) -> Weights:
    """Take a file of weights in. Nothing of it is run, and nothing of a file that is refused stays.

    Raises ValidationError without a name or a licence; RefusedError for what is here already or does not fit on the
    disk; WeightsError, from a process of its own, for what is no file of weights or of no architecture known here.
    """
    require_role(by, RESTORERS)
    file_name = display_name(file_name.encode("utf-8", "surrogatepass"))
    if not name.strip() or not licence.strip():
        raise ValidationError(_("Weights need a name and a licence. Look for the licence where the file came from."))
    if size > LARGEST:
        raise RefusedError(gettext_noop("“{name}” is larger than weights may be."), name=file_name)
    refuse_without_space(size, file_name)
    incoming = managed_path(f"{FOLDER}/{uuid.uuid4().hex}.incoming")
    try:
        sha256 = _copied(file, incoming, file_name)
        _refuse_twice(sha256, file_name)
        facts = inspect(incoming, name=file_name, seconds=site.PROBE_SECONDS, memory_bytes=site.PROBE_MEMORY_BYTES)
        incoming.rename(weights_path(sha256))
    finally:
        incoming.unlink(missing_ok=True)
    row = Weights(name=name.strip(), licence=licence.strip(), origin=origin.strip(), file_name=file_name, sha256=sha256,
                  size_bytes=weights_path(sha256).stat().st_size, by=by, **_columns(facts))
    return _kept(row)


def register_found(found: Found, *, by: User) -> Weights:
    """Take weights in that a package carries, under the names by which spandrel knows them. Raises as `register`."""
    require_role(by, RESTORERS)
    data = found.as_safetensors()
    return register(io.BytesIO(data), file_name=f"{found.key}.safetensors", size=len(data), name=found.name,
                    licence=LICENCE, origin=found.origin, by=by)


def found_beside_us() -> list[Found]:
    """What a package that is installed here carries and nobody has registered yet."""
    known = set(Weights.objects.values_list("origin", flat=True))
    return [each for each in found() if each.origin not in known] if is_able() else []


def weights_path(sha256: str) -> Path:
    """Where the bytes with that digest lie."""
    return managed_path(f"{FOLDER}/{sha256}")


def that_enlarge() -> QuerySet[Weights]:
    """Those with which a version can be enlarged."""
    pairs = {row.pk for row in Weights.objects.all() if row.can_enlarge}
    return Weights.objects.filter(pk__in=pairs)


def used_by(settings: Settings) -> list[Weights]:
    """The weights of others that pictures made with these settings come from."""
    if not (settings.upscale.mixes_in and settings.upscale.weights):
        return []
    return list(Weights.objects.filter(sha256=settings.upscale.weights))


def in_words(sha256: str) -> str:
    """Name, licence and digest of the weights that have it; the digest alone where nobody registered them."""
    known = Weights.objects.filter(sha256=sha256).first()
    return f"{known.name} · {known.licence} · SHA-256 {sha256}" if known else f"SHA-256 {sha256}"


def refuse_unknown(settings: Settings) -> None:
    """Raises SettingsError where a network is asked for that nobody registered, or that does not enlarge; WeightsError
    where there is nothing here that could run it."""
    wished = settings.upscale.weights
    if wished is not None and not that_enlarge().filter(sha256=wished).exists():
        raise SettingsError(gettext_noop("No network that enlarges is registered with the SHA-256 {sha256}."),
                            sha256=wished)
    if wished is not None and not is_able():
        raise WeightsError(NOT_INSTALLED)


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


def _refuse_twice(sha256: str, name: str) -> None:
    known = Weights.objects.filter(sha256=sha256).first()
    if known is not None:
        raise RefusedError(gettext_noop("“{name}” is registered already, as “{known}”."), name=name, known=known.name)


def _columns(facts: WeightsFacts) -> dict[str, str | int]:
    return {"architecture": facts.architecture[:100], "purpose": facts.purpose, "scale": facts.scale,
            "channels_in": facts.channels_in, "channels_out": facts.channels_out, "parameters": facts.parameters,
            "multiple": facts.multiple, "least": facts.least}


def _kept(row: Weights) -> Weights:
    try:
        with transaction.atomic():
            row.save()
            provenance.record(EventType.WEIGHTS_REGISTERED, on=row, by=row.by, name=row.name, sha256=row.sha256,
                              licence=row.licence, architecture=row.architecture, file=row.file_name,
                              detail=gettext_noop("{name} registered: {architecture}, {licence}"))
    except IntegrityError:
        _refuse_twice(row.sha256, row.file_name)
        raise
    log.info("Weights %s registered: %s, %s", row.sha256, row.architecture, row.licence)
    return row
