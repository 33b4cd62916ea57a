"""Putting the neighbours' picture where dirt lay: fetched along the motion, fitted to the light and to the rim around
it, with the film's own grain. The mask ends where the two are alike, so that no edge needs softening there, and what
adjoins dirt stays bit for bit what it was."""

import torch
from torch import Tensor

from restoration.engine.compute.local import binomial, box_mean, local_max

GROWTH = 3  # Pixels by which the soft rim of a speck is followed.
FEATHER = 1  # Pixels around what is filled before it fades.
_RIM = 5


def grown(core: Tensor, away: Tensor, least: float, rim: Tensor | None = None) -> Tensor:
    """The bool core [H, W] with its rim: what adjoins it and lies `away` [H, W] at least by `least` from what is put
    there, or belongs to the bool `rim`."""
    mask, differs = core.float(), away > least
    joins = (differs if rim is None else differs | rim).float()
    for _ in range(GROWTH):
        mask = torch.maximum(mask, local_max(mask) * joins)
    return mask.bool()


def better(draft: Tensor, moved: Tensor, still: Tensor) -> Tensor:
    """Of views [N, 3, H, W] along the motion and as they lie, at each place those whose luma agrees better with the
    draft [H, W] and with each other: under dirt no flow can be trusted."""
    costs = [box_mean((views[:, 0] - draft).abs().sum(0) + 2 * (views[0, 0] - views[-1, 0]).abs(), 3)
             for views in (moved, still)]
    return torch.where(costs[1] < costs[0], still, moved)


def filled(now: Tensor, views: Tensor, mask: Tensor, sigma: tuple[float, float]) -> Tensor:
    """Planes [3, H, W] to put into the bool mask [H, W]. views: [2, 3, H, W], two other moments laid on this one.

    Each view counts by how well it agrees with the picture around the mask. Their mean is calmer than the film; what
    it lacks of the noise sigma (luma, chroma) is taken from the views' difference.
    """
    outside = (local_max(mask.to(now.dtype), 2) == 0).to(now.dtype)
    around = box_mean(outside, _RIM).clamp_(min=0.02)
    misfit = box_mean((views[:, 0] - now[0]).abs() * outside, _RIM) / around
    weights = 1 / (misfit + 0.004).square()
    weights = (weights / weights.sum(0))[:, None]
    mean = (views * weights).sum(0)
    return mean + carried_in(now - mean, outside) + _grain(views, weights, sigma)


def carried_in(planes: Tensor, outside: Tensor) -> Tensor:
    """What planes [C, H, W] are outside, carried into the rest: from near where that is near, else from further."""
    outside = outside.to(planes.dtype)
    carried = torch.zeros_like(planes)
    for radius in (24, 10, 4):
        near = box_mean(outside, radius)
        trust = (near * 8).clamp_(max=1)
        carried = carried + trust * (box_mean((planes - carried) * outside, radius) / near.clamp_(min=1e-3))
    return carried


def _grain(views: Tensor, weights: Tensor, sigma: tuple[float, float]) -> Tensor:
    """The finest part of the views' difference, as much as restores the noise; nothing beyond what noise explains."""
    difference = views[0] - views[1]
    finest = difference - box_mean(difference, 2)
    most = 3 * finest.new_tensor([sigma[0], sigma[1], sigma[1]])[:, None, None]
    lacking = ((1 - weights.square().sum(0)) / 2).clamp_(min=0).sqrt_()
    return lacking * torch.minimum(torch.maximum(finest, -most), most)


def feathered(now: Tensor, fill: Tensor, mask: Tensor) -> Tensor:
    """The planes with the fill within the mask and a soft edge around it, for drafts: between these the motion is
    estimated, and an edge would be seen as something that moves."""
    share = binomial(local_max(mask.float(), FEATHER))
    return torch.where(share > 0, now + share * (fill - now), now)
