"""What our networks are made of."""

from typing import cast

import torch
from torch import Tensor, nn


class Block(nn.Module):
    """Two convolutions whose result is added to what they saw, without normalisation (Lim et al. 2017, EDSR)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return features + cast(Tensor, self.second(torch.relu(self.first(features))))
