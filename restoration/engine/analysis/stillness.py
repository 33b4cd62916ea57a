"""What stands that should not: frames shown twice, pictures that froze, frames that went black.

Asked of numbers that the analysis has of every frame: how much either field changed, how bright it is and how much
contrast it has. A recording that shows each picture so and so often keeps a rhythm and has no repeated frames; a
still picture shown on purpose never moves; stage lights go out for longer than a few frames.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from restoration.engine.facts import Still
from restoration.engine.specimen import Finding

REPEATED = 0.03  # Of the greatest change around, in energy: below it a frame repeats the one before.
# What coding may change in a frame that repeats, in energy: on real films up to 0.99/255, on any that moves above 1.8.
AS_GOOD_AS_NOTHING = (1 / 255) ** 2
AROUND = 5
LEAST_CHANGE = (1.2 / 255) ** 2  # Of either field, in energy: below it nothing around moves enough to tell.
RHYTHM = 0.8  # Share of the pictures shown equally often from which that is how the recording was made.
SHORTEST_FREEZE = 6
FROZEN = 0.002  # Of what usually changes, in energy.
MOVING = 0.3  # Share of a shot's frames that must move, for a standing stretch to be a fault.
DARK, EVEN = 0.035, 0.012
LIT = 0.07
LONGEST_GAP = 6  # Frames: what is black for longer is a lamp that is out.
WORST = 3


@dataclass
class Stillness:
    """The numbers of one shot, from its second frame on. changes: mean square of what changed, of the field that
    changed more; levels, contrasts: mean and standard deviation of luma, from the first frame on."""

    changes: list[float] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    contrasts: list[float] = field(default_factory=list)

    def add(self, change: float | None, level: float, contrast: float) -> None:
        """One frame; the change is not counted for the first, nor where it could not be measured."""
        self.changes.append(0.0 if change is None or not self.levels else change)
        self.levels.append(level)
        self.contrasts.append(contrast)

    def findings(self, rate: Fraction) -> Mapping[str, Finding]:
        """Repeated, frozen and black frames. `worst` counts from the shot's first frame."""
        repeats = self._repeats()
        return {**self._repeated(repeats), **self._frozen(repeats, rate), **self._black()}

    def seen(self) -> tuple[int, Still]:
        """How often each picture is shown, 1 where there is no rhythm; and whether the shot moves at all."""
        repeats = self._repeats()
        if all(level < DARK and contrast < EVEN for level, contrast in zip(self.levels, self.contrasts, strict=True)):
            return 1, "black"
        if len(self.changes) > AROUND and max(self.changes[1:]) < LEAST_CHANGE / 20:
            return 1, "still"
        return _rhythm(repeats), "moving"

    def _repeats(self) -> list[bool]:
        """Of each frame, whether it repeats the one before while the picture around it moves."""
        found = [False] * len(self.changes)
        for at in range(1, len(self.changes)):
            around = max(self.changes[max(1, at - AROUND):at + AROUND + 1])
            found[at] = around > LEAST_CHANGE and self.changes[at] < min(REPEATED * around, AS_GOOD_AS_NOTHING)
        return found

    def _repeated(self, repeats: Sequence[bool]) -> dict[str, Finding]:
        if _rhythm(repeats) > 1:
            return {}
        frozen = {at for start, end in self._standing() for at in range(start, end)}
        frames = [at for at, is_repeat in enumerate(repeats) if is_repeat and at not in frozen]
        if not frames or len(frames) > len(repeats) / 2:
            return {}
        return {"repeated frames": Finding(len(frames) / len(repeats), 0.7, worst=tuple(frames[:WORST]))}

    def _frozen(self, repeats: Sequence[bool], rate: Fraction) -> dict[str, Finding]:
        """The longest stretch that stands wholly still in a shot that moves. Its inner frames have nothing around them
        that moves, so they are told by the shot's own motion."""
        standing = self._standing()
        if _rhythm(repeats) > 1 or not standing:
            return {}
        start, end = max(standing, key=lambda run: run[1] - run[0])
        return {"frozen": Finding(float((end - start) / rate), 0.7, worst=(start, (start + end) // 2, end - 1))}

    def _standing(self) -> list[tuple[int, int]]:
        """Stretches without any change, of a shot that moves."""
        moving = sorted(change for change in self.changes[1:] if change > LEAST_CHANGE)
        if len(moving) < MOVING * len(self.changes):
            return []
        nothing = min(FROZEN * moving[len(moving) // 2], AS_GOOD_AS_NOTHING)
        stands = [at > 0 and change < nothing for at, change in enumerate(self.changes)]
        return [(start, end) for start, end in _runs(stands) if end - start >= SHORTEST_FREEZE]

    def _black(self) -> dict[str, Finding]:
        """Frames in gaps of the picture, short, and lit at once on both sides: no fade, no lamp."""
        is_black = [level < DARK and contrast < EVEN
                    for level, contrast in zip(self.levels, self.contrasts, strict=True)]
        gaps = [(start, end) for start, end in _runs(is_black) if end - start <= LONGEST_GAP
                and start > 0 and end < len(is_black) and self.levels[start - 1] > LIT and self.levels[end] > LIT]
        frames = [at for start, end in gaps for at in range(start, end)]
        return {"black frames": Finding(float(len(frames)), 0.7, worst=tuple(frames[:WORST]))} if frames else {}


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Half-open ranges of what is true."""
    found: list[tuple[int, int]] = []
    for at, is_set in enumerate(flags):
        if is_set and found and found[-1][1] == at:
            found[-1] = found[-1][0], at + 1
        elif is_set:
            found.append((at, at + 1))
    return found


def _rhythm(repeats: Sequence[bool]) -> int:
    """How often most pictures are shown, where most are shown equally often or nearly so: 12 a second at 30 go 2, 3."""
    starts = [at for at, is_repeat in enumerate(repeats) if not is_repeat]
    times = Counter(later - start for start, later in pairwise(starts[1:]))
    if times.total() < 4:
        return 1
    usual, _ = times.most_common(1)[0]
    near = max(times[usual] + times[usual + 1], times[usual] + times[usual - 1] if usual > 2 else 0)
    return usual if usual > 1 and near >= RHYTHM * times.total() else 1
