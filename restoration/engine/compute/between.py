"""The picture at any time between two frames, from their motion alone: no learnt weights, nothing that was in neither.

Each frame's motion is carried along itself to the wanted time (forward splatting; where several points land on one
place, those that look alike in both frames and whose way back leads to themselves count most, after Niklaus and Liu
2020); what nothing landed on takes the motion around it. Of the two frames' motions each point takes the one along
which they agree. Both are fetched along it, and blended by how near each is in time and by how much of it landed there:
what comes into view is taken from the frame that sees it (occlusion). Where neither motion is believable, the mean of
what both say and of no motion stands: softer than the truth, but not torn.

The sums of what lands are taken in whole numbers, which come out alike in any order: the same bits on any number of
threads.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.dense import dense_both_ways
from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import confidence, warp
from restoration.engine.compute.resample import resize

TALLEST = 540  # Lines from twice of which on motion is looked for in a smaller picture.
_UNIT = 1 << 20  # Whole numbers in 1.0 where sums must come out alike in any order.
_STRICT = 20.0  # How fast what looks different in the other frame stops to count, per 1.0 of difference.
_TELLING = 60.0  # The same for the difference of the two frames along one motion.
_DOUBTED = 0.1  # What is left of the weight of a point whose way back leads elsewhere.
_LEAST = 1e-3
_BELIEVED = 0.02  # Of weight and likeness together: less is a guess.
_UNSEEN = 0.03  # Share of a frame of which nothing landed.
_LANDED = 0.1  # Of a point's weight: less is a hole.
_WIDEST_HOLE = 64


@dataclass(frozen=True, slots=True)
class Motion:
    """How two frames move into each other, on a raster that may be smaller than theirs. one, other: their luma [h, w];
    forward: float32 [2, h, w], from the first to the second, as `motion.estimate` gives it; backward: the other way;
    found, found_back: [h, w], how surely the points of each are found in the other, near 0 to 1."""

    one: Tensor
    other: Tensor
    forward: Tensor
    backward: Tensor
    found: Tensor
    found_back: Tensor


def motion_between(one: Tensor, other: Tensor) -> Motion:
    """Of two lumas [H, W], 0..1, at least 16x16."""
    height, width = (round(side / max(1, one.shape[0] // TALLEST)) for side in one.shape)
    one, other = (resize(luma, width, height, kernel="linear") for luma in (one, other))
    forward, backward = dense_both_ways(one, other)
    return Motion(one, other, forward, backward, _found(one, other, forward, backward),
                  _found(other, one, backward, forward))


def picture_between(one: Tensor, other: Tensor, motion: Motion, time: float) -> Tensor:
    """Planes [C, H, W] at `time` in 0..1 from `one` to `other`, both [C, H, W]."""
    way = _way(motion, time)
    size = one.shape[-1], one.shape[-2]
    made = _fetched(one, other, _flow_at(way.flow, *size), _at(way.share, *size), time)
    if not bool((way.doubt > 0).any()):
        return made
    # What is guessed is soft, so that a smaller raster holds it.
    small = motion.one.shape[1], motion.one.shape[0]
    guess = _guessed(resize(one, *small, kernel="linear"), resize(other, *small, kernel="linear"), way, time)
    return torch.lerp(made, _at(guess, *size), _at(way.doubt, *size))


@dataclass(frozen=True, slots=True)
class _Way:
    """What moves how at one time: first, second, [2, h, w] from the first frame to the second, as either frame tells;
    flow: the more believable; share: how much of the picture there is the first frame's, [h, w]; doubt: 0 where the
    flow is believed, 1 where neither is."""

    first: Tensor
    second: Tensor
    flow: Tensor
    share: Tensor
    doubt: Tensor


def _way(motion: Motion, time: float) -> _Way:
    first, landed = _splatted(motion.forward, motion.found, time)
    second, landed_back = _splatted(-motion.backward, motion.found_back, time - 1)
    first, second = _filled(first, landed > _LANDED), _filled(second, landed_back > _LANDED)
    landed, landed_back = landed.clamp_(max=1), landed_back.clamp_(max=1)
    trust = box_mean(landed * _agreed(motion, first, time), 1)
    trust_back = box_mean(landed_back * _agreed(motion, second, time), 1)
    doubt = box_mean((1 - torch.maximum(trust, trust_back) / _BELIEVED).clamp_(0, 1), 3)
    here = box_mean(landed * (1 - time) + _UNSEEN, 1)
    there = box_mean(landed_back * time + _UNSEEN, 1)
    return _Way(first, second, torch.where(trust > trust_back, first, second), here / (here + there), doubt)


def _fetched(one: Tensor, other: Tensor, flow: Tensor, share: Tensor, time: float) -> Tensor:
    earlier, later = warp(one, flow * -time, mode="bicubic"), warp(other, flow * (1 - time), mode="bicubic")
    return torch.lerp(later, earlier, share)


def _guessed(one: Tensor, other: Tensor, way: _Way, time: float) -> Tensor:
    """The mean of both frames' motions and of no motion: soft, where a wrong choice would tear the picture."""
    moved = [_fetched(one, other, box_mean(flow, 1), way.share, time) for flow in (way.first, way.second)]
    return torch.stack((*moved, torch.lerp(one, other, time))).mean(0)


def _flow_at(flow: Tensor, width: int, height: int) -> Tensor:
    """A flow [2, h, w] on another raster, its pixels that raster's."""
    across, down = width / flow.shape[2], height / flow.shape[1]
    return torch.stack((_at(flow[0], width, height) * across, _at(flow[1], width, height) * down))


def _at(planes: Tensor, width: int, height: int) -> Tensor:
    return resize(planes, width, height, kernel="linear")


def _agreed(motion: Motion, flow: Tensor, time: float) -> Tensor:
    apart = box_mean((warp(motion.one, flow * -time) - warp(motion.other, flow * (1 - time))).abs_(), 2)
    return torch.exp(-_TELLING * apart).add_(1e-9)


def _found(one: Tensor, other: Tensor, there: Tensor, back: Tensor) -> Tensor:
    alike = torch.exp(-_STRICT * box_mean((warp(other, there) - one).abs_(), 1)).clamp_min_(_LEAST)
    return alike.mul_(_DOUBTED + (1 - _DOUBTED) * confidence(there, back, tolerance=1.0))


def _splatted(flow: Tensor, weight: Tensor, time: float) -> tuple[Tensor, Tensor]:
    """Where every point takes its flow [2, H, W] when it has gone `time` of it, the mean by weight [H, W] of what
    landed, and how much did; what leaves the picture is lost."""
    height, width = weight.shape
    columns = torch.arange(width, device=flow.device) + flow[0] * time
    rows = torch.arange(height, device=flow.device).view(-1, 1) + flow[1] * time
    left, top = columns.floor(), rows.floor()
    sums = torch.zeros((3, (height + 2) * (width + 2)), dtype=torch.int64, device=flow.device)
    for right in (0, 1):
        for down in (0, 1):
            share = (1 - (columns - left - right).abs()) * (1 - (rows - top - down).abs()) * weight
            row, column = (top + down + 1).clamp(0, height + 1), (left + right + 1).clamp(0, width + 1)
            place = (row * (width + 2) + column).long()
            whole = torch.stack((flow[0] * share, flow[1] * share, share)).mul_(_UNIT).round_().long()
            sums.scatter_add_(1, place.flatten().expand(3, -1), whole.flatten(1))
    inside = sums.view(3, height + 2, width + 2)[:, 1:-1, 1:-1].to(torch.float32) / _UNIT
    return inside[:2] / inside[2].clamp_min(1e-6), inside[2].contiguous()


def _filled(flow: Tensor, is_known: Tensor) -> Tensor:
    """Holes take the mean of what is known around them, in ever wider squares."""
    known, radius = is_known.float(), 1
    made = flow * known
    while radius <= min(_WIDEST_HOLE, (min(known.shape) - 1) // 2) and not bool(known.all()):
        share = box_mean(known, radius)
        is_new = (known == 0) & (share > 1e-3)
        made = torch.where(is_new, box_mean(made, radius) / share.clamp_min(1e-3), made)
        known, radius = torch.where(is_new, 1.0, known), radius * 2
    return made
