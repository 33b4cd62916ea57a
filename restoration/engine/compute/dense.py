"""Motion with sharp edges, for pictures that are made from it: dense inverse search (Kroeger et al. 2016, OpenCV's).

Where small things move fast the search, which comes from coarse to fine, follows what is behind them. So whole moves at
a quarter of the raster are tried one by one as well; where one fits much better, and the way back agrees, the search
begins again from it.
"""

import torch
from torch import Tensor

from restoration.engine.compute.inverse_search import Picture, searched
from restoration.engine.compute.local import binomial, box_mean, halved, padded
from restoration.engine.compute.motion import warp

_FARTHEST = 8  # Pixels of the quartered raster: 32 of the whole.
_STILL = 2e-4  # What a move must gain for each of its pixels.
_BETTER = 0.05  # What a tried move must gain before the search begins from it,
_KEPT = 0.01  # and what the search must have gained by it.
_AGREED = 4.0  # Pixels by which there and back may miss.

_MOVES = [(down, right) for down in range(-_FARTHEST, _FARTHEST + 1) for right in range(-_FARTHEST, _FARTHEST + 1)]


def dense_both_ways(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """The flows, float32 [2, H, W], from `one` to `other` and back, as `motion.estimate` gives them. Both are luma
    [H, W], 0..1, at least 16x16."""
    pictures = _eight_bit(one), _eight_bit(other)
    there, back = searched(*pictures).to(one.device), searched(*pictures[::-1]).to(one.device)
    tried, tried_back = _tried(one, other), _tried(other, one)
    return (_begun_again(one, other, pictures, there, tried, tried_back),
            _begun_again(other, one, pictures[::-1], back, tried_back, tried))


def _eight_bit(luma: Tensor) -> Picture:
    """As the search takes it: steadied, and by its square root, so that a dark stage has steps enough."""
    steps: Picture = (binomial(luma).clamp_(0, 1).sqrt_() * 255).round_().byte().cpu().numpy()
    return steps


def _begun_again(one: Tensor, other: Tensor, pictures: tuple[Picture, Picture], flow: Tensor, tried: Tensor,
                 tried_back: Tensor) -> Tensor:
    misfit = _misfit(one, other, flow)
    missed = (tried + warp(tried_back, tried)).square().sum(0).sqrt()
    is_better = (_misfit(one, other, tried) + _BETTER < misfit) & (missed < _AGREED)
    if not bool(is_better.any()):
        return flow
    again = searched(*pictures, beginning=torch.where(is_better, tried, flow)).to(one.device)
    return torch.where(_misfit(one, other, again) + _KEPT < misfit, again, flow)


def _misfit(one: Tensor, other: Tensor, flow: Tensor) -> Tensor:
    return box_mean((warp(other, flow) - one).abs_(), 3)


def _tried(one: Tensor, other: Tensor) -> Tensor:
    """The whole move within the farthest that fits the 5x5 around each point of a quarter of the raster best, [2, H, W]
    of the whole."""
    small, wide = _quartered(one), padded(_quartered(other)[None], x=_FARTHEST, y=_FARTHEST)[0]
    height, width = small.shape
    least, place = torch.full_like(small, torch.inf), torch.zeros_like(small)
    for number, (down, right) in enumerate(_MOVES):
        moved = wide[_FARTHEST + down:, _FARTHEST + right:][:height, :width]
        misfit = box_mean((moved - small).abs_(), 2).add_(_STILL * (abs(down) + abs(right)))
        place.masked_fill_(misfit < least, number)
        least = torch.minimum(misfit, least)
    moves = 4 * torch.tensor(_MOVES, dtype=torch.float32, device=one.device).flip(1)[place.long()].permute(2, 0, 1)
    return moves.repeat_interleave(4, -2).repeat_interleave(4, -1)[:, :one.shape[0], :one.shape[1]]


def _quartered(luma: Tensor) -> Tensor:
    return halved(binomial(halved(binomial(luma))))
