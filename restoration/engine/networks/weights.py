"""Weights from a file into a network, and never anything else: no code of a file is ever run.

Bytes are read once, their digest is compared before anything parses them, they are parsed as safetensors (a table of
names and shapes, then numbers; nothing in it can be executed), and every tensor must be one of the architecture's, none
missing and none left over.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse
from torch import Tensor, nn

from restoration.engine.compute.device import device
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.cleaner import Cleaner
from restoration.engine.networks.mender import Mender
from restoration.engine.networks.registry import Network
from restoration.engine.networks.segmenter import Segmenter
from restoration.engine.networks.upscaler import Upscaler

ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {"cleaner": Cleaner, "mender": Mender, "segmenter": Segmenter,
                                                      "upscaler": Upscaler}


def load(network: Network, on: torch.device | None = None) -> nn.Module:
    """The network with its weights, as `read` gives it, on that device or where the arithmetic is. One for all in this
    process: leave it as it is. Raises WeightsError."""
    return _kept(network, on or device())


@lru_cache(maxsize=16)
def _kept(network: Network, on: torch.device) -> nn.Module:
    return laid(read(network.path, network.sha256, network.architecture, network.build), on)


def laid(network: nn.Module, on: torch.device) -> nn.Module:
    """The network itself on that device, its channels last in memory, as `networks.strips` lays the pictures: that is
    faster."""
    network.to(on)
    for weight in network.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network


def read(path: Path, sha256: str, architecture: str, build: tuple[tuple[str, int], ...]) -> nn.Module:
    """A new network of that architecture, float32 on the CPU, with the weights of a safetensors file: to be asked, not
    to be trained. Where `build` does not say how large it is, the weights do. Raises WeightsError for a file
    that is missing, has another digest, is not safetensors or holds other tensors than the architecture has, and for an
    architecture that is not known."""
    if architecture not in ARCHITECTURES:
        raise WeightsError(gettext_noop("“{file}” is for the architecture “{architecture}”, which is not known here."),
                           file=path.name, architecture=architecture)
    tensors = tensors_of(bytes_of(path, sha256), path.name)
    with torch.random.fork_rng(devices=[]):  # What a network begins with comes from the dice of whoever asks.
        made = ARCHITECTURES[architecture](**{**_size(tensors), **dict(build)})
    _refuse_others(tensors, made.state_dict(), path.name, architecture)
    made.load_state_dict(tensors)
    return made.eval().requires_grad_(False)


def bytes_of(path: Path, sha256: str, *, name: str = "") -> bytes:
    """A file's bytes, known to be the ones meant. name: what to call it in sentences, otherwise as the file is called.
    Raises WeightsError where it is missing or has another digest."""
    called = name or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(gettext_noop("The weights “{file}” are missing. Bring back a good copy."),
                           file=called) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WeightsError(gettext_noop("The weights “{file}” are not the ones that were registered: their digest "
                                        "differs. They were not opened. Bring back a good copy."), file=called)
    return data


def tensors_of(data: bytes, name: str) -> dict[str, Tensor]:
    """The tensors in the bytes of a safetensors file. Raises WeightsError where they are none."""
    try:
        return parse(data)
    except SafetensorError as error:
        raise WeightsError(gettext_noop("“{file}” is not a safetensors file. It was not opened."),
                           file=name) from error


def _size(tensors: dict[str, Tensor]) -> dict[str, int]:
    """As many blocks as have weights, and their channels; nothing for what is not made of blocks."""
    blocks = {name.split(".")[1] for name in tensors if name.startswith("body.")}
    return {"blocks": len(blocks), "channels": len(tensors["body.0.first.weight"])} if blocks else {}


def _refuse_others(found: dict[str, Tensor], wanted: dict[str, Tensor], name: str, architecture: str) -> None:
    """Names the first tensor that is missing, left over, or of another shape."""
    for key in sorted(found.keys() | wanted.keys()):
        if key not in found or key not in wanted or found[key].shape != wanted[key].shape:
            raise WeightsError(gettext_noop("“{file}” does not hold the weights of the architecture “{architecture}”: "
                                            "the tensor “{tensor}” does not fit."),
                               file=name, architecture=architecture, tensor=key)
