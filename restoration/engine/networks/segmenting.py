"""The network `dirt` over pictures of any size."""

from torch import Tensor

from restoration.engine.networks.registry import network
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import load


def odds_of_dirt(shown: Tensor) -> Tensor:
    """The logarithm of the odds of dirt at each pixel, [H, W], from evidence [SEEN, H, W] as
    `repair.blotches.witness` puts it together."""
    own = network("dirt")
    return over(load(own, shown.device), shown, reach=own.margin, multiple=own.multiple)[0]
