"""The stage: a drawn hole is filled with what the moments around show at that place of the scene.

From moment to moment the motion around a hole is carried into it, and along it what moves out from under the mask is
looked for further and further away. A second way is to stand. Where whole moments lie next to it on both sides, their
own motion is a third, on which each point lies straight between two of theirs, as in frame interpolation: it knows what
moves within the hole. At each place the way counts on which both sides agree best. What is fetched is fitted to the
light around, both sides are weighed by how well they fit there, and what no moment shows is spread in from the edge.
Then the texture that averaging took is given back.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from restoration.engine.compute.local import local_max
from restoration.engine.compute.motion import composed, confidence, estimate, estimate_both_ways, warp
from restoration.engine.compute.spreading import spread_in
from restoration.engine.compute.windows import around
from restoration.engine.frames import Frame
from restoration.engine.repair.retouch.blending import View, agreeing, blended, textured
from restoration.engine.repair.retouch.drawing import drawn
from restoration.engine.settings.retouching import Retouch
from restoration.engine.stage import ShotContext, Stage

FARTHEST = 12  # Moments to look for what a mask hides.
NEAREST = 4
MARGIN = 64  # Pixels around the mask that the motion is told from.
RIM, SURE = 4, 0.3
ROUNDS = 2  # Of telling the motion, where there are holes.
PAIR = 2  # Moments at most between two whole ones whose motion passes straight through.


def reach(shapes: Sequence[Retouch]) -> int:
    """As many moments as the longest retouch may have, up to twelve."""
    longest = max((2 * (shape.end - shape.start) for shape in shapes), default=-1)
    return min(FARTHEST, max(NEAREST, longest + 1)) if shapes else 0


def fill_in(shapes: Sequence[Retouch], context: ShotContext) -> Stage:
    """A stage that fills what was drawn; planes [3, H, W] in and out, numbers and size unchanged."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not shapes:
            yield from frames
            return
        desk = _Desk(shapes, context)
        for window, middle in around(frames, reach(shapes)):
            yield desk.mended(window, middle)

    return stage


# First row, row after the last, first column, column after the last.
Box = tuple[int, int, int, int]


class _Desk:
    """Works on one shot."""

    def __init__(self, shapes: Sequence[Retouch], context: ShotContext) -> None:
        self._shapes = tuple(shapes)
        self._context = context
        self._drawn: dict[tuple[Retouch, ...], Tensor] = {}
        self._parts: dict[tuple[int, Box], _Part] = {}

    def mended(self, window: list[Frame], middle: int) -> Frame:
        frame = window[middle]
        share = self._share(frame)
        if share is None or not bool((share > 0).any()):
            return frame
        box = _box(share > 0)
        self._forget(window[0].number)
        parts = [self._part(each, box) for each in window]
        fill = _filled(parts, middle, self._context, frame.number)
        top, bottom, left, right = box
        planes, near = frame.planes.clone(), share[top:bottom, left:right]
        own = parts[middle].planes
        planes[:, top:bottom, left:right] = torch.where(near > 0, own + near * (fill - own), own)
        self._context.note(frame.number, share > 0)
        return frame.with_planes(planes)

    def _share(self, frame: Frame) -> Tensor | None:
        """How much of each pixel is to be filled in this moment; None where nothing is."""
        shown_with = self._context.moments.shown_with
        shapes = tuple(shape for shape in self._shapes
                       if shown_with(shape.start).start <= frame.number < shown_with(shape.end - 1).stop)
        if not shapes:
            return None
        if shapes not in self._drawn:
            size = frame.planes.shape[2], frame.planes.shape[1]
            self._drawn = {shapes: drawn(shapes, size, self._context.pixel_aspect).to(frame.planes.device),
                           **dict(list(self._drawn.items())[:7])}
        return self._drawn[shapes]

    def _part(self, frame: Frame, box: Box) -> "_Part":
        if (frame.number, box) not in self._parts:
            top, bottom, left, right = box
            planes, share = frame.planes[:, top:bottom, left:right], self._share(frame)
            hole = torch.zeros_like(planes[0], dtype=torch.bool) if share is None else share[top:bottom, left:right] > 0
            self._parts[frame.number, box] = _Part(planes, hole)
        return self._parts[frame.number, box]

    def _forget(self, oldest: int) -> None:
        """Let go of what no frame to come will ask for."""
        self._parts = {key: part for key, part in self._parts.items() if key[0] >= oldest}


class _Part:
    """The window around the mask in one moment: planes [3, h, w], and the bool hole [h, w] that no one may use."""

    def __init__(self, planes: Tensor, hole: Tensor) -> None:
        self.planes, self.hole = planes, hole
        self.is_whole = not bool(hole.any())
        self.smooth = planes if self.is_whole else spread_in(planes, ~hole)
        self._ways: dict[int, Tensor] = {}

    def way_to(self, other: "_Part", step: int) -> Tensor:
        """The flow [2, h, w] to the next moment (step 1) or the one before (-1), carried in from around the holes."""
        if step not in self._ways:
            here, there = self.smooth[0], other.smooth[0]
            for _ in range(1 if self.is_whole and other.is_whole else ROUNDS):
                away, back = estimate_both_ways(here, there)
                hole = self.hole | other.hole
                self._ways[step], other._ways[-step] = _told(away, back, hole), _told(back, away, hole)
                here, there = self._seen(other, self._ways[step]), other._seen(self, other._ways[-step])
        return self._ways[step]

    def _seen(self, other: "_Part", flow: Tensor) -> Tensor:
        """Luma with the hole filled along a flow from another moment, where that is whole: a better picture to tell
        motion from than a hole that stands still."""
        hidden = warp(local_max(other.hole.to(flow.dtype)), flow) > 0
        return torch.where(self.hole & ~hidden, warp(other.planes[0], flow), self.smooth[0])


def _told(there: Tensor, back: Tensor, hole: Tensor) -> Tensor:
    """The flow as it is told outside the hole and its rim, and carried in from where it is sure."""
    if not bool(hole.any()):
        return there
    near = local_max(hole.to(there.dtype), RIM) > 0
    return spread_in(there, ~near & (confidence(there, back) > SURE))


def _box(mask: Tensor) -> Box:
    """The box of the mask with a margin, within the picture."""
    found: list[int] = []
    for side, size in ((1, mask.shape[0]), (0, mask.shape[1])):
        held = mask.any(side).nonzero()
        found += [max(0, int(held[0]) - MARGIN), min(size, int(held[-1]) + 1 + MARGIN)]
    return found[0], found[1], found[2], found[3]


def _filled(parts: Sequence[_Part], middle: int, context: ShotContext, number: int) -> Tensor:
    now = parts[middle]
    ways = [[view for step in (-1, 1) if (view := _uncovered(parts, middle, step, moves=moves))]
            for moves in (True, False)]
    sides = agreeing(now.planes, now.hole, (*ways, _passing(parts, middle)))
    fill, weights = blended(now.planes, now.smooth, now.hole, sides)
    dice = torch.Generator().manual_seed(context.seed * 100_003 + number)
    return textured(fill, sides, weights, context.noise_sigma, dice)


def _passing(parts: Sequence[_Part], middle: int) -> list[View]:
    """What the nearest whole moments on both sides show along their own motion; nothing where either is too far."""
    before = next((at for at in range(middle - 1, -1, -1) if parts[at].is_whole), None)
    after = next((at for at in range(middle + 1, len(parts)) if parts[at].is_whole), None)
    if before is None or after is None or after - before > PAIR:
        return []
    one, other = parts[before].planes, parts[after].planes
    there, back = estimate_both_ways(one[0], other[0])
    part = (middle - before) / (after - before)
    ahead, behind = _through(there, part), _through(back, 1 - part)
    views = [View(warp(one, behind, mode="bicubic"), torch.ones_like(one[0])),
             View(warp(other, ahead, mode="bicubic"), torch.ones_like(one[0]))]
    return _settled(parts, middle, (before, after), views)


def _through(flow: Tensor, part: float) -> Tensor:
    """Of the flow [2, h, w] between two moments, the rest of the way for each point of a moment at `part` of it."""
    passing = flow
    for _ in range(3):
        passing = warp(flow, -part * passing)
    return (1 - part) * passing


def _settled(parts: Sequence[_Part], middle: int, ends: tuple[int, int], views: list[View]) -> list[View]:
    """The same once more from a draft of the moment itself: what does not move evenly finds its place."""
    now = parts[middle]
    draft, _ = blended(now.planes, now.smooth, now.hole, views)
    whole = torch.where(now.hole, draft, now.planes)
    found = []
    for view, end in zip(views, ends, strict=True):
        fetched = warp(parts[end].planes, estimate(whole[0], parts[end].planes[0]), mode="bicubic")
        found.append(View(fetched, view.valid))
    return found


def _uncovered(parts: Sequence[_Part], middle: int, step: int, *, moves: bool) -> View | None:
    """What the moments on one side show of the hole, the nearest that shows a point first; None where nothing is.
    moves: along the motion; else as they lie."""
    now = parts[middle]
    planes, valid = torch.zeros_like(now.planes), torch.zeros_like(now.planes[0])
    flow: Tensor | None = None
    at = middle + step
    while 0 <= at < len(parts) and bool((valid[now.hole] < 1).any()):
        way = parts[at - step].way_to(parts[at], step) if moves else torch.zeros_like(now.planes[:2])
        flow = way if flow is None or not moves else composed(flow, way)
        shows = (warp(local_max(parts[at].hole.to(planes.dtype)), flow) <= 0) & (valid < 1)
        planes = torch.where(shows, warp(parts[at].planes, flow, mode="bicubic"), planes)
        valid = torch.where(shows, torch.ones_like(valid), valid)
        at += step
    return View(planes, valid) if bool(valid[now.hole].any()) else None
