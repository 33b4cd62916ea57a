"""Weights that people brought: where they lie, which are offered, and what cannot be done with them."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.storage import managed_path
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.networks.brought import NOT_INSTALLED, is_able
from restoration.engine.networks.brought.ncnn import Found, found
from restoration.engine.settings import OF_OTHERS, Settings, parse
from restoration.models import Adaptation, Inspection, Version, Weights
from restoration.vocabularies import WorkState

FOLDER = "weights"
CLEANING, IN_FACES, ENLARGING = NAMING = tuple(f"{section}.weights" for section in OF_OTHERS)
_FIT: dict[str, tuple[Callable[[Weights], bool], str]] = {
    CLEANING: (lambda row: row.can_clean,
               gettext_noop("The network “{network}” does not clean. Choose another one.")),
    IN_FACES: (lambda row: row.can_draw_faces,
               gettext_noop("The network “{network}” draws no faces. Choose another one.")),
    ENLARGING: (lambda row: row.can_enlarge,
                gettext_noop("The network “{network}” does not enlarge. Choose another one.")),
}


def found_beside_us() -> list[Found]:
    """What a package that is installed here carries and nobody has brought yet, or whose bytes were lost."""
    here = [row for row in Weights.objects.all() if lies_here(row)]
    # What is said of registered weights can be corrected; what they were brought as stays with their inspection.
    brought = Inspection.objects.filter(Q(state__in=(WorkState.QUEUED, WorkState.RUNNING)) | Q(weights__in=here))
    known = {row.origin for row in here} | set(brought.values_list("origin", flat=True))
    return [each for each in found() if each.origin not in known] if is_able() else []


def weights_path(sha256: str) -> Path:
    """Where the bytes with that digest lie."""
    return managed_path(f"{FOLDER}/{sha256}")


def lies_here(row: Weights | Adaptation) -> bool:
    """Whether as many bytes as were registered, or learnt, lie in their place. Whether they are the same ones, `fixity`
    reads."""
    try:
        return weights_path(row.sha256).stat().st_size == row.size_bytes
    except OSError:
        return False


def offered(setting: str = ENLARGING, *, beside: Iterable[str] = ()) -> QuerySet[Weights]:
    """Those that a new version can name in that setting, and those that have these digests, though withdrawn."""
    held = Weights.objects.filter(Q(withdrawn_at=None) | Q(sha256__in=beside))
    is_fit, _ = _FIT[setting]
    return held.filter(pk__in={row.pk for row in held if is_fit(row)})


def times_used() -> Counter[str]:
    """By digest, in how many versions weights have a part: those that are named and draw nothing have none."""
    named = Q()
    for section in OF_OTHERS:
        named |= Q(**{f"settings__{section}__weights__isnull": False})
        named |= Q(settings__overrides__contains=[{"changes": {section: {}}}])
    naming = Version.objects.filter(named)
    return Counter(sha256 for settings in naming.values_list("settings", flat=True) for sha256 in _brought(settings))


def used_by(settings: Settings) -> list[Weights]:
    """The weights of others that pictures made with these settings come from."""
    named = settings.brought
    return list(Weights.objects.filter(sha256__in=named)) if named else []


def in_words(digests: Iterable[str]) -> dict[str, str]:
    """By digest, each once and in this order: name, licence and digest; the digest alone where nobody registered
    them."""
    asked = list(dict.fromkeys(digests))
    known = {row.sha256: f"{row.name} · {row.licence} · " for row in Weights.objects.filter(sha256__in=asked)}
    return {sha256: f"{known.get(sha256, '')}SHA-256 {sha256}" for sha256 in asked}


def refuse_unknown(settings: Settings) -> None:
    """Raises SettingsError where a network is asked for that nobody registered, or that does not do what it is asked
    for; WeightsError where its bytes are not here, or nothing that could run it."""
    wished = _named(settings)
    if not wished:
        return
    known = {row.sha256: row for row in Weights.objects.filter(sha256__in=[sha256 for _setting, sha256 in wished])}
    for setting, sha256 in wished:
        if sha256 not in known:
            raise SettingsError(gettext_noop("No network is registered with the SHA-256 {sha256}. Bring its file under "
                                             "“Networks”, or choose another one."), sha256=sha256)
        _refuse_unfit(known[sha256], setting)
    if not is_able():
        raise WeightsError(NOT_INSTALLED)


def _refuse_unfit(row: Weights, setting: str) -> None:
    is_fit, told = _FIT[setting]
    if not is_fit(row):
        raise SettingsError(told, network=row.name)
    if not lies_here(row):
        raise WeightsError(gettext_noop("The bytes of the network “{network}” are missing or damaged here (SHA-256 "
                                        "{sha256}). Bring the same file again under “Networks”."),
                           network=row.name, sha256=row.sha256)


def withdrawn(settings: Settings) -> Weights | None:
    """One of the networks that these settings name and that is not offered any more."""
    return _withdrawn(settings).first()


def without_withdrawn(settings: Settings) -> Settings:
    """These settings, for the reel and for its parts, with no network in them that is not offered any more."""
    gone = set(_withdrawn(settings).values_list("sha256", flat=True))
    if not gone:
        return settings
    data = settings.model_dump(mode="json")
    for sections in (data, *(override["changes"] for override in data["overrides"])):
        for name in OF_OTHERS:
            if sections.get(name, {}).get("weights") in gone:
                del sections[name]["weights"]
    return parse(data)


def refuse_withdrawn(settings: Settings) -> None:
    """Raises SettingsError where a network is asked for that is not offered any more."""
    known = withdrawn(settings)
    if known is not None:
        raise SettingsError(gettext_noop("The network “{network}” was withdrawn and is not for new versions. Choose "
                                         "another one, or offer it again under “Networks”."), network=known.name)


def refuse_unnamed(name: str, licence: str) -> None:
    """Raises ValidationError where one of them says nothing."""
    if not name.strip() or not licence.strip():
        raise ValidationError(_("Weights need a name and a licence. Look for the licence where the file came from."))


def _named(settings: Settings) -> list[tuple[str, str]]:
    """The settings that name a network, for the reel or for a part of it, each with its digest, whether it has a part
    or not."""
    everywhere = [settings.model_dump(include={*OF_OTHERS}), *(override.changes for override in settings.overrides)]
    pairs = {(setting, sections.get(section, {}).get("weights")) for sections in everywhere
             for section, setting in zip(OF_OTHERS, NAMING, strict=True)}
    return sorted((setting, sha256) for setting, sha256 in pairs if sha256)


def _withdrawn(settings: Settings) -> QuerySet[Weights]:
    named = [sha256 for _setting, sha256 in _named(settings)]
    return Weights.objects.filter(sha256__in=named, withdrawn_at__isnull=False)


def _brought(settings: dict[str, Any]) -> frozenset[str]:
    try:
        return parse(settings).brought
    except SettingsError:  # Of an engine that knew other settings; what they meant cannot be told any more.
        return frozenset()
