"""From a picture made for an ordinary display to one with more range: lamps and glints get the light they had, all
else stays what it was.

A reference display turns the signal into light by a power of 2.4 (BT.1886), and its white becomes 203 cd/m2
(BT.2408). From 0.7 of that white on light is expanded smoothly, up to a peak where the signal ends. A point's
chromaticity never changes: its three colours are multiplied alike, by a factor that follows from the largest of them.
What has the colour of skin is left alone, however bright.

The factor follows from the point alone and never falls as its light rises, so the ordinary picture can be had back
exactly: tone-mapped by the inverse it is the restored master itself.
"""

import torch
from torch import Tensor

WHITE = 203.0  # cd/m2 of the ordinary picture's white (ITU-R BT.2408-7, table 1).
PEAK = 1000.0  # cd/m2 at the end of the signal.
_KNEE = 0.7
_GAMMA = 2.4
# Linear green and blue of skin, as shares of its red: from the deepest to the fairest, under white light.
_SKIN = ((0.42, 0.82), (0.22, 0.68))
_SKIN_EDGE = 0.06


def expanded(rgb: Tensor, peak: float = PEAK) -> Tensor:
    """Light in cd/m2, float32 [3, H, W], of non-linear R'G'B' [3, H, W], 0..1, clipped there. The primaries stay."""
    light = rgb.clamp(0, 1) ** _GAMMA
    largest = light.amax(0)
    return light * (WHITE * _factor(largest, 1 - _skin(light, largest), peak))


def _factor(largest: Tensor, lamps: Tensor, peak: float) -> Tensor:
    """How much the light of a point is multiplied whose largest colour is `largest` of white, 0..1."""
    beyond = ((largest - _KNEE) / (1 - _KNEE)).clamp_(0, 1)
    return 1 + lamps * (peak / WHITE - 1) * beyond.square() * (3 - 2 * beyond)


def _skin(light: Tensor, largest: Tensor) -> Tensor:
    """1 where a point has the colour of skin, 0 where it has not, smooth between."""
    shares = light[1:] / largest.clamp_min(1e-9)
    inside = torch.ones_like(largest)
    for share, (least, most) in zip(shares, _SKIN, strict=True):
        inside *= ((share - least) / _SKIN_EDGE + 1).clamp(0, 1) * ((most - share) / _SKIN_EDGE + 1).clamp(0, 1)
    # Red is skin's largest colour, by the shares above, and its blue the smallest.
    return inside * ((shares[0] - shares[1]) / _SKIN_EDGE + 1).clamp(0, 1)
