"""Noise, compression and the colour noise of tapes taken out of a moment, with the help of its neighbours.

It sees the moment, what its neighbours show differently once they were fetched along the motion (nothing, where there
are none), and how much is to be taken out. Method: residual blocks (Lim et al. 2017) on pixels unshuffled two by two,
the noise told as a map (Zhang et al. 2018, FFDNet). With 64 channels and 16 blocks that is some 1.2
million parameters, about 212 GFLOP for 720x480; with 96 and 20, for a GPU, some 3.4 million.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad, pixel_unshuffle

from restoration.engine.networks.residual import Unshuffled

NEIGHBOURS = 4  # Moments that are shown beside its own: two before, two after.
_PLANES = 3 * (1 + NEIGHBOURS)
_TOLD = 3
_LOUDER = 10.0  # Sigmas are a few hundredths; the network sees them as tenths.


class Cleaner(Unshuffled):
    """[N, 6 or 18, H, W] as `put_together` makes it -> the three planes of the moment, cleaned."""

    def __init__(self, channels: int = 48, blocks: int = 8) -> None:
        super().__init__(4 * _PLANES + _TOLD, channels, blocks)

    def shown_to(self, given: Tensor) -> Tensor:
        planes, told = given[:, :-_TOLD], given[:, -_TOLD:]
        planes = pad(planes, (0, 0, 0, 0, 0, _PLANES - planes.shape[1]))
        return torch.cat((pixel_unshuffle(planes, 2), avg_pool2d(told, 2)), dim=1)


def put_together(own: Tensor, neighbours: Sequence[Tensor | None], told: tuple[float, float, float]) -> Tensor:
    """What a cleaner is shown, [18, H, W], or [6, H, W] where there are no neighbours. own: planes [3, H, W] of
    Frame.planes' scale; neighbours: none at all, or as many as NEIGHBOURS, fetched along the motion, None for one that
    is not there; told: the standard deviations on the 0..1 scale of what is to be taken out: noise of luma, noise of
    colour, what compression did to luma."""
    maps = own.new_tensor(told).mul_(_LOUDER)[:, None, None].expand(_TOLD, *own.shape[1:])
    if not neighbours:
        return torch.cat((own, maps))
    differences = [torch.zeros_like(own) if one is None else one - own for one in neighbours]
    return torch.cat((own, *differences, maps))
