"""The network `cleaner` over pictures of any size."""

import torch.nn.functional as F
from torch import Tensor

from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import network
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import load


def cleaned(own: Tensor, neighbours: list[Tensor | None], told: tuple[float, float, float]) -> Tensor:
    """Planes [3, H, W] without what is told of them, as `networks.cleaner.put_together` has it."""
    own_network = network("cleaner")
    height, width = own.shape[1:]
    spare = (0, -width % own_network.multiple, 0, -height % own_network.multiple)
    shown = F.pad(put_together(own, neighbours, told)[None], spare, mode="replicate")[0]
    return over(load(own_network), shown, reach=own_network.margin)[:, :height, :width]
