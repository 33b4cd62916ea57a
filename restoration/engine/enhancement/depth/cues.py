"""What one moment says about near and far, each cue with how much it has to say."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face
from restoration.engine.compute.local import binomial, box_mean, halved
from restoration.engine.compute.motion import confidence
from restoration.engine.compute.rising import risen_between

LINES = 135
_WINDOW = 3
_PLAIN, _SHARP = 0.18, 0.38  # The share of contrast in the fine band, out of focus and in it.
_SEEN, _FOLLOWED = 0.02, 0.01  # Contrast that says something of sharpness, and fine contrast that of motion.
_FINE_NOISE, _WHOLE_NOISE = 0.16, 0.25  # What is left of noise's variance in the two bands.
_APART = (0.003, 0.012)  # Of the height from moment to moment, beside the camera's own motion.
_ROUNDS, _ODD = 4, 0.004
_EVEN = 0.03  # What a point that moves with the camera says where nothing else moves.
_SHOULDERS, _CHEST = 2.2, 1.4  # In half widths and half heights of a face.
_WEIGHTS = {"motion": 1.0, "sharpness": 0.8, "empty": 0.08, "place": 0.08}


@dataclass(frozen=True, slots=True)
class Cues:
    """Of one moment, [h, w] at LINES or fewer: the sum of what the cues say, 0 far to 1 near, each times its weight;
    and the sum of their weights."""

    said: Tensor
    weight: Tensor


def small(luma: Tensor) -> Tensor:
    """Luma [H, W] at the raster of the cues: half its own, or less."""
    return _lower(halved(luma))


def _lower(half: Tensor) -> Tensor:
    while half.shape[0] > LINES:
        half = halved(half)
    return half


def cues_of(luma: Tensor, flows: Sequence[tuple[Tensor, Tensor]], noise: float) -> Cues:
    """What sharpness, place and motion say of a moment, luma [H, W]. flows: at the cues' raster, to each neighbour and
    back; none where it stands alone. noise: its standard deviation in luma."""
    fine, whole = _contrast(luma, noise)
    sharp, known = risen_between(fine / (whole + 1e-4), _PLAIN, _SHARP), whole.square() / (whole.square() + _SEEN ** 2)
    weight = known * (_WEIGHTS["sharpness"] * _differing(sharp, known))
    said = weight * sharp
    said, weight = said + _WEIGHTS["place"] * _place(said), weight + (_WEIGHTS["place"] + _WEIGHTS["empty"])
    can_be_followed = fine.square() / (fine.square() + _FOLLOWED ** 2)
    for there, back in flows:
        moves, known = _motion(there, back)
        known = known * can_be_followed * (_WEIGHTS["motion"] / len(flows))
        said, weight = said + moves * known, weight + known
    return Cues(said, weight)


def figure(face: Face, shape: tuple[int, int], like: Tensor) -> Tensor:
    """How much each point belongs to a face, or to a body under it, 0..1: [h, w] over a picture of `shape`."""
    height, width = like.shape
    y = (torch.arange(height, device=like.device) + 0.5).mul(shape[0] / height)[:, None]
    x = (torch.arange(width, device=like.device) + 0.5).mul(shape[1] / width)[None]
    across, down = (x - face.x) / face.across, (y - face.y) / face.down
    head = (across ** 2 + down ** 2).sqrt()
    body = torch.maximum(across.abs() / _SHOULDERS, (_CHEST - down) / 0.8)
    return torch.maximum(1 - risen_between(head, 0.9, 1.3), 0.7 * (1 - risen_between(body, 0.7, 1.1)))


def _contrast(luma: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """The contrast around each point at the cues' raster, in the band that only what is in focus has, and in all: found
    at half the picture's raster, as standard deviations, without what noise adds."""
    half = halved(luma)
    bands = (half - binomial(half)).square_(), (half - box_mean(half, 4)).square_()
    lost = 1.5 * _FINE_NOISE * noise ** 2, 1.5 * _WHOLE_NOISE * noise ** 2
    fine, whole = ((box_mean(_lower(band), _WINDOW) - less).clamp_(min=0).sqrt_()
                   for band, less in zip(bands, lost, strict=True))
    return fine, whole


def _differing(sharp: Tensor, known: Tensor) -> Tensor:
    """How much sharpness tells apart: 0 where all of a picture is in focus or none, 1 where half of it is."""
    sharp, known = sharp[::2, ::2], known[::2, ::2]
    total = known.sum() + 1e-3
    mean = (sharp * known).sum() / total
    return (4 * ((sharp - mean).square() * known).sum() / total).clamp(max=1)


def _place(like: Tensor) -> Tensor:
    """Lower and nearer to the middle is nearer, as a rule."""
    height, width = like.shape
    down = torch.linspace(0, 1, height, device=like.device)[:, None]
    aside = torch.linspace(-1, 1, width, device=like.device)[None].abs()
    return (0.25 + 0.4 * down + 0.2 * (1 - aside)).clamp(0, 1)


def _motion(there: Tensor, back: Tensor) -> tuple[Tensor, Tensor]:
    """How far each point moves beside the camera's own motion; known as well as the way there and back agree, and only
    where something does move apart."""
    height = there.shape[1]
    apart = (there - _camera(there)).square().sum(0).sqrt_() / height
    moves = risen_between(box_mean(apart, 1), *_APART)
    return moves, confidence(there, back) * (_EVEN + (1 - _EVEN) * box_mean(moves, 2 * _WINDOW))


def _camera(flow: Tensor) -> Tensor:
    """The affine motion [2, h, w] that most of the picture follows: from the median on, least squares in which what
    differs counts little."""
    height, width = flow.shape[1:]
    y = torch.linspace(-1, 1, height, device=flow.device)[:, None].expand(height, width)
    x = torch.linspace(-1, 1, width, device=flow.device)[None].expand(height, width)
    basis = torch.stack((torch.ones_like(x), x, y))
    thin = (..., slice(None, None, 2), slice(None, None, 2))
    few, moves = basis[thin], flow[thin]
    model = moves.flatten(1).median(1).values[:, None, None].expand_as(flow)
    for _ in range(_ROUNDS):
        weighed = few / (1 + (moves - model[thin]).square().sum(0) / (_ODD * height) ** 2)
        square = torch.stack([torch.stack([(one * other).sum() for other in few]) for one in weighed])
        right = torch.stack([torch.stack([(one * move).sum() for move in moves]) for one in weighed])
        found = torch.linalg.solve(square.double().cpu(), right.double().cpu()).to(flow)
        model = (found[0][:, None, None] + found[1][:, None, None] * basis[1] + found[2][:, None, None] * basis[2])
    return model
