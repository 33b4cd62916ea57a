"""Weights that people brought: where they lie, which are offered, and what cannot be done with them."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.storage import managed_path
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.networks.brought import NOT_INSTALLED, is_able
from restoration.engine.networks.brought.ncnn import Found, found
from restoration.engine.settings import Settings
from restoration.models import Inspection, Version, Weights
from restoration.vocabularies import WorkState

FOLDER = "weights"


def found_beside_us() -> list[Found]:
    """What a package that is installed here carries and nobody has brought yet, or whose bytes were lost."""
    known = {row.origin for row in Weights.objects.all() if lies_here(row)}
    known |= set(Inspection.objects.filter(state__in=(WorkState.QUEUED, WorkState.RUNNING)).values_list(
        "origin", flat=True))
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


def times_used() -> dict[str, int]:
    """By digest, in how many versions weights have a part: those that are named and mix nothing in have none."""
    having = Version.objects.exclude(settings__upscale__weights=None).exclude(
        settings__upscale__height=None).exclude(settings__upscale__natural=0)
    return dict(having.values_list("settings__upscale__weights").annotate(times=Count("pk")).order_by())


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
