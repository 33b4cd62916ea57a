"""The networks that come with Patina: a literal list, each bound to its weights by their digest.

Light: architectures are named, not built, so that a page can list the networks without torch
(`networks.weights.load` builds them). To add one: train it, `python -m restoration.engine.training NAME --export FILE`
into `shipped/`, an entry here with the digest it printed, and its model card under docs/models.
"""

from dataclasses import dataclass
from pathlib import Path

from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.settings import LARGE, Settings

SHIPPED = Path(__file__).parent / "shipped"
_LEAST = 1.2  # Times the lines: for less, there is nothing to be learnt.
LARGEST = 20_000_000  # Bytes of all shipped weights together: a clone and a wheel carry them.


@dataclass(frozen=True, slots=True)
class Network:
    """A network and the weights that make it what it is.

    architecture, build: the name in `networks.weights.ARCHITECTURES` and the keyword arguments it is built with.
    sha256: of the file, in hexadecimal. scale: output pixels for one input pixel along a side. multiple: what both
    sides of its input must be multiples of. margin: input pixels around a place that what it makes there depends on,
    the overlap of two tiles. seconds: of one core for a frame of 720x480. purpose: a sentence for people, marked for
    translation.
    """

    name: str
    architecture: str
    build: tuple[tuple[str, int], ...]
    file: str
    sha256: str
    licence: str
    purpose: str
    parameters: int
    seconds: float
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
            parameters=154_052, seconds=2.1, scale=2, margin=20),
    Network("upscaler-x4", "upscaler", (("scale", 4), ("blocks", 12)), "upscaler-x4.safetensors",
            "e511c4aee136fca1510840250cb7de137a03160e887c8c48a95e992a6ef64cb6", "Apache-2.0",
            gettext_noop("Four times the lines and columns of luma, from a moment and two on each side."),
            parameters=245_328, seconds=3.6, scale=4, margin=28),
    Network("upscaler-x4-large", "upscaler", (("scale", 4), ("channels", 80), ("blocks", 20)),
            "upscaler-x4-large.safetensors", "ebc92b8993bafe28ba5696964bfe64c642f5097037325c9e6ac077d4cb151b25",
            "Apache-2.0", gettext_noop("The same from ten times as many weights: for a GPU."), parameters=2_365_616,
            seconds=19, scale=4, margin=44),
    Network("cleaner", "cleaner", (("channels", 64), ("blocks", 16)), "cleaner.safetensors",
            "38ad6be1d3c1c678a8b397f1511b6d37dc3a78258ebfb2b8200cfe48b31258ce", "Apache-2.0",
            gettext_noop("Noise, compression and the colour noise of tapes, of each frame by itself."),
            parameters=1_224_972, seconds=2.2, multiple=2, margin=68),
    Network("cleaner-large", "cleaner", (("channels", 96), ("blocks", 20)), "cleaner-large.safetensors",
            "dea0ffff8b4fe772f9030a09dbfb950a8d5b544fb2ebef5deeca273dc7150480", "Apache-2.0",
            gettext_noop("The same from three times as many weights: for a GPU."), parameters=3_386_508,
            seconds=6.3, multiple=2, margin=84),
    Network("tape-mender", "mender", (("blocks", 12),), "tape-mender.safetensors",
            "9cf6a77c831cb817d07356d96cce3abfdb204c0e1635697b86241b6c497aa608", "Apache-2.0",
            gettext_noop("What composite tape and its fields took of the detail, moment by moment."),
            parameters=510_540, seconds=1.1, multiple=2, margin=56),
    Network("dirt", "segmenter", (), "dirt.safetensors",
            "b727171eafa36151c1749c7bd3e3b3dc23d9cacded2ca29f0270af4727329131", "Apache-2.0",
            gettext_noop("Whether what stands out of a moment is dust and dirt or belongs to the picture."),
            parameters=122_484, seconds=0.12, multiple=8, margin=64),
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
    brought = set(settings.brought)
    if settings.noise.adapted:
        brought.add(settings.noise.adapted)
    return tuple(sorted({each.sha256 for each in networks_used(settings, luma_noise, lines)} | brought))


def networks_used(settings: Settings, luma_noise: float, lines: int) -> tuple[Network, ...]:
    """The shipped networks that these settings ask for where luma has noise of that standard deviation and so many
    lines."""
    asked: set[str] = set()
    if settings.blocking.enabled and settings.blocking.method != "filters" and not settings.blocking.draws:
        asked.add(cleaner(is_large=settings.blocking.method == LARGE).name)
    if settings.noise.asks_network(luma_noise) and not settings.noise.adapted:
        asked.add(cleaner(is_large=settings.noise.network == LARGE).name)
    if settings.blotches.enabled:
        asked.add("dirt")
    if settings.softness.enabled:
        asked.add("tape-mender")
    wanted = settings.upscale.height
    if wanted is not None and settings.upscale.method != "filters" and pays(lines, wanted):
        asked.add(upscaler(lines, wanted, is_large=settings.upscale.method == LARGE).name)
    return tuple(each for each in NETWORKS if each.name in asked)


def cleaner(*, is_large: bool = False) -> Network:
    return network("cleaner-large" if is_large else "cleaner")


def pays(lines: int, wanted: int) -> bool:
    """Whether a network has something to say where `wanted` lines are made of so many; filters make them where not."""
    return lines > 0 and wanted / lines >= _LEAST


def upscaler(lines: int, wanted: int, *, is_large: bool = False) -> Network:
    """The one for so many lines of so many: what twice as many are enough for is not made four times as large, and for
    twice there is one alone."""
    if wanted <= 2 * lines:
        return network("upscaler-x2")
    return network("upscaler-x4-large" if is_large else "upscaler-x4")
