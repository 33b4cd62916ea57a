"""What composite tape and its fields took of the detail, given back as far as it can be told from what is left.

It sees one moment as the repairs of a tape leave it: narrow along its lines, softened across them by the camera's scan,
with what the decoder took for colour gone from the brightness. Method: residual blocks (Lim et al. 2017) on pixels
unshuffled two by two. What is missing hides in small differences upon large levels, so the network is shown the two
apart; shown the planes alone it had learnt next to nothing after a thousand steps. With 48 channels and 12 blocks that
is some 511 000 parameters, about 88 GFLOP for 720x480.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad, pixel_unshuffle

from restoration.engine.networks.residual import Unshuffled

_AROUND = 4  # Pixels on each side of which the level is the mean.
_FINER = 8.0  # Differences are an eighth of the levels or less.


class Mender(Unshuffled):
    """Y'CbCr [N, 3, H, W] of Frame.planes' scale -> the same, mended."""

    def __init__(self, channels: int = 48, blocks: int = 8) -> None:
        super().__init__(15, channels, blocks)

    def shown_to(self, given: Tensor) -> Tensor:
        levels = avg_pool2d(pad(given, (_AROUND,) * 4, mode="replicate"), 2 * _AROUND + 1, 1)
        return torch.cat((pixel_unshuffle(_FINER * (given - levels), 2), avg_pool2d(levels, 2)), dim=1)

    def difference(self, features: Tensor) -> Tensor:
        return super().difference(features) / _FINER
