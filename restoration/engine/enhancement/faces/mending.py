"""The stage: faces are looked for, followed, fused and judged, a window of frames at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face, faces_in, knows_marks, shared
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.faces.following import EVERY, SIGHT, Followed, Look, followed
from restoration.engine.enhancement.faces.fusing import REACH as FUSED
from restoration.engine.enhancement.faces.fusing import fine, fused
from restoration.engine.enhancement.faces.judging import holds, is_as_steady, marks_hold
from restoration.engine.frames import Frame
from restoration.engine.settings import FacesSettings
from restoration.engine.stage import ShotContext, Stage

_FADE = 2  # Moments in which a face that fails a gate fades to what it was, and back.
REACH = SIGHT + 1 + _FADE
_MARGIN, _SPARE = 1.25, 12
_FEATHER = (0.70, 1.0)  # Of the ellipse.
_DARK = (0.04, 0.10)
_SAME = 0.3


@dataclass(frozen=True, slots=True)
class _Piece:
    """One face of one moment: its place, what is to be added there, [h, w], and whether it holds the gates."""

    face: Face
    place: tuple[slice, slice]
    detail: Tensor
    holds: bool


@dataclass(frozen=True, slots=True)
class _Made:
    frame: Frame
    restored: Tensor  # Luma [H, W] with every piece added.
    pieces: tuple[_Piece, ...]


def restore_faces(settings: FacesSettings, context: ShotContext) -> Stage:
    """A stage that gives faces back what their sharpest neighbours show; planes [3, H, W] in and out. Colour, what is
    coarse and all that is no face stay bit for bit. context.noise_sigma: of the noise that is still in the frames."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not (settings.enabled and settings.strength):
            yield from frames
            return
        for window, middle in around(_made(frames, settings, context), _FADE):
            yield _shown(window, middle)

    return stage


def _looked_at(frames: Iterator[Frame], context: ShotContext) -> Iterator[tuple[Frame, Look | None]]:
    for frame in frames:
        look = None
        if frame.number % EVERY == 0:
            look = frame.number, faces_in(frame.planes[0], float(context.pixel_aspect))
        yield frame, look


def _made(frames: Iterator[Frame], settings: FacesSettings, context: ShotContext) -> Iterator[_Made]:
    before: _Made | None = None
    for window, middle in around(_looked_at(frames, context), SIGHT):
        frame = window[middle][0]
        found = followed([look for _, look in window if look is not None], frame.number, settings.smallest)
        near = [each.planes[0] for each, _ in window[max(0, middle - FUSED):middle + FUSED + 1]]
        before = _restored(frame, near, min(middle, FUSED), found, settings, context, before)
        yield before


def _restored(frame: Frame, near: Sequence[Tensor], middle: int, found: Sequence[Followed], settings: FacesSettings,
              context: ShotContext, before: _Made | None) -> _Made:
    luma = frame.planes[0]
    if not found:
        return _Made(frame, luma, ())
    restored, free, drawn = luma.clone(), torch.ones_like(luma), []
    for each in found:
        place = _place(each.face, luma.shape)
        mask = _mask(each.face, place, luma) * free[place]
        free[place] -= mask
        made = fused([other[place] for other in near], middle, context.noise_sigma[0])
        weight = mask * _lit(luma[place]) * (each.strength * settings.strength)
        piece = _Piece(each.face, place, fine(made.detail).mul_(weight), holds=True)
        restored[place] += piece.detail
        drawn.append((piece, mask, made.back))
    fit = [replace(piece, holds=_is_fit(piece, mask, back, luma, restored, before)) for piece, mask, back in drawn]
    return _Made(frame, restored, tuple(_found_again(fit, luma, restored, float(context.pixel_aspect))))


def _found_again(pieces: Sequence[_Piece], luma: Tensor, restored: Tensor, pixel_aspect: float) -> Iterator[_Piece]:
    """Whoever knows the marks of a face is asked for them before and after."""
    is_asked = knows_marks() and any(piece.holds for piece in pieces)
    before, after = (faces_in(each, pixel_aspect) if is_asked else () for each in (luma, restored))
    for piece in pieces:
        yield replace(piece, holds=piece.holds and marks_hold(piece.face, before, after))


def _is_fit(piece: _Piece, mask: Tensor, back: Tensor | None, luma: Tensor, restored: Tensor,
            before: _Made | None) -> bool:
    place = piece.place
    top, left = place[0].start, place[1].start
    marks = [(x - left, y - top) for x, y in piece.face.marks or _grid(piece.face)]
    if not holds(luma[place], restored[place], mask, marks):
        return False
    if before is None or back is None:
        return True
    return is_as_steady((luma[place], restored[place]), (before.frame.planes[0][place], before.restored[place]), back,
                        mask)


def _shown(window: Sequence[_Made], middle: int) -> Frame:
    """The frame with the pieces that hold, each fading towards moments where it does not."""
    made = window[middle]
    shares = [_share(piece, window, middle) for piece in made.pieces]
    if not any(shares):
        return made.frame
    planes = made.frame.planes.clone()
    for piece, share in zip(made.pieces, shares, strict=True):
        planes[0][piece.place] += share * piece.detail
    return made.frame.with_planes(planes)


def _share(piece: _Piece, window: Sequence[_Made], middle: int) -> float:
    if not piece.holds:
        return 0.0
    away = [abs(index - middle) for index, made in enumerate(window) for other in made.pieces
            if not other.holds and shared(other.face, piece.face) > _SAME]
    return min(away, default=_FADE + 1) / (_FADE + 1)


def _place(face: Face, shape: torch.Size) -> tuple[slice, slice]:
    """Where a face is, with room around it."""
    down, across = _MARGIN * face.down + _SPARE, _MARGIN * face.across + _SPARE
    return (slice(max(0, round(face.y - down)), min(shape[0], round(face.y + down))),
            slice(max(0, round(face.x - across)), min(shape[1], round(face.x + across))))


def _mask(face: Face, place: tuple[slice, slice], luma: Tensor) -> Tensor:
    y = torch.arange(place[0].start, place[0].stop, device=luma.device, dtype=luma.dtype)[:, None]
    x = torch.arange(place[1].start, place[1].stop, device=luma.device, dtype=luma.dtype)
    away = (((x - face.x) / face.across).square() + ((y - face.y) / face.down).square()).sqrt_()
    return _smooth((_FEATHER[1] - away) / (_FEATHER[1] - _FEATHER[0]))


def _lit(luma: Tensor) -> Tensor:
    """Nothing is added to what is nearly black."""
    return _smooth((luma - _DARK[0]) / (_DARK[1] - _DARK[0]))


def _smooth(part: Tensor) -> Tensor:
    part = part.clamp(0, 1)
    return part * part * (3 - 2 * part)


def _grid(face: Face) -> list[tuple[float, float]]:
    """Places to hold still in a face of which no marks are known."""
    return [(face.x + across * face.across, face.y + down * face.down)
            for down in (-0.4, 0.0, 0.4) for across in (-0.4, 0.0, 0.4)]
