"""The stage: faces are looked for, followed, fused and judged, a window of frames at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face, faces_in, knows_marks, shared
from restoration.engine.compute.rising import risen
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.faces.following import SIGHT
from restoration.engine.enhancement.faces.fusing import REACH as FUSED
from restoration.engine.enhancement.faces.fusing import Fused, fine, fused, steadied
from restoration.engine.enhancement.faces.judging import holds, is_as_steady, marks_hold
from restoration.engine.enhancement.faces.seeing import Place, Seen, mask_of, place_of, seen
from restoration.engine.frames import Frame
from restoration.engine.networks.brought.facing import facing_with
from restoration.engine.settings import FacesSettings
from restoration.engine.stage import ShotContext, Stage

_FADE = 2  # Moments in which a face that fails a gate fades to what it was, and back.
_DARK = (0.04, 0.10)
_SAME = 0.3


@dataclass(frozen=True, slots=True)
class _Piece:
    """One face of one moment: its place, what is to be added there, [h, w], and whether it holds the gates."""

    face: Face
    place: Place
    detail: Tensor
    holds: bool


@dataclass(frozen=True, slots=True)
class _Made:
    frame: Frame
    restored: Tensor  # Luma [H, W] with every piece added.
    pieces: tuple[_Piece, ...]


def reach(settings: FacesSettings) -> int:
    """How many frames on each side a frame is made of: a network of others looks at the faces of its neighbours too."""
    return settings.enabled * (SIGHT + 1 + _FADE + FUSED * settings.draws)


def restore_faces(settings: FacesSettings, context: ShotContext) -> Stage:
    """A stage that gives faces back what their sharpest neighbours show; planes [3, H, W] in and out. Colour, what is
    coarse and all that is no face stay bit for bit. context.noise_sigma: of the noise that is still in the frames.
    Raises WeightsError for a network of others that cannot have a part."""
    network = facing_with(settings.weights) if settings.draws and settings.weights and knows_marks() else None

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not (settings.enabled and settings.strength):
            yield from frames
            return
        moments = seen(frames, settings.smallest, float(context.pixel_aspect), network)
        for window, middle in around(_made(moments, settings, context), _FADE):
            yield _shown(window, middle)

    return stage


def _made(moments: Iterator[Seen], settings: FacesSettings, context: ShotContext) -> Iterator[_Made]:
    before: _Made | None = None
    for window, middle in around(moments, FUSED):
        before = _restored(window, middle, settings, context, before)
        yield before


def _restored(window: Sequence[Seen], middle: int, settings: FacesSettings, context: ShotContext,
              before: _Made | None) -> _Made:
    frame, found = window[middle].frame, window[middle].found
    luma = frame.planes[0]
    if not found:
        return _Made(frame, luma, ())
    restored, free, pieces = luma.clone(), torch.ones_like(luma), []
    for each in found:
        place = place_of(each.face, luma.shape)
        mask = mask_of(each.face, place, luma) * free[place]
        free[place] -= mask
        made = fused([each.frame.planes[0][place] for each in window], middle, context.noise_sigma[0])
        weight = mask * _lit(luma[place]) * (each.strength * settings.strength)
        detail = _detail(made, window, middle, place, settings.natural).mul_(weight)
        piece = _Piece(each.face, place, detail, holds=True)
        restored[place] += piece.detail
        pieces.append((piece, mask, made))
    fit = [replace(piece, holds=_is_fit(piece, mask, made, window, middle, restored, before))
           for piece, mask, made in pieces]
    return _Made(frame, restored, tuple(_found_again(fit, luma, restored, float(context.pixel_aspect))))


def _detail(made: Fused, window: Sequence[Seen], middle: int, place: Place, natural: float) -> Tensor:
    """What to add to a place, with a share of what a network of others adds."""
    detail = fine(made.detail)
    of_others = [each.drawn[place] for each in window if each.drawn is not None]
    if of_others:
        detail.add_(steadied(of_others, middle, made.ways), alpha=natural)
    return detail


def _found_again(pieces: Sequence[_Piece], luma: Tensor, restored: Tensor, pixel_aspect: float) -> Iterator[_Piece]:
    """Whoever knows the marks of a face is asked for them before and after."""
    is_asked = knows_marks() and any(piece.holds for piece in pieces)
    before, after = (faces_in(each, pixel_aspect) if is_asked else () for each in (luma, restored))
    for piece in pieces:
        yield replace(piece, holds=piece.holds and marks_hold(piece.face, before, after))


def _is_fit(piece: _Piece, mask: Tensor, made: Fused, window: Sequence[Seen], middle: int, restored: Tensor,
            before: _Made | None) -> bool:
    place = piece.place
    lumas = [each.frame.planes[0][place] for each in window]
    own, (top, left) = lumas.pop(middle), (place[0].start, place[1].start)
    marks = [(x - left, y - top) for x, y in piece.face.marks or _grid(piece.face)]
    if not holds(own, restored[place], mask, marks):
        return False
    if before is None or made.back is None:
        return True
    around = [(luma, way) for luma, (way, _) in zip(lumas, made.ways, strict=True)]
    return is_as_steady((own, restored[place]), (before.frame.planes[0][place], before.restored[place]), made.back,
                        mask, around)


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


def _lit(luma: Tensor) -> Tensor:
    """Nothing is added to what is nearly black."""
    return risen((luma - _DARK[0]) / (_DARK[1] - _DARK[0]))


def _grid(face: Face) -> list[tuple[float, float]]:
    """Places to hold still in a face of which no marks are known."""
    return [(face.x + across * face.across, face.y + down * face.down)
            for down in (-0.4, 0.0, 0.4) for across in (-0.4, 0.0, 0.4)]
