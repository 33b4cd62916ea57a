"""How much work a version is, foreseen before anybody does it. Light: no torch.

A foresight, not a promise: what each part took of a core on a clip of a tape, times the pixels that go through it. How
long that lasts on a machine is told by the runs that it has made (`actions/foresight.py`).
"""

from collections.abc import Mapping

from restoration.engine.facts import AnalysisReport, Shot, SourceFacts
from restoration.engine.media.raster import target_raster
from restoration.engine.moments import Moments
from restoration.engine.networks.registry import Network, cleaner, networks_used
from restoration.engine.settings import Settings

# Seconds of one core for a million pixels that leave each part (`python -m benchmarks.effort`).
COSTS: dict[str, float] = {
    "decoding": 0.021, "encoding": 0.084,
    "crosscolor": 0.1, "linejitter": 0.13, "chromadelay": 0.0025, "dropouts": 0.054,
    "fields": 0.01, "weave": 0.0015, "flicker": 0.0028, "scratches": 0.048, "blotches": 2.7, "noise": 0.42,
    "blocking": 0.58, "softness": 2.8, "banding": 0.086, "fade": 0.0017, "lowlight": 0.024, "faces": 0.047,
    "depth": 0.14,
    "filters": 0.03, "upscaler-x2": 1.15, "upscaler-x4": 0.52, "faithfulness": 0.01, "grain": 0.055, "retime": 1.3,
}
_OF_SOURCE_FRAMES = ("crosscolor", "linejitter", "chromadelay", "dropouts")
_OF_REPAIRED_FRAMES = ("fields", "weave", "flicker", "scratches", "blotches", "noise", "blocking", "softness",
                       "banding", "fade", "lowlight", "faces", "depth")
_FOR_A_PARAMETER = 2e6 / 90e9  # Two operations for each pixel, of the 90 thousand million a second that ours reach.
_FOR_A_FACE = 6.2 / 86.4e6  # Seconds of one core for a parameter and a face of 512x512: GFPGAN, on two busy cores.
_JOINED = 0.25  # Seconds of one core for a face of 120 to 180 lines (`python -m benchmarks.faces`).
_FRAME = 720 * 480 / 1e6  # Millions of pixels of the frame that networks tell their seconds for.


def core_seconds(report: AnalysisReport, settings: Settings, *, beside: Settings | None = None,
                 brought: Mapping[str, int] | None = None) -> float:
    """Seconds that one core would work on the shots of a source; joining them and the pair reel aside.

    beside: settings that the shots have been made by already; only those that would come out otherwise count. brought:
    by SHA-256, the parameters of the networks of others that have a part.
    """
    pairs = ((shot, _at(settings, shot)) for shot in report.shots)
    return sum(_of_shot(report.source, shot, here, brought or {}) for shot, here in pairs
               if beside is None or _at(beside, shot) != here)


def _at(settings: Settings, shot: Shot) -> Settings:
    is_the_same = not settings.overrides and not settings.retouch
    return settings if is_the_same else settings.at(shot.start, shot.end)


def _of_shot(facts: SourceFacts, shot: Shot, settings: Settings, brought: Mapping[str, int]) -> float:
    moments = Moments.of(settings.fields, settings.retime)
    width, height = target_raster(facts.width, facts.height, facts.pixel_aspect, settings.upscale)
    source = (shot.end - shot.start) * facts.width * facts.height / 1e6
    repaired = source * float(moments.per_frame)
    enlarged = repaired * width * height / (facts.width * facts.height)
    return (source * _sum(settings, ("decoding",), _OF_SOURCE_FRAMES)
            + repaired * (_sum(settings, (), _OF_REPAIRED_FRAMES) + _of_networks(facts, shot, settings, brought))
            + enlarged * (COSTS["filters"] + COSTS["faithfulness"]) * (settings.upscale.height is not None)
            + enlarged * float(moments.retimed) * _of_the_master(settings, moments))


def _sum(settings: Settings, always: tuple[str, ...], asked: tuple[str, ...]) -> float:
    return sum(COSTS[name] for name in (*always, *(name for name in asked if not settings.leaves_alone(name))))


def _of_networks(facts: SourceFacts, shot: Shot, settings: Settings, brought: Mapping[str, int]) -> float:
    """For a million pixels that they are shown; those aside that a repair's own cost holds."""
    used = networks_used(settings, shot.noise_luma or 0.0, facts.height)
    own = [*used, *((cleaner(),) if settings.noise.adapted else ())]
    of_others = _FOR_A_PARAMETER * sum(brought.get(section.weights or "", 0) * section.draws
                                       for section in (settings.blocking, settings.upscale))
    of_ours = sum(_of_network(each) for each in own if each.name not in ("dirt", "tape-mender"))
    return of_ours + of_others + _in_faces(facts, shot, settings, brought)


def _in_faces(facts: SourceFacts, shot: Shot, settings: Settings, brought: Mapping[str, int]) -> float:
    """One face in each moment that was seen to have any, joined with itself and drawn."""
    if not (settings.faces.enabled and shot.traits.looks):
        return 0.0
    faces = shot.traits.with_faces / shot.traits.looks
    drawn = brought.get(settings.faces.weights or "", 0) * _FOR_A_FACE * settings.faces.draws
    return (_JOINED + drawn) * faces / (facts.width * facts.height / 1e6)


def _of_network(network: Network) -> float:
    if network.name in COSTS:
        return COSTS[network.name] * network.scale ** 2
    return network.seconds / _FRAME


def _of_the_master(settings: Settings, moments: Moments) -> float:
    return (COSTS["encoding"] + COSTS["grain"] * (settings.grain.amount > 0 and settings.noise.enabled)
            + COSTS["retime"] * (moments.retimed != 1))
