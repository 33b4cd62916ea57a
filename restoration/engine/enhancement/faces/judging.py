"""Whether a face may be shown as it was restored: its marks stay where they were, by its motion and by whoever finds
faces, its colour in the large stays, and it is at least as steady as before. Reductions go line by line, for the same
bits on any number of threads."""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face, apart, shared
from restoration.engine.compute.local import box_mean
from restoration.engine.compute.motion import estimate, warp

MOST_DRIFT = 1.5  # Pixels.
MOST_COLOUR = 1.5  # CIE Lab, of what is coarser than eight pixels.
_COARSE = 8
_AROUND = 2
_UNSEEN, _REPEATED = (0.25 / 255) ** 2, 0.1  # Mean squares: nobody sees so little; share of what changes around.
_SAME_FACE = 0.5  # Share of both boxes.


def holds(before: Tensor, after: Tensor, mask: Tensor, marks: list[tuple[float, float]]) -> bool:
    """before, after: luma [H, W]; mask: [H, W] 0..1; marks: x and y in them."""
    return drift(before, after, marks) < MOST_DRIFT and colour(before, after, mask) < MOST_COLOUR


def drift(before: Tensor, after: Tensor, marks: list[tuple[float, float]]) -> float:
    """How far the mark that moved most moved, in pixels, by the motion from one picture to the other around it."""
    moved = box_mean(estimate(before, after, finest=1), _AROUND)
    lengths = moved.square_().sum(0).sqrt_()
    height, width = before.shape
    return max((float(lengths[min(max(round(y), 0), height - 1), min(max(round(x), 0), width - 1)])
                for x, y in marks), default=0.0)


def marks_hold(face: Face, before: Sequence[Face], after: Sequence[Face]) -> bool:
    """Whether the marks of a face are found where they were, by what is found in one picture and in the other. What is
    found in one of them alone says nothing."""
    pairs = [(one, other) for one in before for other in after
             if one.marks and other.marks and min(shared(one, face), shared(other, face)) > _SAME_FACE]
    return all(apart(one, other) < MOST_DRIFT for one, other in pairs)


def colour(before: Tensor, after: Tensor, mask: Tensor) -> float:
    """How much lighter or darker a face became in the large, CIE lightness; the colours themselves are never touched.
    The mean over the mask."""
    old, new = (_lightness(box_mean(box_mean(luma, _COARSE), _COARSE)) for luma in (before, after))
    return _mean((new - old).abs_(), mask)


def is_as_steady(now: tuple[Tensor, Tensor], before: tuple[Tensor, Tensor], back: Tensor, mask: Tensor,
                 around: Sequence[tuple[Tensor, Tensor]] = ()) -> bool:
    """now, before: two moments' luma [H, W] as it was and as it was restored; back: the flow from now to before;
    around: other moments as they were, and the flow to each. A frame that repeats the one before it is held to a part
    of what changes around them: nothing at all changes between the two, yet each has other neighbours."""
    was, made = (_residual(one, other, back, mask) for one, other in zip(now, before, strict=True))
    if was < _UNSEEN:
        was = max(_UNSEEN, _REPEATED * max((_residual(now[0], *other, mask) for other in around), default=0.0))
    return made <= was * (1 + 1e-6)


def _residual(one: Tensor, other: Tensor, way: Tensor, mask: Tensor) -> float:
    return _mean((one - warp(other, way)).square_(), mask)


def _mean(values: Tensor, mask: Tensor) -> float:
    return float((values * mask).sum(-1).sum()) / max(float(mask.sum(-1).sum()), 1e-6)


def _lightness(luma: Tensor) -> Tensor:
    light = luma.clamp(0, 1) ** 2.4
    return torch.where(light > (6 / 29) ** 3, 116 * light.clamp_min(1e-9) ** (1 / 3) - 16, light * (29 / 3) ** 3)
