"""Weights that people bring: inspected, taken in with their licence, and found again by their digest."""

import io
import logging
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
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
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.networks.brought import LARGEST, NOT_INSTALLED, WeightsFacts, inspect, is_able
from restoration.engine.networks.brought.ncnn import LICENCE, Found, found
from restoration.engine.settings import Settings
from restoration.models import Weights

FOLDER = "weights"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file became: weights that are new here, or, with `is_back`, those whose bytes had been lost."""

    weights: Weights
    is_back: bool = False


def register(file: BinaryIO, *, file_name: str, size: int, name: str, licence: str, origin: str = "",
             by: User) -> Brought:
    """Take a file of weights in. Nothing of it is run, and nothing of a file that is refused stays. Where the bytes of
    registered weights are missing or damaged, the same file puts them back; name and licence stay as they are known.

    Raises ValidationError without a name or a licence; RefusedError for what is here already or does not fit on the
    disk; WeightsError, from a process of its own, for what is no file of weights or of no architecture known here.
    """
    require_role(by, RESTORERS)
    file_name = display_name(file_name.encode("utf-8", "surrogatepass"))
    refuse_unnamed(name, licence)
    if size > LARGEST:
        raise RefusedError(gettext_noop("“{name}” is larger than weights may be."), name=file_name)
    refuse_without_space(size, file_name)
    incoming = managed_path(f"{FOLDER}/{uuid.uuid4().hex}.incoming")
    try:
        sha256 = _copied(file, incoming, file_name)
        known = Weights.objects.filter(sha256=sha256).first()
        if known is not None:
            return _put_back(known, incoming, file_name, by=by)
        facts = inspect(incoming, name=file_name, seconds=site.PROBE_SECONDS, memory_bytes=site.PROBE_MEMORY_BYTES)
        incoming.rename(weights_path(sha256))
    finally:
        incoming.unlink(missing_ok=True)
    row = Weights(name=name.strip(), licence=licence.strip(), origin=origin.strip(), file_name=file_name, sha256=sha256,
                  size_bytes=weights_path(sha256).stat().st_size, by=by, **_columns(facts))
    return Brought(_kept(row))


def register_found(found: Found, *, by: User) -> Brought:
    """Take weights in that a package carries, under the names by which spandrel knows them. Raises as `register`."""
    require_role(by, RESTORERS)
    data = found.as_safetensors()
    return register(io.BytesIO(data), file_name=f"{found.key}.safetensors", size=len(data), name=found.name,
                    licence=LICENCE, origin=found.origin, by=by)


def found_beside_us() -> list[Found]:
    """What a package that is installed here carries and nobody has registered yet, or whose bytes were lost."""
    known = {row.origin for row in Weights.objects.all() if lies_here(row)}
    return [each for each in found() if each.origin not in known] if is_able() else []


def weights_path(sha256: str) -> Path:
    """Where the bytes with that digest lie."""
    return managed_path(f"{FOLDER}/{sha256}")


def lies_here(row: Weights) -> bool:
    """Whether as many bytes as were registered lie in their place. Whether they are the same, `fixity` reads."""
    try:
        return weights_path(row.sha256).stat().st_size == row.size_bytes
    except OSError:
        return False


def offered() -> QuerySet[Weights]:
    """Those with which a new version can be enlarged."""
    held = Weights.objects.filter(withdrawn_at=None)
    return held.filter(pk__in={row.pk for row in held if row.can_enlarge})


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
    where its bytes are not here, or nothing that could run it."""
    wished = settings.upscale.weights
    if wished is None:
        return
    known = Weights.objects.filter(sha256=wished).first()
    if known is None:
        raise SettingsError(gettext_noop("No network is registered with the SHA-256 {sha256}. Bring its file under "
                                         "“Networks”, or choose another one."), sha256=wished)
    if not known.can_enlarge:
        raise SettingsError(gettext_noop("The network “{network}” does not enlarge. Choose another one."),
                            network=known.name)
    if not lies_here(known):
        raise WeightsError(gettext_noop("The bytes of the network “{network}” are missing or damaged here (SHA-256 "
                                        "{sha256}). Bring the same file again under “Networks”."),
                           network=known.name, sha256=wished)
    if not is_able():
        raise WeightsError(NOT_INSTALLED)


def refuse_withdrawn(settings: Settings) -> None:
    """Raises SettingsError where a network is asked for that is not offered any more."""
    known = Weights.objects.filter(sha256=settings.upscale.weights, withdrawn_at__isnull=False).first()
    if known is not None:
        raise SettingsError(gettext_noop("The network “{network}” was withdrawn and is not for new versions. Choose "
                                         "another one, or offer it again under “Networks”."), network=known.name)


def refuse_unnamed(name: str, licence: str) -> None:
    """Raises ValidationError where one of them says nothing."""
    if not name.strip() or not licence.strip():
        raise ValidationError(_("Weights need a name and a licence. Look for the licence where the file came from."))


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


def _put_back(known: Weights, incoming: Path, file_name: str, *, by: User) -> Brought:
    """These are the bytes that were inspected when they came first: their digest says so."""
    path = weights_path(known.sha256)
    _found, state = fixity.read(path, known.sha256)
    if state == fixity.UNCHANGED:
        raise _registered_already(known, file_name)
    incoming.rename(path)
    provenance.record(EventType.WEIGHTS_BROUGHT_BACK, on=known, by=by, name=known.name, sha256=known.sha256,
                      file=file_name, found=state, detail=gettext_noop("{name} brought back: SHA-256 {sha256}"))
    log.warning("Weights %s brought back. Before: %s", known.sha256, state)
    return Brought(known, is_back=True)


def _registered_already(known: Weights, file_name: str) -> RefusedError:
    text = (gettext_noop("“{name}” is registered already, as “{known}”, and was withdrawn. Offer it again on its own "
                         "page.") if known.withdrawn_at else
            gettext_noop("“{name}” is registered already, as “{known}”."))
    return RefusedError(text, name=file_name, known=known.name)


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
        known = Weights.objects.filter(sha256=row.sha256).first()
        if known is None:
            raise
        raise _registered_already(known, row.file_name) from None
    log.info("Weights %s registered: %s, %s", row.sha256, row.architecture, row.licence)
    return row
