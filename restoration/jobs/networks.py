"""Where the engine finds the weights that settings name by their digest."""

from restoration.actions import weights
from restoration.engine.settings import Settings


def lay_out(settings: Settings) -> None:
    """Say where each lies, before anything that needs it is asked for."""
    from restoration.engine.networks import cleaning
    from restoration.engine.networks.brought import running

    for brought in weights.used_by(settings):
        running.keep(brought.sha256, weights.weights_path(brought.sha256), name=brought.name)
    for each in (settings, *(settings.at(override.start, override.end) for override in settings.overrides)):
        if each.noise.adapted:
            cleaning.keep(each.noise.adapted, weights.weights_path(each.noise.adapted))
