"""The networks that come with Patina: a literal list, each bound to its weights by their digest.

Light: architectures are named, not built, so that a page can list the networks without torch
(`networks.weights.load` builds them). To add one: train it, `python -m restoration.engine.training NAME --export FILE`
into `shipped/`, an entry here with the digest it printed, and its model card under docs/models.
"""

from dataclasses import dataclass
from pathlib import Path

from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.settings import Settings

SHIPPED = Path(__file__).parent / "shipped"
LARGEST = 20_000_000  # Bytes of all shipped weights together: a clone and a wheel carry them.


@dataclass(frozen=True, slots=True)
class Network:
    """A network and the weights that make it what it is.

    architecture, build: the name in `networks.weights.ARCHITECTURES` and the keyword arguments it is built with.
    sha256: of the file, in hexadecimal. scale: output pixels for one input pixel along a side. multiple: what both
    sides of its input must be multiples of. margin: input pixels around a place that what it makes there depends on,
    the overlap of two tiles. purpose, speed: sentences for people, marked for translation.
    """

    name: str
    architecture: str
    build: tuple[tuple[str, int], ...]
    file: str
    sha256: str
    licence: str
    purpose: str
    parameters: int
    speed: str
    scale: int = 1
    multiple: int = 1
    margin: int = 0

    @property
    def path(self) -> Path:
        return SHIPPED / self.file

    @property
    def card(self) -> str:
        """Where its model card lies in the repository: data, licence, steps, time, machine, loss, scores."""
        return f"docs/models/{self.name}.md"


NETWORKS: tuple[Network, ...] = (
    Network("upscaler-x2", "upscaler", (("scale", 2),), "upscaler-x2.safetensors",
            "5df7982ad11781fcf01c91f2750b796e8b9b47e05dac24b6d0d06b46310a0b62", "Apache-2.0",
            gettext_noop("Twice the lines and columns of luma, from a moment and two on each side."),
            parameters=154_052, speed=gettext_noop("2.1 seconds of one core for a frame of 720×480."), scale=2,
            margin=20),
    Network("upscaler-x4", "upscaler", (("scale", 4), ("blocks", 12)), "upscaler-x4.safetensors",
            "e5dce0698460c764515c66f8f7cd210a089207d2b106632ac5cfc1c159cb1098", "Apache-2.0",
            gettext_noop("Four times the lines and columns of luma, from a moment and two on each side."),
            parameters=245_328, speed=gettext_noop("3.6 seconds of one core for a frame of 720×480."), scale=4,
            margin=28),
    Network("cleaner", "cleaner", (("blocks", 12),), "cleaner.safetensors",
            "7388336a528e4e4115571b7a7300a52f09b46d0896cf0c61604e007a0edc8ba9", "Apache-2.0",
            gettext_noop("Noise, compression and the colour noise of tapes, from a moment and two on each side."),
            parameters=531_276, speed=gettext_noop("1.1 seconds of one core for a frame of 720×480."), multiple=2,
            margin=52),
    Network("tape-mender", "mender", (("blocks", 12),), "tape-mender.safetensors",
            "464819a9a3d2c000b504d0432ad66ad8fdeec43d4e51ea9e6dbbed4f894c9a93", "Apache-2.0",
            gettext_noop("What composite tape and its fields took of the detail, moment by moment."),
            parameters=510_540, speed=gettext_noop("1.1 seconds of one core for a frame of 720×480."), multiple=2,
            margin=56),
    Network("dirt", "segmenter", (), "dirt.safetensors",
            "b727171eafa36151c1749c7bd3e3b3dc23d9cacded2ca29f0270af4727329131", "Apache-2.0",
            gettext_noop("Whether what stands out of a moment is dust and dirt or belongs to the picture."),
            parameters=122_484, speed=gettext_noop("0.12 seconds of one core for a frame of 720×480."), multiple=8,
            margin=64),
)


def network(name: str) -> Network:
    """The network of that name. Raises WeightsError where none is registered under it."""
    for each in NETWORKS:
        if each.name == name:
            return each
    raise WeightsError(gettext_noop("No network is called “{name}”."), name=name)


def weights_used(settings: Settings, luma_noise: float, lines: int) -> tuple[str, ...]:
    """SHA-256 of all weights that frames made with these settings depend on, in hexadecimal, sorted; empty where no
    network is asked for. luma_noise: its standard deviation on the 0..1 scale; lines: of the source."""
    brought = {settings.upscale.weights} if settings.upscale.mixes_in and settings.upscale.weights else set()
    if settings.noise.weights and settings.noise.asks_network(luma_noise):
        brought.add(settings.noise.weights)
    return tuple(sorted({each.sha256 for each in networks_used(settings, luma_noise, lines)} | brought))


def networks_used(settings: Settings, luma_noise: float, lines: int) -> tuple[Network, ...]:
    """The shipped networks that these settings ask for where luma has noise of that standard deviation and so many
    lines."""
    asked = []
    is_learnt = settings.blocking.enabled and settings.blocking.method == "network"
    if is_learnt or (settings.noise.asks_network(luma_noise) and not settings.noise.weights):
        asked.append(network("cleaner"))
    if settings.blotches.enabled:
        asked.append(network("dirt"))
    if settings.softness.enabled:
        asked.append(network("tape-mender"))
    if settings.upscale.height is not None and settings.upscale.method == "network":
        asked.append(upscaler(lines, settings.upscale.height))
    return tuple(asked)


def upscaler(lines: int, wanted: int) -> Network:
    """The one for so many lines of so many: what twice as many are enough for is not made four times as large."""
    return network("upscaler-x2" if wanted <= 2 * lines else "upscaler-x4")
