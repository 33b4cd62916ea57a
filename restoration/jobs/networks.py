"""Where the engine finds the weights that settings name by their digest."""

from restoration.actions import adapting, weights
from restoration.engine.settings import Settings


def lay_out(settings: Settings) -> None:
    """Say where each lies, before anything that needs it is asked for."""
    from restoration.engine.networks import cleaning
    from restoration.engine.networks.brought import running

    for brought in weights.used_by(settings):
        running.keep(brought.sha256, weights.weights_path(brought.sha256))
    for each in (settings, *(settings.at(override.start, override.end) for override in settings.overrides)):
        adapted = adapting.used_by(each)
        if adapted:
            cleaning.keep(adapted, weights.weights_path(adapted))
