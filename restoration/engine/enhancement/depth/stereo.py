"""Two views of a picture of one camera: what the map of layers calls near stands before the screen, what it calls far
behind it. No second camera saw it, so it is a rendition, never a restoration.

Each view fetches the picture from half the distance to either side; the map is smoothed first, so that it stretches
what lies beside an edge and leaves no hole.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import warp
from restoration.engine.enhancement.depth.layers import Layered, layered
from restoration.engine.frames import Frame
from restoration.engine.stage import ShotContext

MOST = 0.015  # Of the width, between what the left and the right eye see.
_SPAN = 0.4  # How far from the map's mean a point gets all of it.
_CALM = 20  # The map is smoothed over one part in so many of the height.


def two_views(frames: Iterator[Frame], context: ShotContext, amount: float = 1.0) -> Iterator[tuple[Frame, Frame]]:
    """What the left and the right eye see of each frame [3, H, W]; amount 0..1 scales how far their views lie apart."""
    for each in layered(frames, context):
        apart = _apart(each) * amount
        left, right = (_fetched(each.frame.planes, half) for half in (-apart / 2, apart / 2))
        yield each.frame.with_planes(left), each.frame.with_planes(right)


def _apart(layers: Layered) -> Tensor:
    """How far right of the right eye's view the left eye's is, pixels [H, W]: positive before the screen."""
    near = box_mean(layers.near, max(1, layers.near.shape[0] // _CALM))
    return ((near - layers.mean) / _SPAN).clamp_(-1, 1).mul_(MOST * near.shape[1])


def _fetched(planes: Tensor, move: Tensor) -> Tensor:
    return warp(planes, torch.stack((move, torch.zeros_like(move))), mode="bicubic")
