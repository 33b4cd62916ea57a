"""The network `cleaner` over pictures of any size, as it is shipped or adapted to one recording."""

from dataclasses import replace
from pathlib import Path

from torch import Tensor

from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import Network, network
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import load

_files: dict[str, Path] = {}


def keep(sha256: str, path: Path) -> None:
    """Say where adapted weights with that digest lie, before anything that needs them is asked for."""
    _files[sha256] = path


def cleaned(own: Tensor, neighbours: list[Tensor | None], told: tuple[float, float, float],
            weights: str | None = None) -> Tensor:
    """Planes [3, H, W] without what is told of them, as `networks.cleaner.put_together` has it. weights: SHA-256 of
    adapted ones that `keep` was told of. Raises WeightsError where they are missing or others."""
    asked = _adapted(weights) if weights else network("cleaner")
    return over(load(asked), put_together(own, neighbours, told), reach=asked.margin, multiple=asked.multiple)


def _adapted(sha256: str) -> Network:
    """Of as many blocks as the cleaner had when it was adapted."""
    return replace(network("cleaner"), build=(), file=str(_files.get(sha256, Path(sha256)).absolute()), sha256=sha256)
