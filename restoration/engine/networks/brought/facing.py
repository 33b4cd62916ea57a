"""A face network that a person brought, at work on one face after the other."""

from functools import lru_cache
from typing import Any

from torch import Tensor

from restoration.engine.compute.device import device
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.brought import can_draw_faces
from restoration.engine.networks.brought.known import PURPOSES, face_by
from restoration.engine.networks.brought.running import loaded


class Facing:
    """A network that draws faces."""

    def __init__(self, network: Any) -> None:
        self.network = network

    def __call__(self, face: Tensor) -> Tensor:
        """R'G'B' float32 [3, FACE, FACE], 0..1, of one upright face whose marks lie where such networks want them ->
        [3, n FACE, n FACE], clipped, n the network's scale. The same face gives the same picture."""
        return face_by(self.network, face.clamp(0, 1)[None])[0].clamp(0, 1)


@lru_cache(maxsize=1)
def facing_with(sha256: str) -> Facing:
    """The network of the weights that `keep` was told of, where the arithmetic is. Raises WeightsError where they are
    missing, are others, or draw no faces."""
    network, name = loaded(sha256)
    if not can_draw_faces(PURPOSES[network.purpose], network.input_channels, network.output_channels):
        raise WeightsError(gettext_noop("“{file}” holds weights of “{architecture}”, which draw no faces."),
                           file=name, architecture=str(network.architecture.name))
    return Facing(network.to(device()))
