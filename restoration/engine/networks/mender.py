"""What composite tape and its fields took of the detail, given back as far as it can be told from what is left.

It sees one moment as the repairs of a tape leave it: narrow along its lines, softened across them by the camera's scan,
with what the decoder took for colour gone from the brightness. Method: residual blocks (Lim et al. 2017) on pixels
unshuffled two by two. What is missing hides in small differences upon large levels, so the network is shown the two
apart; shown the planes alone it had learnt next to nothing after a thousand steps. With 48 channels and 8 blocks that
is some 344 000 parameters, about 60 GFLOP for 720x480.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, pad, pixel_shuffle, pixel_unshuffle

from restoration.engine.networks.residual import Block

MARGIN = 16  # Pixels repeated around the picture, so that its edges do not see the zeros of the convolutions.
_AROUND = 4  # Pixels on each side of which the level is the mean.
_FINER = 8.0  # Differences are an eighth of the levels or less.


class Mender(nn.Module):
    """Y'CbCr [N, 3, H, W] of Frame.planes' scale, H and W even -> the same, mended."""

    def __init__(self, channels: int = 48, blocks: int = 8) -> None:
        super().__init__()
        self.head = nn.Conv2d(15, channels, 3, padding=1)
        self.body = nn.Sequential(*(Block(channels) for _ in range(blocks)))
        self.tail = nn.Conv2d(channels, 12, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(cast(Tensor, self.tail.bias))

    def forward(self, shown: Tensor) -> Tensor:
        if self.training:
            return self._mended(shown)
        inside = slice(MARGIN, -MARGIN)
        return self._mended(pad(shown, (MARGIN,) * 4, mode="replicate"))[..., inside, inside]

    def _mended(self, planes: Tensor) -> Tensor:
        levels = avg_pool2d(pad(planes, (_AROUND,) * 4, mode="replicate"), 2 * _AROUND + 1, 1)
        shown = torch.cat((pixel_unshuffle(_FINER * (planes - levels), 2), avg_pool2d(levels, 2)), dim=1)
        features = self.head(shown)
        return planes + pixel_shuffle(self.tail(self.body(features) + features), 2) / _FINER
