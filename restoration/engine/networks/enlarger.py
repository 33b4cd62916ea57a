"""Luma at twice or four times the raster: a bicubic picture and what a small residual network adds to it.

Only luma, because colour was recorded at half its resolution or less: a network that never sees colour cannot shift it.
Method: residual blocks without normalisation (Lim et al. 2017, EDSR) at the source's raster, then sub-pixel convolution
(Shi et al. 2016). With 32 channels and 8 blocks that is some 150 000 parameters, about 104 GFLOP for 720x480.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pad

_MARGIN = 8  # Pixels repeated around the picture, so that its edges do not see the zeros of the convolutions.


class Enlarger(nn.Module):
    """scale: 2 or 4."""

    def __init__(self, scale: int, channels: int = 32, blocks: int = 8) -> None:
        super().__init__()
        self.scale = scale
        self.head = nn.Conv2d(1, channels, 3, padding=1)
        self.body = nn.Sequential(*(_Block(channels) for _ in range(blocks)))
        self.tail = nn.Conv2d(channels, scale * scale, 3, padding=1)
        self.spread = nn.PixelShuffle(scale)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(cast(Tensor, self.tail.bias))

    def forward(self, luma: Tensor) -> Tensor:
        """luma float32 [N, 1, H, W], 0..1 -> [N, 1, scale H, scale W], not clipped."""
        if self.training:
            return self._enlarged(luma)
        inside = slice(self.scale * _MARGIN, -self.scale * _MARGIN)
        return self._enlarged(pad(luma, (_MARGIN,) * 4, mode="replicate"))[..., inside, inside]

    def _enlarged(self, luma: Tensor) -> Tensor:
        features = self.head(luma - 0.5)
        detail = self.spread(self.tail(self.body(features) + features))
        smooth = interpolate(luma, scale_factor=self.scale, mode="bicubic", align_corners=False)
        return cast(Tensor, smooth + detail)


class _Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return features + cast(Tensor, self.second(torch.relu(self.first(features))))
