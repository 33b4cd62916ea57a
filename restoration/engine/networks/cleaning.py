"""The network `cleaner` over pictures of any size, as it is shipped or adapted to one recording."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import Network, cleaner
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import bytes_of, load

_files: dict[str, Path] = {}


def keep(sha256: str, path: Path) -> None:
    """Say where adapted weights with that digest lie, before anything that needs them is asked for."""
    _files[sha256] = path


def load_adapted(sha256: str) -> None:
    """Have the network with those weights at hand. Raises WeightsError where they are missing or others."""
    load(_adapted(sha256))


def bytes_by(sha256: str) -> bytes:
    """The bytes of adapted weights that `keep` was told of, read now. Raises WeightsError where they are missing or
    others."""
    return bytes_of(_adapted(sha256).path, sha256)


def cleaned(own: Tensor, neighbours: Sequence[Tensor | None], told: tuple[float, float, float],
            weights: str | None = None, *, is_large: bool = False) -> Tensor:
    """Planes [3, H, W] without what is told of them, as `networks.cleaner.put_together` has it. weights: SHA-256 of
    adapted ones that `keep` was told of. Raises WeightsError where they are missing or others. is_large: by the
    network for a GPU, where none are adapted."""
    asked = _adapted(weights) if weights else cleaner(is_large=is_large)
    shown = put_together(own, neighbours, told)
    return over(load(asked, own.device), shown, reach=asked.margin, multiple=asked.multiple)


def _adapted(sha256: str) -> Network:
    """As large as the cleaner was when it was adapted."""
    return replace(cleaner(), build=(), file=str(_files.get(sha256, Path(sha256)).absolute()), sha256=sha256)
