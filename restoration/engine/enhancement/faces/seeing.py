"""Where the faces of each moment are, and what a network of others, where one is asked, would add to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face, faces_in
from restoration.engine.compute.rising import risen
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.faces.drawing import Place, drawn
from restoration.engine.enhancement.faces.following import EVERY, SIGHT, Followed, Look, followed
from restoration.engine.frames import Frame
from restoration.engine.networks.brought.facing import Facing

__all__ = ["Place", "Seen", "mask_of", "place_of", "seen"]

_MARGIN, _SPARE = 1.25, 12
_FEATHER = (0.70, 1.0)  # Of the ellipse.


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment, the faces in it, the largest first, and what a network would add to them all, [H, W]."""

    frame: Frame
    found: Sequence[Followed]
    drawn: Tensor | None


def seen(frames: Iterator[Frame], smallest: float, pixel_aspect: float, network: Facing | None) -> Iterator[Seen]:
    """smallest: the lines that a face has at least."""
    for window, middle in around(_looked_at(frames, pixel_aspect), SIGHT):
        frame = window[middle][0]
        found = followed([look for _, look in window if look is not None], frame.number, smallest)
        yield Seen(frame, found, None if network is None else _drawn(frame, found, network, pixel_aspect))


def place_of(face: Face, shape: torch.Size) -> Place:
    """Where a face is in a plane of that shape, with room around it."""
    down, across = _MARGIN * face.down + _SPARE, _MARGIN * face.across + _SPARE
    return (slice(max(0, round(face.y - down)), min(shape[0], round(face.y + down))),
            slice(max(0, round(face.x - across)), min(shape[1], round(face.x + across))))


def mask_of(face: Face, place: Place, like: Tensor) -> Tensor:
    """1 in the face, 0 outside, [h, w] of the place."""
    y = torch.arange(place[0].start, place[0].stop, device=like.device, dtype=like.dtype)[:, None]
    x = torch.arange(place[1].start, place[1].stop, device=like.device, dtype=like.dtype)
    away = (((x - face.x) / face.across).square() + ((y - face.y) / face.down).square()).sqrt_()
    return risen((_FEATHER[1] - away) / (_FEATHER[1] - _FEATHER[0]))


def _looked_at(frames: Iterator[Frame], pixel_aspect: float) -> Iterator[tuple[Frame, Look | None]]:
    for frame in frames:
        look = None
        if frame.number % EVERY == 0:
            look = frame.number, faces_in(frame.planes[0], pixel_aspect)
        yield frame, look


def _drawn(frame: Frame, found: Sequence[Followed], network: Facing, pixel_aspect: float) -> Tensor:
    """Where two faces lie over each other, the larger is in front."""
    made, free = torch.zeros_like(frame.planes[0]), torch.ones_like(frame.planes[0], dtype=torch.bool)
    for each in found:
        place = place_of(each.face, made.shape)
        added = drawn(frame, each.face, place, network, pixel_aspect)
        if added is not None:
            made[place] = torch.where(free[place], added, made[place])
            free[place] &= mask_of(each.face, place, made) == 0
    return made
