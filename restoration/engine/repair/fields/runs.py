"""Which fields are of one film frame: the likeliest way through the 2:3 rhythm.

Film is spread over fields as frames of two and of three in turn. The way through five states (first and second field of
two; first, second and third of three) is the one that costs least (Viterbi): fields that should fit but comb cost, as
does a third field that is not the first again; leaving the rhythm costs, as an edit of the tape does, and holds it
together where nothing moves. A way is found for the fields around one field alone, so that a part of a shot equals the
whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

AROUND = 12
# What the way is paid for: a pair that does not fit, at most; two frames of one length in a row; a frame cut short.
MOST = 5.0
UNEVEN = 2.5
CUT_SHORT = 6.0

Measured = Callable[[int], float | None]
_TWO, _TWO_LAST, _THREE, _THREE_MIDDLE, _THREE_LAST = range(5)
_PLACE = (0, 1, 0, 1, 2)
_LENGTH = (2, 2, 3, 3, 3)
# What each state costs to be reached from which.
_FROM: tuple[tuple[tuple[int, float], ...], ...] = (
    ((_THREE_LAST, 0.0), (_TWO_LAST, UNEVEN), (_TWO, CUT_SHORT), (_THREE, CUT_SHORT), (_THREE_MIDDLE, CUT_SHORT)),
    ((_TWO, 0.0),),
    ((_TWO_LAST, 0.0), (_THREE_LAST, UNEVEN), (_TWO, CUT_SHORT), (_THREE, CUT_SHORT), (_THREE_MIDDLE, CUT_SHORT)),
    ((_THREE, 0.0),),
    ((_THREE_MIDDLE, 0.0),),
)


@dataclass(frozen=True, slots=True)
class Run:
    """The fields first..stop-1 of one film frame, and twice the time of its middle in fields: the middle of the frame
    as the rhythm has it, also where the shot begins or ends within it."""

    first: int
    stop: int
    middle: int

    @property
    def is_whole(self) -> bool:
        return self.stop - self.first > 1

    def pair(self) -> int:
        """The first of the two fields to weave: those of one source frame, where there are two of one."""
        return next((at for at in range(self.first, self.stop - 1) if at % 2 == 0), self.first)


def runs_around(field: int, first: int, last: int, *, combing: Measured, change: Measured, doubt: float) -> list[Run]:
    """The film frames of the fields around one, within first..last. combing and change: as of `Pairs`; doubt: the share
    by which they may differ for no reason."""
    low, high = max(first, field - AROUND), min(last, field + AROUND)
    apart = _costs([combing(number) for number in range(low, high)], doubt)
    other = _costs([change(number) for number in range(low, high - 1)], doubt)
    return _runs(_way(low, high, apart, other), low)


def _costs(measures: list[float | None], doubt: float) -> list[float]:
    known = [measure for measure in measures if measure is not None]
    least = min(known, default=0.0)
    return [0.0 if measure is None else min(MOST, (measure - least) / doubt) for measure in measures]


def _way(low: int, high: int, apart: list[float], other: list[float]) -> list[int]:
    costs, steps = [0.0] * 5, []
    for place in range(1, high - low + 1):
        reached, step = [], []
        for state in range(5):
            before, cost = min(((before, costs[before] + price) for before, price in _FROM[state]),
                               key=lambda each: each[1])
            if _PLACE[state]:
                cost += apart[place - 1]
            if state == _THREE_LAST and place >= 2:
                cost += other[place - 2]
            reached.append(cost)
            step.append(before)
        costs = reached
        steps.append(step)
    way = [costs.index(min(costs))]
    for step in reversed(steps):
        way.append(step[way[-1]])
    return way[::-1]


def _runs(way: list[int], low: int) -> list[Run]:
    begins = [place for place, state in enumerate(way) if place == 0 or _PLACE[state] == 0]
    runs = []
    for start, stop in zip(begins, [*begins[1:], len(way)], strict=True):
        nominal, length = low + start - _PLACE[way[start]], _LENGTH[way[start]]
        is_cut_short = stop != len(way) and nominal + length != low + stop
        middle = 2 * low + start + stop if is_cut_short else 2 * nominal + length
        runs.append(Run(low + start, low + stop, middle))
    return runs


def shown(runs: list[Run], number: int, field: int) -> Run | None:
    """The film frame that a frame of the master shows, which is on for the five half fields from 5 * number: the one
    whose middle lies in that time, else the one with the field that is on in its middle, else the nearest. Of those
    with one field alone none, since a film frame shown twice is better than one half made up; None where there is no
    other within two film frames' time."""
    whole = [run for run in runs if run.is_whole]

    def distance(run: Run) -> tuple[int, int]:
        own = 5 * number <= run.middle < 5 * number + 5
        has = run.first <= field < run.stop
        return (0 if own else 1 if has else 2), abs(2 * run.middle - 10 * number - 5)

    best = min(whole, key=distance, default=None)
    return best if best is not None and distance(best)[1] <= 20 else None
