"""Where one shot ends and the next begins, in one pass and bounded memory.

A cut changes the view between two frames for good. A flash or a strobe gives the view back; a lamp that turns another
colour leaves the structure; a camera torn round keeps the picture under a shift, or changes it for several frames on
end: none of them is a cut. Pictures that have nothing in common are shots however short, from three frames on: of
fewer, nobody can tell a montage from a falling camera. A dissolve goes the straight way from one picture to the other;
its shot begins in its middle. A fade goes through black; its shot begins with the first frame that is not black.
"""

from collections import deque
from collections.abc import Iterable
from typing import Literal

from restoration.engine.compute import sketches
from restoration.engine.compute.sketches import Sketch
from restoration.engine.facts import Shot

Transition = Literal["start", "cut", "dissolve", "fade"]

AHEAD = 8  # Frames to look ahead: longer than any flash.
MEMORY = 64
DISSOLVES = (6, 9, 13, 19, 28, 42)  # Frames between the last clean picture and the next.
SETTLED_AFTER = 50
SHORTEST = 5
OTHER_VIEW = 0.35  # Likeness of structure: cuts lie at 0.0 to 0.2, motion and light above 0.4.
SAME_VIEW = 0.42
SAME_PAN = 0.72
FARTHEST_OFF = (0.48, 0.51)  # Of the way between two pictures, for short dissolves and long: motion alone goes further.
LEAST_CHANGE = 0.3  # Difference as a share of the pictures' own brightness.


def begins_elsewhere(before: Sketch, after: Sketch) -> bool:
    """Whether the two show different views, whatever light or camera did between."""
    change = sketches.difference(before, after)
    brightness = max(before.level, after.level) + 0.02
    return (change > 0.012 and change > LEAST_CHANGE * min(brightness, 0.25)
            and sketches.likeness(before, after) < OTHER_VIEW
            and sketches.likeness_under_pan(before, after) < SAME_PAN)


class ShotFinder:
    """Takes sketches in display order; `boundaries` are (first frame, transition) of each shot found so far."""

    def __init__(self) -> None:
        self.boundaries: list[tuple[int, Transition]] = [(0, "start")]
        self.seen = 0
        self._kept: deque[Sketch] = deque(maxlen=MEMORY)
        self._changes: deque[float] = deque(maxlen=MEMORY)
        self._before_black: list[Sketch] = []
        self._black_end: int | None = None

    @property
    def settled(self) -> int:
        """Frames before this number belong to the shot they seem to belong to; nothing found later moves them."""
        return max(0, self.seen - SETTLED_AFTER)

    def push(self, sketch: Sketch) -> None:
        self._note_black(sketch)
        self._changes.append(sketches.difference(self._kept[-1], sketch) if self._kept else 0.0)
        self._kept.append(sketch)
        self.seen += 1
        self._look_for_cut(self.seen - AHEAD)
        if self.seen % 2 == 0:
            self._look_for_dissolve()
        if self._black_end is not None and self.seen - self._black_end >= 2 * AHEAD:
            self._leave_black()

    def finish(self) -> tuple[Shot, ...]:
        """All shots, half open, once the last frame was pushed."""
        for number in range(max(1, self.seen - AHEAD + 1), self.seen):
            self._look_for_cut(number)
        self._look_for_dissolve()
        if self._black_end is not None:
            self._leave_black()
        ends = [start for start, _ in self.boundaries[1:]] + [self.seen]
        return tuple(Shot(index=index, start=start, end=end, transition=transition)
                     for index, ((start, transition), end) in enumerate(zip(self.boundaries, ends, strict=True)))

    def _at(self, number: int) -> Sketch:
        return self._kept[number - self.seen]

    def _change_at(self, number: int) -> float:
        return self._changes[number - self.seen] if self._oldest < number < self.seen else 0.0

    @property
    def _oldest(self) -> int:
        return self.seen - len(self._kept)

    def _add(self, number: int, transition: Transition) -> None:
        last = self.boundaries[-1][0]
        is_short = number - last < SHORTEST and last > 0
        if not is_short or (number > last and self._is_beyond_doubt(last) and self._is_beyond_doubt(number)):
            self.boundaries.append((number, transition))

    def _is_beyond_doubt(self, number: int) -> bool:
        """Whether this frame and the one before it are pictures that have nothing in common."""
        return (self._oldest < number < self.seen
                and sketches.are_unrelated(self._at(number - 1), self._at(number)))

    # Cuts -------------------------------------------------------------------------------------------------------------

    def _look_for_cut(self, number: int) -> None:
        if number - 1 < self._oldest or number < 1:
            return
        before, after = self._at(number - 1), self._at(number)
        if before.is_black or after.is_black or not begins_elsewhere(before, after):
            return
        if not self._returns(number) and not self._is_in_a_burst(number):
            self._add(number, "cut")

    def _returns(self, number: int) -> bool:
        """Whether the view of before comes back within a flash's time, or has been there during the last one."""
        before = [self._at(past) for past in range(max(self._oldest, number - AHEAD, self.boundaries[-1][0]), number)]
        after = [self._at(later) for later in range(number, min(self.seen, number + AHEAD))]
        nearest = [(one, two) for one in (before[-1], *before[-2:-1]) for two in after]
        flashed = [(one, two) for one in reversed(before[:-1]) for two in after[:2]]
        return any(self._is_same(one, two) for one, two in (*nearest, *flashed))

    @staticmethod
    def _is_same(one: Sketch, two: Sketch) -> bool:
        return (not one.is_black and not two.is_black
                and (sketches.likeness(one, two) > SAME_VIEW or sketches.likeness_under_pan(one, two) > SAME_PAN))

    def _is_in_a_burst(self, number: int) -> bool:
        """Whether the frames around change nearly as much: a torn or a falling camera, an explosion of light, a tape
        that lost its tracking. A montage of one or two frames of each picture looks the same, and is taken for one."""
        beside = [self._change_at(near) for near in (number - 2, number - 1, number + 1, number + 2)]
        return sum(change > 0.5 * self._change_at(number) for change in beside) >= 2

    # Dissolves --------------------------------------------------------------------------------------------------------

    def _look_for_dissolve(self) -> None:
        for length in DISSOLVES:
            first = self.seen - length - 2
            if first < max(self._oldest, self.boundaries[-1][0]):
                return
            middle = self._middle_of_dissolve(first, length)
            if middle is not None:
                self._add(middle, "dissolve")
                return

    def _middle_of_dissolve(self, first: int, length: int) -> int | None:
        before, after = self._at(first), self._at(first + length + 1)
        if before.is_black or after.is_black or sketches.difference(before, after) < 0.06:
            return None
        between = [self._at(first + step) for step in range(1, length + 1)]
        shares, off = sketches.blend_of(between, before, after)
        straight = (shares - (shares.new_tensor(range(1, length + 1)) / (length + 1))).abs().max()
        steps, farthest = shares.diff(), FARTHEST_OFF[length > 10]
        if off > farthest or straight > 0.22 or steps.min() < -0.06 or steps.max() > 3.5 / (length + 1):
            return None
        inner = between[length // 5:length - length // 5]  # A pan may lose contrast at once, a mixture in its midst.
        if min(sketch.contrast for sketch in inner) > 0.93 * min(before.contrast, after.contrast):
            return None
        if not begins_elsewhere(before, after):
            return None
        return first + 1 + int((shares < 0.5).sum())

    # Fades ------------------------------------------------------------------------------------------------------------

    def _note_black(self, sketch: Sketch) -> None:
        was_black = bool(self._kept) and self._kept[-1].is_black
        if sketch.is_black and not was_black:
            if self._black_end is None:
                self._before_black = list(self._kept)[-3 * AHEAD:]
            self._black_end = None
        elif was_black and not sketch.is_black:
            self._black_end = self.seen

    def _leave_black(self) -> None:
        """Decide about black that ended a while ago: a change of shots, or lamps out for a moment."""
        end, before = self._black_end, self._before_black
        self._black_end = None
        if end is None or not before or end < self._oldest:
            return
        after = [self._at(number) for number in range(end, self.seen)]
        clearest = [max(run, key=lambda sketch: sketch.contrast) for run in (before, after)]
        if self._is_same(*clearest) or self._is_same(before[-1], after[0]):
            return
        self._add(end, "fade" if _is_gradual(before) or _is_gradual(after) else "cut")


def _is_gradual(run: list[Sketch]) -> bool:
    """Whether at least three frames lie between black and the run's clearest picture."""
    brightest = max(sketch.contrast for sketch in run)
    return sum(0.1 * brightest < sketch.contrast < 0.8 * brightest for sketch in run) >= 3


def detect(pictures: Iterable[Sketch]) -> tuple[Shot, ...]:
    """The shots of a whole reel from its sketches in display order; one shot covers it all where nothing changes."""
    finder = ShotFinder()
    for sketch in pictures:
        finder.push(sketch)
    return finder.finish()
