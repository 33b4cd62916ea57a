"""Where the engine finds the weights that settings name by their digest."""

from restoration.actions import weights
from restoration.engine.settings import Settings


def lay_out(settings: Settings) -> None:
    """Say where each lies, before anything that needs it is asked for."""
    from restoration.engine.networks import cleaning
    from restoration.engine.networks.brought import running

    for brought in weights.used_by(settings):
        running.keep(brought.sha256, weights.weights_path(brought.sha256), name=brought.name)
    for sha256 in settings.adapted:
        cleaning.keep(sha256, weights.weights_path(sha256))
