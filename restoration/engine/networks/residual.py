"""What our networks are made of."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle


class Block(nn.Module):
    """Two convolutions whose result is added to what they saw, without normalisation (Lim et al. 2017, EDSR)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return features + cast(Tensor, self.second(torch.relu(self.first(features))))


class Unshuffled(nn.Module):
    """Residual blocks (Lim et al. 2017) on pixels unshuffled two by two, whose result is a difference of three planes.

    seen: the channels that `shown_to` makes of what the network is given, at half the raster.
    """

    def __init__(self, seen: int, channels: int, blocks: int) -> None:
        super().__init__()
        self.head = nn.Conv2d(seen, channels, 3, padding=1)
        self.body = nn.Sequential(*(Block(channels) for _ in range(blocks)))
        self.tail = nn.Conv2d(channels, 12, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(cast(Tensor, self.tail.bias))

    def forward(self, given: Tensor) -> Tensor:
        """given float32 [N, C, H, W], H and W even, its first three planes the picture -> Y'CbCr [N, 3, H, W]. Beyond
        its edges lie the zeros of the convolutions, as they did around the patches it learnt from: repeated pixels
        there would be taken for lines (noise of 30/255: 2.2 dB less in the six pixels along the edge)."""
        return given[:, :3] + self.difference(self.head(self.shown_to(given)))

    def shown_to(self, given: Tensor) -> Tensor:
        raise NotImplementedError

    def difference(self, features: Tensor) -> Tensor:
        return pixel_shuffle(self.tail(self.body(features) + features), 2)
