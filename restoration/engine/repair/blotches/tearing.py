"""What comes and goes where one thing moves in front of another: it stands out of one moment as dirt does.

There the flow is torn, and it matters: along the same flow made smooth other picture would be fetched. In an even sky
the flow may be as uneven as it likes.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import warp
from restoration.engine.compute.regions import Regions, Values

_SMOOTH, _AROUND = 16, 4
_BESIDE = 6  # Pixels beside the middle of a region where the motion is asked.
_SPECK, _LARGE = 14, 10.0  # Pixels of a speck; how many times as large a region may be until it counts as large.
_MATTERS, _LEAST, _EVEN = 0.1, 0.02, 1.0


def tears(regions: Regions, away: Tensor, others: Sequence[Tensor], flows: Sequence[Tensor]) -> Values:
    """What to add to each region's odds of dirt: less than nothing at a tear, the more the larger the region.

    away: [H, W], how far the moment lies from what its neighbours show; others: luma [H, W] of two moments without
    their dirt; flows: to each of them.
    """
    strays = torch.stack([(warp(other, flow) - warp(other, box_mean(flow, _SMOOTH))).abs()
                          for other, flow in zip(others, flows, strict=True)]).amax(0)
    share = regions.means(box_mean(strays, _AROUND)) / (regions.means(away) + 1e-4)
    matters = np.log((share + _LEAST) / _MATTERS).clip(0)
    size = np.log((regions.sums() / _SPECK).clip(1, _LARGE))
    return -(1 + 2 * size) * matters - size * np.log(np.maximum(_uneven(regions, flows), _EVEN))


def _uneven(regions: Regions, flows: Sequence[Tensor]) -> Values:
    """How unevenly the picture moves around each region, in pixels."""
    middles, (height, width) = regions.middles().round().astype(np.int64), regions.shape
    found = np.zeros(regions.count)
    for flow in flows:
        told = [flow.cpu().numpy()[:, (middles[:, 0] + down).clip(0, height - 1),
                                   (middles[:, 1] + right).clip(0, width - 1)]
                for down in (-_BESIDE, 0, _BESIDE) for right in (-_BESIDE, 0, _BESIDE)]
        found = np.maximum(found, np.sqrt(np.var(np.stack(told), 0).sum(0)))
    return found
