"""Lines of neighbouring moments that lie close are one track."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from restoration.engine.repair.scratches.lines import Line

LOOK = 6  # Moments on each side.
WANDER = 3  # Pixels that a scratch may move from moment to moment.
_SLANTED = 0.021  # Difference of slants of one line in two moments.
_SHARED = 0.5  # Of the rows of the shorter of two sights of one line.
_GAP = 3  # Moments in which a line may be missed.
_LEAST, _FEWEST = 0.6, 3  # Share of the moments of a track in which it must be seen, and how many at least.
_FAINTEST = 0.03


def _apart(one: Line, other: Line) -> float:
    """Columns between two lines, in the middle of the rows that both cross or that lie between them."""
    row = (max(one.top, other.top) + min(one.bottom, other.bottom)) / 2
    return abs(one.at(row) - other.at(row))


@dataclass(frozen=True, slots=True)
class Track:
    """The sights of one line, by the index of their moment, in order."""

    sights: dict[int, Line]

    @property
    def first(self) -> int:
        return next(iter(self.sights))

    @property
    def last(self) -> int:
        return next(reversed(self.sights))

    @property
    def is_lasting(self) -> bool:
        """Whether it is seen often and clearly enough to be believed."""
        return len(self.sights) >= max(_FEWEST, _LEAST * (self.last - self.first + 1)) and self.depth > _FAINTEST

    @property
    def depth(self) -> float:
        """How far it stands out, in the median of its sights."""
        return median(line.depth for line in self.sights.values())

    @property
    def length(self) -> float:
        """As a part of the height of the picture, in the median of its sights."""
        return median(line.length / line.height for line in self.sights.values())

    def at(self, index: int) -> Line:
        """The line of a moment between the first and the last, if need be between its neighbours in time."""
        if index in self.sights:
            return self.sights[index]
        before = max(each for each in self.sights if each < index)
        after = min(each for each in self.sights if each > index)
        one, other = self.sights[before], self.sights[after]
        share = (index - before) / (after - before)
        return replace(one, place=one.place + share * (other.place - one.place), top=min(one.top, other.top),
                       bottom=max(one.bottom, other.bottom))


def tracks(seen: Sequence[Sequence[Line]]) -> list[Track]:
    """The lines of consecutive moments joined, nearest first."""
    made: list[dict[int, Line]] = []
    for index, found in enumerate(seen):
        pairs = sorted((_apart(line, last), number, place)
                       for number, track in enumerate(made) for last, gap in [_latest(track, index)]
                       for place, line in enumerate(found)
                       if gap <= _GAP and _could_be(line, last) and _apart(line, last) <= WANDER * gap ** 0.5)
        taken: set[int] = set()
        for _, number, place in pairs:
            if place not in taken and index not in made[number]:
                made[number][index] = found[place]
                taken.add(place)
        made += [{index: line} for place, line in enumerate(found) if place not in taken]
    return [Track(sights) for sights in made]


def _could_be(one: Line, other: Line) -> bool:
    """Whether two lines may be the same one: alike, and for the most part in the same rows."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return (one.sign == other.sign and abs(one.slant - other.slant) < _SLANTED
            and shared >= _SHARED * min(one.length, other.length))


def _latest(track: dict[int, Line], index: int) -> tuple[Line, int]:
    last = next(reversed(track))
    return track[last], index - last
