"""The network `dirt` as one more witness: what it is shown of a moment, and how much its word counts."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.regions import Regions, Values
from restoration.engine.repair.blotches.suspects import SPECK, Suspects

_MOST = 6.0  # Odds that it is believed at most.
_FOR, _AGAINST = (1.5, 1.3), (1.0, -1.0)  # How much its word counts, and from which odds on.
_SURE, _DIFFERS = 0.0, 0.004  # Odds, and distance from what is put there, from which on a pixel belongs to the rim.
_FINER, _SMOOTH, _FAR, _LOUDER = 4.0, 8, 20.0, 10.0


def heard(regions: Regions, said: Tensor) -> Values:
    """What to add to the odds of each region by what the network said of its pixels, [H, W]; between the two bounds it
    has no word. Of specks it knows less than what is told of them otherwise."""
    odds = regions.means(said.clamp(-_MOST, _MOST))
    told = _FOR[0] * (odds - _FOR[1]).clip(0) + _AGAINST[0] * (odds - _AGAINST[1]).clip(max=0)
    return np.where(regions.sums() > SPECK, told, 0.0)


def rim(said: Tensor, away: Tensor) -> Tensor:
    """Bool [H, W]: what belongs to dirt beside it, by what the network said, though it hardly differs from what is put
    there; away: by how much it does."""
    return (said > _SURE) & (away > _DIFFERS)


def put_together(now: Tensor, found: Suspects, beyond: Tensor | None, beside: Sequence[Tensor | None],
                 sigma: float) -> Tensor:
    """Evidence [SEEN, H, W] on the moment whose luma [H, W] is `now`.

    beyond: luma of the moments beyond the deciding ones laid on this one, [1 or 2, H, W], None where there are none;
    beside: of the moments before and after, how far each pixel stands out (`Suspects.excess`), None where there is
    none; sigma: the noise of luma, on the 0..1 scale.
    """
    further = found.views if beyond is None else beyond.expand(2, -1, -1)
    stands_out = [torch.zeros_like(now) if each is None else each.abs() for each in beside]
    told = [now.new_full(now.shape, each) for each in (float(found.around.is_inside), _LOUDER * sigma)]
    return torch.stack((now - 0.5, *(_FINER * (now - found.views)), *(_FINER * (now - further)),
                        _unevenness(found.flows), _turning(found), *(_FINER * each for each in stands_out), *told))


def _unevenness(flows: Sequence[Tensor]) -> Tensor:
    """How far the motion lies from its own mean around each pixel."""
    away = [(flow - box_mean(flow, _SMOOTH)).square().sum(0).sqrt() for flow in flows]
    return torch.stack(away).amax(0).clamp(max=_FAR).log1p()


def _turning(found: Suspects) -> Tensor:
    """How far the motion is from going on as it came."""
    one, other = found.flows[0], found.flows[-1]
    turned = one + other if found.around.is_inside else other - 2 * one
    return turned.square().sum(0).sqrt().clamp(max=_FAR).log1p()
