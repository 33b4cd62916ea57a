"""The picture at any time between two frames, from their motion alone: no learnt weights, nothing that was in neither.

Each frame's motion is carried along itself to the wanted time (forward splatting; where several points land on one
place, those that look alike in both frames count most, after Niklaus and Liu 2020); what nothing landed on takes the
motion around it. Both frames are fetched along what landed, and blended by how near each is in time and by whether
anything of it landed there: what comes into view is taken from the frame that sees it (occlusion).

The motion is estimated by dense inverse search (Kroeger et al. 2016, OpenCV's), whose edges are sharper than those of
`compute.motion`: that decides where something hides something else. It is asked on one thread, for its answer depends
on their number. The sums of what lands are taken in whole numbers, which come out alike in any order: the same bits on
any number of threads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import torch
from torch import Tensor

from restoration.engine.compute.local import binomial, box_mean
from restoration.engine.compute.motion import warp

_UNIT = 1 << 20  # Whole numbers in 1.0 where sums must come out alike in any order.
_STRICT = 20.0  # How fast what looks different in the other frame stops to count, per 1.0 of difference.
_TELLING = 30.0  # The same for the difference of the two frames along one motion.
_LEAST = 1e-3
_LANDED = 0.1  # Of a point's weight: less is a hole.
_WIDEST_HOLE = 64


@dataclass(frozen=True, slots=True)
class Motion:
    """How two frames move into each other. forward: float32 [2, H, W], from the first to the second, as
    `motion.estimate` gives it; backward: the other way; first, second: [H, W], how far the points of each frame can be
    found in the other, near 0 to 1."""

    forward: Tensor
    backward: Tensor
    first: Tensor
    second: Tensor


def motion_between(one: Tensor, other: Tensor) -> Motion:
    """Of two lumas [H, W], 0..1, at least 16x16."""
    first, second = ((binomial(luma).clamp_(0, 1) * 255).round_().byte().cpu().numpy() for luma in (one, other))
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    search.setGradientDescentIterations(16)
    with _one_thread():
        flows = [search.calc(*pair, None)  # type: ignore[call-overload]  # None begins without a flow.
                 for pair in ((first, second), (second, first))]
    forward, backward = (torch.from_numpy(flow).permute(2, 0, 1).contiguous().to(one.device) for flow in flows)
    return Motion(forward, backward, _found(one, other, forward), _found(other, one, backward))


def picture_between(one: Tensor, other: Tensor, motion: Motion, time: float) -> Tensor:
    """Planes [C, H, W] at `time` in 0..1 from `one` to `other`, both [C, H, W]; the first plane is the one by which
    the two are compared."""
    first = _seen_along(one, other, motion.forward, motion.first, time)
    second = _seen_along(one, other, -motion.backward, motion.second, time, from_second=True)
    here = first.landed.clamp(max=1) * (1 - time) + _LEAST
    there = second.landed.clamp(max=1) * time + _LEAST
    share = here / (here + there)
    along_first, along_second = first.agreed + _LEAST ** 2, second.agreed + _LEAST ** 2
    trusted = along_first / (along_first + along_second)
    return torch.lerp(torch.lerp(second.later, second.earlier, share), torch.lerp(first.later, first.earlier, share),
                      trusted)


@dataclass(frozen=True, slots=True)
class _View:
    """Both frames as one motion shows them at the wanted time. landed: weight of what landed; agreed: 0..1."""

    earlier: Tensor
    later: Tensor
    landed: Tensor
    agreed: Tensor


def _seen_along(one: Tensor, other: Tensor, flow: Tensor, weight: Tensor, time: float, *,
                from_second: bool = False) -> _View:
    carried, landed = _splatted(flow, weight, time - 1 if from_second else time)
    carried = _filled(carried, landed > _LANDED)
    earlier = warp(one, carried * -time, mode="bicubic")
    later = warp(other, carried * (1 - time), mode="bicubic")
    apart = box_mean((earlier[0] - later[0]).abs_(), 2)
    return _View(earlier, later, landed, landed.clamp(max=1) * torch.exp(-_TELLING * apart))


@contextmanager
def _one_thread() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _found(one: Tensor, other: Tensor, flow: Tensor) -> Tensor:
    apart = box_mean((warp(other, flow) - one).abs_(), 1)
    return torch.exp(-_STRICT * apart).clamp_min(_LEAST)


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
