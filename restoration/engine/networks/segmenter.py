"""Where dirt lies in a moment: a probability for each pixel.

It sees what the repair of dust, dirt and snow has found out by then: the moment, how far it lies from what others show
along the motion, how uneven that motion is, and what stands out of the moments beside it. Method: convolutions on three
rasters, each half of the one before, joined again from the coarsest (Ronneberger, Fischer, Brox 2015, U-Net), on pixels
unshuffled two by two. Some 122 000 parameters, about 8 GFLOP for 720x480.
"""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, pad, pixel_shuffle, pixel_unshuffle

MARGIN = 16  # Pixels repeated around a picture, so that its edges do not see the zeros of the convolutions.
SEEN = 11  # Planes of evidence: see `repair.blotches.witness`.


class Segmenter(nn.Module):
    """Evidence float32 [N, SEEN, H, W], H and W multiples of eight -> [N, 1, H, W], the logarithm of the odds."""

    def __init__(self, fine: int = 24, middle: int = 32, coarse: int = 48) -> None:
        super().__init__()
        self.fine = _layers(4 * SEEN, fine, fine)
        self.middle = _layers(fine, middle, middle)
        self.coarse = _layers(middle, coarse, coarse, coarse)
        self.to_middle, self.to_fine = nn.Conv2d(coarse, middle, 3, padding=1), nn.Conv2d(middle, fine, 3, padding=1)
        self.middle_again, self.fine_again = _layers(middle, middle), _layers(fine, fine)
        self.tail = nn.Conv2d(fine, 4, 3, padding=1)

    def forward(self, shown: Tensor) -> Tensor:
        if self.training:
            return self._made(shown)
        inside = slice(MARGIN, -MARGIN)
        return self._made(pad(shown, (MARGIN,) * 4, mode="replicate"))[..., inside, inside]

    def _made(self, shown: Tensor) -> Tensor:
        fine = self.fine(pixel_unshuffle(shown, 2))
        middle = self.middle(avg_pool2d(fine, 2))
        coarse = self.coarse(avg_pool2d(middle, 2))
        middle = self.middle_again(torch.relu(middle + _twice(self.to_middle(coarse))))
        fine = self.fine_again(torch.relu(fine + _twice(self.to_fine(middle))))
        return pixel_shuffle(cast(Tensor, self.tail(fine)), 2)


def _layers(*channels: int) -> nn.Sequential:
    """Convolutions of 3x3 from one number of channels to the next, each cut off below zero."""
    made: list[nn.Module] = []
    for one, next_one in pairwise(channels):
        made += [nn.Conv2d(one, next_one, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*made)


def _twice(planes: Tensor) -> Tensor:
    """Each pixel as two by two of them."""
    return planes.repeat_interleave(2, -2).repeat_interleave(2, -1)
