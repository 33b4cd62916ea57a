"""Two sides' views of a hole made into one picture that fits its surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.compute.spreading import spread_in

SMALLEST_MISFIT = 0.004
CHANCE = 1.5  # How much better another way than the first must be: where little shows, any may agree by chance.
COMPARED = 4  # Pixels around a place that tell which way is better.
LAST_RESORT = 1e-6  # Weight of what is only spread in from the edge.
DARKEST = 0.05  # Luma below which no texture is made.


@dataclass(frozen=True, slots=True)
class View:
    """Another moment laid on this one: planes [3, h, w]; valid [h, w], 1 where it shows the scene, else 0."""

    planes: Tensor
    valid: Tensor


def agreeing(now: Tensor, hole: Tensor, ways: Sequence[Sequence[View]]) -> list[View]:
    """Of ways to the moments on both sides, at each place the one whose two views agree best and fit best around;
    where no way leads to both, whatever is there."""
    both = [list(views) for views in ways if len(views) == 2]
    if not both:
        return list(next((views for views in ways if views), ()))
    best, lowest = both[0], _disagreement(now, hole, both[0])
    for views in both[1:]:
        cost = CHANCE * _disagreement(now, hole, views)
        is_better = cost < lowest
        best = [View(torch.where(is_better, other.planes, one.planes), torch.where(is_better, other.valid, one.valid))
                for one, other in zip(best, views, strict=True)]
        lowest = torch.minimum(cost, lowest)
    return best


def _disagreement(now: Tensor, hole: Tensor, views: Sequence[View]) -> Tensor:
    """Mean difference of the views' luma, and around the hole of both from the moment itself: [h, w]."""
    between = (views[0].planes[0] - views[1].planes[0]).abs()
    away = torch.stack([(now[0] - view.planes[0]).abs() for view in views]).sum(0) * ~hole
    hidden = 1 - views[0].valid * views[1].valid
    return box_mean(between + away + hidden, COMPARED)


def blended(now: Tensor, smooth: Tensor, hole: Tensor, views: Sequence[View]) -> tuple[Tensor, Tensor]:
    """Planes [3, h, w] for the bool hole [h, w] and the weights [n + 1, h, w], 1 together, that made them; the last is
    that of `smooth`, what is spread in."""
    layers, weights = [], []
    for view in views:
        around = ~hole & (view.valid > 0)
        away = now - view.planes
        layers.append(view.planes + spread_in(box_mean(away.where(around, away.new_zeros(())), 2) / box_mean(
            around.to(now.dtype)[None], 2).clamp(min=0.04), around))
        misfit = spread_in(box_mean(away[:1].abs().where(around, away.new_zeros(())), 2), around)[0]
        weights.append(view.valid / (misfit + SMALLEST_MISFIT).square())
    layers.append(smooth)
    weights.append(torch.full_like(smooth[0], LAST_RESORT))
    shares = torch.stack(weights)
    shares = shares / shares.sum(0)
    return (torch.stack(layers) * shares[:, None]).sum(0), shares


def textured(fill: Tensor, views: Sequence[View], weights: Tensor, sigma: tuple[float, float],
             dice: torch.Generator) -> Tensor:
    """The fill [3, h, w] with the noise sigma (luma, chroma) it lacks: from the views' difference where both show the
    scene, drawn by `dice` where nothing does."""
    most = fill.new_tensor([sigma[0], sigma[1], sigma[1]])[:, None, None]
    if not float(most.amax()):
        return fill
    drawn = torch.randn(fill.shape, generator=dice).to(fill) * most
    added = weights[-1] * drawn
    if len(views) == 2:
        difference = (views[0].planes - views[1].planes) * views[0].valid * views[1].valid
        finest = (difference - box_mean(difference, 2)) / 2 ** 0.5
        lacking = (1 - weights.square().sum(0)).clamp(min=0).sqrt()
        added = added + lacking * torch.minimum(torch.maximum(finest, -3 * most), 3 * most)
    return fill + added * (fill[:1] > DARKEST)
