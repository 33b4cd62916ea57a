"""Weights that a person brought, at work: loaded by their digest, a picture tile by tile."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from restoration.engine.compute.device import device, is_out_of_memory
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.networks.brought import can_clean, can_enlarge
from restoration.engine.networks.brought.known import PURPOSES, network_in
from restoration.engine.networks.weights import bytes_of

Region = tuple[int, int, int, int]  # top, bottom, left, right

_TILE, _SMALLEST = 256, 32  # Pixels along a side: large enough that the margin costs a quarter, small enough for RRDB.
_MARGIN = 24  # Pixels around a tile that are computed too and left out: what lies beyond hardly reaches across.
_files: dict[str, tuple[Path, str]] = {}  # Where each lies, and what to call it in sentences.


def keep(sha256: str, path: Path, *, name: str = "") -> None:
    """Say where the file with that digest lies, before anything that needs it is asked for, and what people call it:
    otherwise by the name of the file."""
    _files[sha256] = path, name or path.name


class Tiled:
    """A network that makes pictures larger, or cleaner, for one shot. scale: pixels out for one pixel in along a side;
    channels: 1 for luma, 3 for R'G'B'; tile: pixels along a side of what it is given at once."""

    def __init__(self, network: Any, tile: int = _TILE) -> None:
        self.network = network
        self.scale, self.channels, self.tile = int(network.scale), int(network.input_channels), tile

    def __call__(self, picture: Tensor) -> Tensor:
        """float32 [channels, H, W], 0..1 -> [channels, scale H, scale W], clipped. Where memory does not suffice for a
        tile, tiles half as large are used from there on; the next shot begins with large ones again."""
        height, width = picture.shape[1:]
        made = torch.empty((self.channels, self.scale * height, self.scale * width), device=picture.device)
        waiting: list[Region] = [(0, height, 0, width)]
        while waiting:
            region = waiting.pop()
            if max(region[1] - region[0], region[3] - region[2]) > self.tile:
                waiting.extend(_parts(region, self.tile))
                continue
            try:
                self._fill(made, picture, region)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error) or self.tile <= _SMALLEST:
                    raise
                self.tile //= 2
                waiting.append(region)
                torch.cuda.empty_cache()
        return made

    def _fill(self, made: Tensor, picture: Tensor, region: Region) -> None:
        top, bottom, left, right = region
        above, before = max(0, top - _MARGIN), max(0, left - _MARGIN)
        seen = picture[:, above:bottom + _MARGIN, before:right + _MARGIN].clamp(0, 1)
        given, scale = self.network(seen[None])[0], self.scale
        made[:, scale * top:scale * bottom, scale * left:scale * right] = given[
            :, scale * (top - above):scale * (bottom - above), scale * (left - before):scale * (right - before)]


def loaded(sha256: str) -> tuple[Any, str]:
    """The network of the weights that `keep` was told of, on the CPU, and what people call it. Raises WeightsError
    where they are missing or are others."""
    data, name = bytes_by(sha256)
    return network_in(data, name), name


def bytes_by(sha256: str) -> tuple[bytes, str]:
    """The bytes of the weights that `keep` was told of, read now, and what people call them. Raises WeightsError where
    they are missing or are others."""
    path, name = _files.get(sha256, (Path(sha256), sha256))
    return bytes_of(path, sha256, name=name), name


def enlarging(sha256: str) -> Tiled:
    """The network of the weights that `keep` was told of, where the arithmetic is, for one shot. Raises WeightsError
    where they are missing, are others, or do not enlarge."""
    return Tiled(_network(sha256, can_enlarge, gettext_noop("“{file}” holds weights of “{architecture}”, which do not "
                                                            "enlarge.")))


def cleaning(sha256: str) -> Tiled:
    """As `enlarging`, for a network that cleans. Raises WeightsError where they are missing, are others, or do not
    clean."""
    return Tiled(_network(sha256, can_clean, gettext_noop("“{file}” holds weights of “{architecture}”, which do not "
                                                          "clean.")))


@lru_cache(maxsize=3)
def _network(sha256: str, can: Callable[[str, int, int, int], bool], refusal: str) -> Any:
    """What is costly of it, kept for the next shot."""
    network, name = loaded(sha256)
    if not can(PURPOSES[network.purpose], network.scale, network.input_channels, network.output_channels):
        raise WeightsError(refusal, file=name, architecture=str(network.architecture.name))
    return network.to(device())


def luma_of(network: Tiled, planes: Tensor, matrix: str) -> Tensor:
    """Luma [scale H, scale W] of what the network makes of Y'CbCr [3, H, W] of that matrix."""
    if network.channels == 1:
        return network(planes[:1])[0]
    return from_rgb(network(to_rgb(planes, matrix)), matrix)[0]


def _parts(region: Region, tile: int) -> list[Region]:
    top, bottom, left, right = region
    return [(row, min(row + tile, bottom), column, min(column + tile, right))
            for row in range(top, bottom, tile) for column in range(left, right, tile)]
