"""Which settings have a part in the picture beside the others, so that nobody is told of one that changes nothing.
Light: no torch."""

from collections.abc import Iterator

from restoration.engine.networks.registry import pays
from restoration.engine.settings import OF_OTHERS, Settings


def told(settings: Settings, lines: int) -> dict[str, tuple[str, ...]]:
    """By section, the names of its settings that have an effect where the source has so many lines; none where the
    section leaves the picture alone. What holds for single shots alone counts as well."""
    excepted = {name for override in settings.overrides for name, values in override.changes.items() if values}
    idle = {*_of_noise(settings, excepted), *_of_fields(settings), *_of_upscale(settings, lines),
            *_of_others(settings, excepted)}
    return {name: () if settings.leaves_alone(name) and name not in excepted else tuple(
        key for key in type(getattr(settings, name)).model_fields if f"{name}.{key}" not in idle)
        for name, _field in settings.sections()}


def _of_noise(settings: Settings, excepted: set[str]) -> Iterator[str]:
    """Grain is measured in what noise reduction takes, and adapted weights are the network's."""
    if "noise" in excepted:
        return
    if not settings.noise.enabled:
        yield "grain.amount"
    if settings.noise.weights is not None and settings.noise.adapted is None:
        yield "noise.weights"


def _of_fields(settings: Settings) -> Iterator[str]:
    """Film is put together again with nothing else in mind, and nothing is completed where frames are left."""
    if settings.fields.method != "frames":
        yield "fields.weave_film"
    if settings.fields.method == "none":
        yield "fields.keep_lines"


def _of_upscale(settings: Settings, lines: int) -> Iterator[str]:
    chosen = settings.upscale
    if chosen.height is None:
        yield from ("upscale.method", "upscale.sharpness", "upscale.weights")
    elif chosen.method != "filters" and pays(lines, chosen.height):
        yield "upscale.sharpness"


def _of_others(settings: Settings, excepted: set[str]) -> Iterator[str]:
    """What is said of a network of others that has no part, and the way of smoothing that one takes the place of."""
    for name in OF_OTHERS:
        section = getattr(settings, name)
        if name in excepted:
            continue
        if not section.draws:
            yield f"{name}.natural"
            if section.weights is not None:
                yield f"{name}.weights"
        elif name == "blocking":
            yield "blocking.method"
