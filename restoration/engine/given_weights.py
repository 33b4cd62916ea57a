"""Files of weights that are given in the shell, beside the digests by which settings name weights."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from restoration.engine.beforehand import networks_of
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.journal import digest_of_file
from restoration.engine.networks import cleaning
from restoration.engine.networks.brought import running
from restoration.engine.settings import Settings

_SHOWN = 8  # Digits of a digest that people compare.


def kept(files: Iterable[Path]) -> dict[str, Path]:
    """The files by their SHA-256 in hexadecimal, told to whoever loads weights. Raises WeightsError for one that is not
    there."""
    given: dict[str, Path] = {}
    for file in files:
        if not file.is_file():
            raise WeightsError(gettext_noop("There is no file “{name}”. Check its name and its folder."),
                               name=file.name)
        sha256 = digest_of_file(file)
        given[sha256] = file
        running.keep(sha256, file)
        cleaning.keep(sha256, file)
    return given


def refuse_missing(settings: Settings, given: Mapping[str, Path], frames: tuple[int, int] | None) -> None:
    """Raises WeightsError where the settings name weights that are not among those given, for any of these source
    frames."""
    missing = ", ".join(each[:_SHOWN] for each in sorted(_asked(settings, frames) - given.keys()))
    others = unasked(settings, given, frames)
    if missing and others:
        raise WeightsError(gettext_noop("No file was given of the weights {wanted} (where their SHA-256 begins) that "
                                        "the settings name; they do not name {others}. Give the right one by --weights "
                                        "FILE."), wanted=missing, others=others)
    if missing:
        raise WeightsError(gettext_noop("No file was given of the weights {wanted} (where their SHA-256 begins) that "
                                        "the settings name. Give it by --weights FILE."), wanted=missing)


def unasked(settings: Settings, given: Mapping[str, Path], frames: tuple[int, int] | None) -> str:
    """The given ones that the settings do not name, as “other.pth” (1a2b3c4d); empty where they name all."""
    asked = _asked(settings, frames)
    return ", ".join(f"“{file.name}” ({sha256[:_SHOWN]})" for sha256, file in given.items() if sha256 not in asked)


def _asked(settings: Settings, frames: tuple[int, int] | None) -> set[str]:
    """SHA-256 of the weights that have a part in any of these frames; of none for faces where nobody knows marks."""
    if frames is not None:
        settings = settings.model_copy(update={"overrides": tuple(
            each.model_copy(update={"start": max(each.start, frames[0]), "end": min(each.end, frames[1])})
            for each in settings.overrides if each.start < frames[1] and frames[0] < each.end)})
    return {sha256 for _section, sha256 in networks_of(settings)}
