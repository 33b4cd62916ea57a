"""The stage: what looks like dirt at first is filled for a draft; a second, sharper look at the drafts decides, and the
network `dirt` is heard.

Dirt in a frame or in its neighbours spoils the motion between them. So each frame that has suspects, and its
neighbours, are first mended as well as can be; between these drafts the motion is estimated anew, the frame as it came
is held against what its neighbours' drafts show, and what then still stands out, and is no picture, is filled.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute import windows
from restoration.engine.compute.motion import estimate
from restoration.engine.compute.regions import Values
from restoration.engine.compute.repeats import change, other_moments, repeated
from restoration.engine.frames import Frame
from restoration.engine.networks.segmenting import odds_of_dirt
from restoration.engine.repair.blotches import guards
from restoration.engine.repair.blotches.filling import better, feathered, filled, grown
from restoration.engine.repair.blotches.suspects import (
    TOO_MUCH,
    Around,
    Suspects,
    excess_of,
    handicaps,
    laid,
    light_between,
    limits_for,
    looks,
    regions_of,
    seen_further,
    suspects,
    threshold_for,
)
from restoration.engine.repair.blotches.tearing import tears
from restoration.engine.repair.blotches.witness import heard, put_together, rim
from restoration.engine.settings import BlotchesSettings
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage

REACH = 8  # Stored frames on each side: three other moments of a film that repeats two or three frames of each.
DRAFT = -1.5  # Odds from which on a region is left out of the drafts.
_SHARP = 0.25
_TORN = (0.35, 1.0)  # How much a tear counts, inside a shot and at its ends, where all others lie on one side.


def mend_blotches(settings: BlotchesSettings, context: ShotContext) -> Stage:
    """A stage that fills dust, dirt and snow; planes [3, H, W] in and out, numbers and size unchanged. Frames in which
    nothing is found, or too much, pass as they are."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not settings.enabled:
            yield from frames
            return
        workshop = _Workshop(settings, context)
        for window, middle in windows.around(frames, REACH):
            yield workshop.mended(window, middle)

    return stage


def evidence(settings: BlotchesSettings, context: ShotContext,
             frames: Iterator[Frame]) -> Iterator[tuple[int, Suspects, Tensor]]:
    """Of each frame in which something stands out its number, what does at the second look, and what the network is
    shown of it: for whoever trains it."""
    workshop = _Workshop(settings, context)
    for window, middle in windows.around(frames, REACH):
        seen = workshop.seen(window, middle)
        if seen is None:
            continue
        around, order = seen
        found, _, _ = workshop.second_look(around, order)
        if found.regions.count:
            yield around.here, found, workshop.shown(found, order)


class _Workshop:
    """Works on one shot; remembers flows, suspects and drafts as long as some frame to come may ask for them."""

    def __init__(self, settings: BlotchesSettings, context: ShotContext) -> None:
        self._context = context
        self._sigma = context.noise_sigma
        self._threshold = threshold_for(settings.sensitivity, context.noise_sigma[0])
        self._sensitivity = settings.sensitivity
        self._flows: dict[tuple[int, int], Tensor] = {}
        self._changes: dict[int, float] = {}
        self._found: dict[Around, tuple[Suspects, Values]] = {}
        self._drafts: dict[Around, Tensor] = {}
        self.planes: dict[int, Tensor] = {}

    def flow(self, there: int, *, here: int) -> Tensor:
        if (here, there) not in self._flows:
            self._flows[here, there] = estimate(self.planes[here][0], self.planes[there][0], finest=1)
        return self._flows[here, there]

    def mended(self, window: list[Frame], middle: int) -> Frame:
        frame, seen = window[middle], self.seen(window, middle)
        if seen is None:
            self._context.note(frame.number, _nothing(frame))
            return frame
        return self._decided(frame, *seen)

    def seen(self, window: list[Frame], middle: int) -> tuple[Around, Sequence[int]] | None:
        """The moments around one in which something may be dirt at the first look, and their order; else None."""
        self._turn_to(window)
        order = self._moments(window, middle)
        around = _around(order, window[middle].number)
        if not (around.before or around.after):
            return None
        found, odds = self._first_look(around)
        return (around, order) if (odds > DRAFT).any() and found.share <= TOO_MUCH else None

    def shown(self, found: Suspects, order: Sequence[int]) -> Tensor:
        """What the network is shown of a moment, [SEEN, H, W]."""
        around = found.around
        beside = [self._first_look(_around(order, side[0]))[0].excess if side else None
                  for side in (around.before, around.after)]
        return put_together(self.planes[around.here][0], found, seen_further(self, found), beside, self._sigma[0])

    def _decided(self, frame: Frame, around: Around, order: Sequence[int]) -> Frame:
        found, odds, views = self.second_look(around, order)
        if not found.regions.count:
            self._context.note(frame.number, _nothing(frame))
            return frame
        said = odds_of_dirt(self.shown(found, order))
        core = self._dirt(found, odds + heard(found.regions, said), around, order)
        if not core.any():
            self._context.note(frame.number, core)
            return frame
        away = (frame.planes - views.mean(0))[0].abs()
        mask = grown(core, away, max(0.012, 1.5 * self._sigma[0]), rim(said, away))
        share = float(mask.float().mean())
        if share > MOST_DAMAGED:
            self._context.note(frame.number, _nothing(frame))
            self._context.flag(frame.number, share)
            return frame
        self._context.note(frame.number, mask)
        return frame.with_planes(torch.where(mask, filled(frame.planes, views, mask, self._sigma), frame.planes))

    def _turn_to(self, window: list[Frame]) -> None:
        """Take up what is new and let go of what nobody will ask for again."""
        oldest = window[0].number
        for frame in window:
            self.planes.setdefault(frame.number, frame.planes)
        for held in (self.planes, self._changes):
            for number in [number for number in held if number < oldest]:
                del held[number]
        for pair in [pair for pair in self._flows if min(pair) < oldest]:
            del self._flows[pair]
        for kept in (self._found, self._drafts):
            for around in [around for around in kept if around.here < oldest]:
                del kept[around]

    def _moments(self, window: list[Frame], middle: int) -> list[int]:
        """Numbers of the frames to compare, one for each moment, with the middle one for its own."""
        numbers = [frame.number for frame in window]
        is_repeated = repeated([self._change(number) for number in numbers[:-1]])
        before, after = other_moments(is_repeated, middle, 4)
        return [*(numbers[index] for index in reversed(before)), numbers[middle], *(numbers[index] for index in after)]

    def _change(self, number: int) -> float:
        if number not in self._changes:
            self._changes[number] = change(self.planes[number][0], self.planes[number + 1][0])
        return self._changes[number]

    def _first_look(self, around: Around) -> tuple[Suspects, Values]:
        """What stands out of a moment, and the odds that it is dirt; none where too much does."""
        if around not in self._found:
            found = suspects(self, around, self._threshold)
            is_calm = found.regions.count > 0 and found.share < TOO_MUCH
            self._found[around] = found, looks(self, found) if is_calm else np.full(found.regions.count, -np.inf)
        return self._found[around]

    def _draft(self, around: Around) -> Tensor:
        """A moment without what may be dirt."""
        if around not in self._drafts:
            self._drafts[around] = self._drafted(around)
        return self._drafts[around]

    def _drafted(self, around: Around) -> Tensor:
        planes = self.planes[around.here]
        if not (around.before or around.after):
            return planes
        found, odds = self._first_look(around)
        likely = odds > DRAFT
        if not likely.any():
            return planes
        views = torch.stack([laid(planes, self.planes[steps[-1]], flow)
                             for steps, flow in zip(around.ways, found.flows, strict=True)])
        views = views.expand(2, -1, -1, -1)
        mask = grown(found.regions.mask(likely), (planes - views.mean(0))[0].abs(), max(0.02, 2 * self._sigma[0]))
        return feathered(planes, filled(planes, views, mask, self._sigma), mask)

    def second_look(self, around: Around, order: Sequence[int]) -> tuple[Suspects, Values, Tensor]:
        """What stands out of the moment as it came against its neighbours' drafts, the odds that it is dirt, and their
        planes laid on it."""
        now, draft = self.planes[around.here], self._draft(around)
        others = [self._draft(_around(order, steps[-1])) for steps in around.ways]
        flows = tuple(estimate(draft[0], other[0]) for other in others)
        moved = torch.stack([laid(draft, other, flow) for other, flow in zip(others, flows, strict=True)])
        still = torch.stack([other + light_between(draft, other) for other in others])
        views = better(draft[0], moved, still).expand(2, -1, -1, -1)
        excess = excess_of(now[0], views[:, 0], _SHARP)
        found = Suspects(around, regions_of(excess, self._threshold), excess, flows, views[:, 0])
        if not found.regions.count:
            return found, np.zeros(0), views
        away = (now[0] - found.views.mean(0)).abs()
        torn = tears(found.regions, away, [other[0] for other in others], flows)
        return found, looks(self, found) + _TORN[not around.is_inside] * torn, views

    def _dirt(self, found: Suspects, odds: Values, around: Around, order: Sequence[int]) -> Tensor:
        """The bool mask [H, W] of what is dirt."""
        first, company = self._first_look(around)
        limit = limits_for(self._sensitivity, found.regions, first.regions, company, is_inside=around.is_inside)
        likely, possible = odds > limit, odds + handicaps(found.regions) > limit
        if not likely.any() or (not around.is_inside and self._glitters_beside(around, order)):
            return guards.covered(found, np.zeros_like(likely))
        before, after = (self._specks(side, order) for side in (around.before, around.after))
        refused = guards.is_picture(found, likely, self.planes[around.here][0], before, after,
                                    strict=not around.is_inside)
        return guards.covered(found, possible & ~refused)

    def _glitters_beside(self, end: Around, order: Sequence[int]) -> bool:
        """Whether what stands out of the moment next to the last one of a shot is picture for the most part: the last
        moment by itself cannot tell."""
        around = _around(order, end.ways[0][0])
        found, odds = self._first_look(around)
        likely = odds > DRAFT
        if likely.sum() < 2:
            return False
        before, after = (self._specks(side, order) for side in (around.before, around.after))
        refused = guards.is_picture(found, likely, self.planes[around.here][0], before, after, strict=True)
        return bool(refused[likely].mean() > 0.3)

    def _specks(self, side: tuple[int, ...], order: Sequence[int]) -> guards.Specks | None:
        if not side:
            return None
        found, odds = self._first_look(_around(order, side[0]))
        return guards.specks(found, odds > guards.COUNTED)


def _around(order: Sequence[int], here: int) -> Around:
    """The two moments on each side of one of them."""
    place = list(order).index(here)
    return Around(here, tuple(reversed(order[max(0, place - 2):place])), tuple(order[place + 1:place + 3]))


def _nothing(frame: Frame) -> Tensor:
    return torch.zeros_like(frame.planes[0], dtype=torch.bool)
