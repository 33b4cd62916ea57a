"""What stands out of one moment against its neighbours along the motion, and how much it looks like dirt.

SROD (Gullu, Urhan, Ertürk 2008, after Biswas and Kokaram): a pixel is suspect when it is darker or brighter than all
that both neighbours show at its place. Hysteresis: regions beyond half the threshold, of one sign, in which something
is beyond the whole. A change of light between the moments is taken off first.

Dirt pulls the flow towards itself, so that the picture around it no longer fits. Under all that stands out, and some
way around, the flow is therefore carried in from outside and the moment looked at once more: around dirt everything
then fits, around what moved in a way no flow can follow it does not. How much a region looks like dirt is one number
out of four, by logistic regression on damaged and on clean clips: how far the neighbours disagree, how badly the
picture around it fits, how far it stands out, and how much of it the moments beyond the neighbours show as well
(five frames, against pathological motion: Corrigan, Harte, Kokaram 2008). A fifth speaks against it: how much around
it stands out and looks like no dirt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min
from restoration.engine.compute.motion import composed, warp
from restoration.engine.compute.regions import Regions, Values
from restoration.engine.repair.blotches.filling import carried_in, grown

TOO_MUCH = 0.15  # Of the picture stands out: nothing is told along such motion.
_LIGHT_RADIUS, _LIGHT_MOST = 16, 0.1
_LEAST, _PER_SIGMA = 0.05, 2.0
_PULLED = 6  # Pixels around dirt whose flow it pulls.
_RING = 7
_SLACK = 0.5
_LIKELY, _LOWEST, _SURE = 1.5, -0.3, 3.0
SPECK, _SPECKS_MORE = 14, 2.0  # Pixels of a speck of snow, and by how much its odds are raised.
# Odds of dirt: a constant, and for the logarithms of disagreement, of misfit and of standing out, and the share seen.
_ODDS = (-2.49, -1.54, -1.34, 1.7, -1.75)
_COMPANY = 20  # Pixels around a region in which others that look like no dirt speak against it.
_DOUBTS = (-3.5, -0.8, 0.003)  # A constant, for the logarithm of the share that they cover, and that share's least.


class Planes(Protocol):
    """Planes [3, H, W] of a moment, by its index."""

    def __getitem__(self, index: int, /) -> Tensor: ...


class Moments(Protocol):
    """Where a detector gets planes and the flows between moments from."""

    @property
    def planes(self) -> Planes: ...

    def flow(self, there: int, *, here: int) -> Tensor: ...


@dataclass(frozen=True, slots=True)
class Around:
    """A moment and the others before and after it, by index, nearest first."""

    here: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def is_inside(self) -> bool:
        return bool(self.before and self.after)

    @property
    def ways(self) -> tuple[tuple[int, ...], ...]:
        """The ways to the two moments that decide: one on each side, or at the end of a shot two on the same."""
        if self.is_inside:
            return self.before[:1], self.after[:1]
        side = self.before or self.after
        return side[:1], side[:2]

    @property
    def further(self) -> tuple[tuple[int, ...], ...]:
        """The ways to the moments beyond those that decide."""
        return tuple(side[:2] for side in (self.before, self.after) if len(side) > 1) if self.is_inside else ()


@dataclass(frozen=True, slots=True)
class Suspects:
    """Regions of one moment that stand out. excess: signed float [H, W], how far each pixel does; flows: to the two
    deciding moments, one for each of `around.ways`; views: their luma laid on this moment, [2, H, W]."""

    around: Around
    regions: Regions
    excess: Tensor
    flows: tuple[Tensor, ...]
    views: Tensor

    @property
    def share(self) -> float:
        """Of the picture that stands out."""
        return len(self.regions.rows) / self.excess.numel()

    @property
    def strengths(self) -> Values:
        """The mean signed excess of each region."""
        return self.regions.means(self.excess)


def threshold_for(sensitivity: float, sigma: float) -> float:
    """How far a pixel must stand out, on the 0..1 scale; sensitivity 0.5 is what is meant, 1 halves, 0 doubles it."""
    return float((_LEAST + _PER_SIGMA * sigma) * 2 ** (1 - 2 * sensitivity))


def way(moments: Moments, here: int, steps: Sequence[int], first: Tensor | None = None) -> Tensor:
    """The flow from `here` to the last of `steps`, over those between; first: to the first of them, where known."""
    flow, at = moments.flow(steps[0], here=here) if first is None else first, steps[0]
    for step in steps[1:]:
        flow, at = composed(flow, moments.flow(step, here=at)), step
    return flow


def laid(now: Tensor, other: Tensor, flow: Tensor) -> Tensor:
    """Planes [C, H, W] of another moment laid on those of `now`, their light matched."""
    fetched = warp(other, flow, mode="bicubic")
    return fetched + light_between(now, fetched)


def light_between(now: Tensor, other: Tensor) -> Tensor:
    """How much brighter `now` is than `other` around each pixel, told from what differs little."""
    difference = now - other
    alike = (difference.abs() < _LIGHT_MOST).to(now.dtype)
    return box_mean(difference * alike, _LIGHT_RADIUS) / box_mean(alike, _LIGHT_RADIUS).clamp_(min=0.2)


def suspects(moments: Moments, around: Around, threshold: float) -> Suspects:
    """What stands out of the moment `around.here`, which has at least one other around it."""
    now = moments.planes[around.here][:1]
    others = [moments.planes[steps[-1]][:1] for steps in around.ways]
    flows = [way(moments, around.here, steps) for steps in around.ways]
    views = torch.cat([laid(now, other, flow) for other, flow in zip(others, flows, strict=True)])
    excess = excess_of(now[0], views, _SLACK)
    pulled = local_max((excess.abs() > 0.5 * threshold).float(), _PULLED) > 0
    if pulled.any():
        flows = [torch.where(pulled, carried_in(flow, ~pulled), flow) for flow in flows]
        views = torch.cat([laid(now, other, flow) for other, flow in zip(others, flows, strict=True)])
        excess = excess_of(now[0], views, _SLACK)
    return Suspects(around, regions_of(excess, threshold), excess, tuple(flows), views)


def excess_of(now: Tensor, views: Tensor, slack: float) -> Tensor:
    """Signed [H, W]: how far `now` lies above or below all that the views [N, H, W] show at its place. slack: how far
    towards the highest and lowest pixel next to each a view is also believed, since no flow is exact."""
    high = (views + slack * (local_max(views) - views)).amax(0)
    low = (views + slack * (local_min(views) - views)).amin(0)
    return (now - high).clamp_(min=0) - (low - now).clamp_(min=0)


def regions_of(excess: Tensor, threshold: float) -> Regions:
    """The regions of either sign that reach the threshold; a lone pixel must stand out twice as far."""
    kept = torch.zeros_like(excess, dtype=torch.bool)
    for one in (excess > 0.5 * threshold, excess < -0.5 * threshold):
        regions = Regions(one)
        if regions.count:
            most = regions.highest(excess.abs())
            kept |= regions.mask(most > np.where(regions.sums() < 2, 2 * threshold, threshold))
    return Regions(kept)


def looks(moments: Moments, found: Suspects) -> Values:
    """How much each region looks like dirt: the logarithm of the odds, 0 where it might as well be picture."""
    return first_look(moments, found) + _ODDS[4] * _share_seen(moments, found)


def first_look(moments: Moments, found: Suspects) -> Values:
    """The same before the moments beyond the deciding ones are asked, which can only lower it."""
    regions, now = found.regions, moments.planes[found.around.here][0]
    stand_out, away = found.excess.abs(), (now - found.views.mean(0)).abs()
    contrast = regions.means(away) + 1e-4
    apart = regions.means((found.views[0] - found.views[1]).abs()) / contrast
    held = grown(regions.mask(np.ones(regions.count, bool)), away, 0.02)
    beside = (local_max(held.float()) == 0).float()
    fit = box_mean((now - found.views).abs().amax(0) * beside, _RING) / box_mean(beside, _RING).clamp_(min=0.02)
    unfit = regions.means(fit) / contrast
    alone = (_ODDS[0] + _ODDS[1] * np.log(apart + 0.01) + _ODDS[2] * np.log(unfit + 0.02)
             + _ODDS[3] * np.log(regions.means(stand_out) + 1e-4))
    return alone + _DOUBTS[0] + _DOUBTS[1] * np.log(_doubt(regions, alone) + _DOUBTS[2])


def _doubt(regions: Regions, odds: Values) -> Values:
    """How much of the picture around each region others cover, by how little they look like dirt: where leaves flutter
    the motion leaves much behind, and some of it looks like dirt by chance."""
    unlike = 1 / (1 + np.exp(odds.clip(-30, 30)))
    around = regions.means(box_mean(regions.spread(unlike), _COMPANY))
    return np.maximum(around - regions.sums() * unlike / (2 * _COMPANY + 1) ** 2, 0)


def seen_further(moments: Moments, found: Suspects) -> Tensor | None:
    """Luma of the moments beyond the deciding ones laid on this one, [1 or 2, H, W]; None where there are none."""
    around, now = found.around, moments.planes[found.around.here][:1]
    if not around.further:
        return None
    firsts = {steps[0]: flow for steps, flow in zip(around.ways, found.flows, strict=True)}
    return torch.cat([laid(now, moments.planes[steps[-1]][:1], way(moments, around.here, steps, firsts[steps[0]]))
                      for steps in around.further])


def _share_seen(moments: Moments, found: Suspects) -> Values:
    """The share of each region that the moments beyond the deciding ones show as well."""
    views, now = seen_further(moments, found), moments.planes[found.around.here][0]
    if views is None:
        return np.zeros(found.regions.count)
    beyond = excess_of(now, views, _SLACK) * found.excess.sign()
    return found.regions.means((beyond < 0.5 * found.excess.abs()).float())


def handicaps(regions: Regions) -> Values:
    """What to add to each region's odds: a speck of a few pixels is seldom a mistake of the motion, and does little
    harm where it is one."""
    return np.where(regions.sums() <= SPECK, _SPECKS_MORE, 0.0)


def limit_for(sensitivity: float, odds: Values, *, is_inside: bool = True) -> float:
    """The odds from which on a region is dirt: lower where the moment has more that is beyond doubt, since dirt seldom
    comes alone; higher at the end of a shot, where all other moments lie on one side. odds: of the first look."""
    company = 0.7 * float(np.log1p((odds > _SURE).sum()))
    return max(_LOWEST, _LIKELY - company) + (0.0 if is_inside else 1.5) - 3 * (sensitivity - 0.5)


def limits_for(sensitivity: float, regions: Regions, company: Regions, odds: Values, *, is_inside: bool) -> Values:
    """The same for each region by itself: snow around it says nothing of what is larger than two of them. company:
    regions of the first look, odds: theirs."""
    limits = [limit_for(sensitivity, each, is_inside=is_inside) for each in (odds, odds[company.sums() > SPECK])]
    return np.where(regions.sums() > 2 * SPECK, limits[1], limits[0])
