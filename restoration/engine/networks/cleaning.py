"""The network `cleaner` over pictures of any size."""

import torch.nn.functional as F
from torch import Tensor

from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import network
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import load

_REACH = 36  # Lines: eighteen convolutions at half the raster.


def cleaned(own: Tensor, neighbours: list[Tensor | None], told: tuple[float, float, float]) -> Tensor:
    """Planes [3, H, W] without what is told of them, as `networks.cleaner.put_together` has it."""
    height, width = own.shape[1:]
    shown = F.pad(put_together(own, neighbours, told)[None], (0, width % 2, 0, height % 2), mode="replicate")[0]
    return over(load(network("cleaner")), shown, reach=_REACH)[:, :height, :width]
