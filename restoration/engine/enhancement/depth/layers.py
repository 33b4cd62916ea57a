"""Cues of some moments put together to one steady map of layers, with the edges of its own picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import faces_in
from restoration.engine.compute.guided import guided
from restoration.engine.compute.motion import estimate_both_ways
from restoration.engine.compute.resample import resize
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.depth.cues import Cues, cues_of, figure, small
from restoration.engine.enhancement.faces.following import EVERY, SIGHT, Followed, Look, followed
from restoration.engine.frames import Frame
from restoration.engine.stage import ShotContext

REACH = SIGHT  # Faces look furthest; cues need two moments on each side, and those their neighbours.
_NEAR = (0.25, 0.75, 1.0, 0.75, 0.25)  # Weights of the moments around.
_SIDE = len(_NEAR) // 2
_FACE = 3.0  # The weight of a face among the cues.
_SMALLEST = 20
_EDGE = 0.04
_WIDE, _FAR_AROUND = 10, 0.2  # What is known further around fills what is not known near by.


@dataclass(frozen=True, slots=True)
class Layered:
    """A frame, and which of its points seem near: [H, W], 0 far to 1 near; their mean."""

    frame: Frame
    near: Tensor
    mean: float


@dataclass(frozen=True, slots=True)
class _Told:
    frame: Frame
    cues: Cues
    look: Look | None


def layered(frames: Iterator[Frame], context: ShotContext) -> Iterator[Layered]:
    """Each frame [3, H, W] with its map."""
    for window, middle in around(_told(frames, context), SIGHT):
        looks = [each.look for each in window if each.look is not None]
        number = window[middle].frame.number
        yield _layered(window, middle, followed(looks, number, _SMALLEST) if looks else [])


def _layered(window: Sequence[_Told], middle: int, faces: Sequence[Followed]) -> Layered:
    frame = window[middle].frame
    luma = frame.planes[0]
    said, weight = torch.zeros_like(window[middle].cues.said), torch.zeros_like(window[middle].cues.said)
    total = 0.0
    for step, nearness in zip(range(-_SIDE, _SIDE + 1), _NEAR, strict=True):
        if 0 <= middle + step < len(window):
            cues = window[middle + step].cues
            said, weight, total = said + nearness * cues.said, weight + nearness * cues.weight, total + nearness
    said, weight = said / total, weight / total
    for each in faces:
        own = figure(each.face, (luma.shape[0], luma.shape[1]), said) * (_FACE * each.strength)
        said, weight = said + own, weight + own
    near = _filled(luma, said, weight)
    fine = guided(luma, resize(near, luma.shape[1], luma.shape[0], "linear"), edge=_EDGE).clamp_(0, 1)
    # Of few points, which torch adds up in the same order on any number of threads.
    return Layered(frame, fine, float(near[::2, ::2].mean()))


def _filled(luma: Tensor, said: Tensor, weight: Tensor) -> Tensor:
    """[h, w] at the cues' raster. Where little is known, what is known around: both sums are smoothed along the
    picture's edges, then divided."""
    coarse = resize(luma, said.shape[1], said.shape[0], "linear")
    sums = torch.stack((said, weight))
    known = guided(coarse, sums, edge=_EDGE) + _FAR_AROUND * guided(coarse, sums, edge=_EDGE, radius=_WIDE)
    return (known[0] / known[1].clamp_min(0.02)).clamp(0, 1)


def _told(frames: Iterator[Frame], context: ShotContext) -> Iterator[_Told]:
    """What each moment says, with its neighbours; flows are found once for each pair."""
    found: dict[int, tuple[Tensor, Tensor]] = {}
    noise = context.noise_sigma[0]
    for window, middle in around(((frame, small(frame.planes[0])) for frame in frames), 1):
        (frame, luma), flows = window[middle], []
        if middle > 0:
            there, back = found.pop(frame.number)
            flows.append((back, there))
        if middle + 1 < len(window):
            after, beside = window[middle + 1]
            found[after.number] = estimate_both_ways(luma, beside, noise=noise / 4)
            flows.append(found[after.number])
        look = None
        if frame.number % EVERY == 0:
            look = frame.number, faces_in(frame.planes[0], float(context.pixel_aspect))
        yield _Told(frame, cues_of(frame.planes[0], flows, noise), look)
