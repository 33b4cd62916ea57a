"""Moments or fields, and which field came first: measured in the picture, because flags lie.

A weave is two fields put together as lines of one frame. Where something moved between the two, the weave combs, the
more the further apart they were recorded. So three weaves tell it all: a frame's own two fields, its bottom with the
next frame's top, its top with the next frame's bottom. Whole moments comb in the last two alike and not in the first.
Fields recorded top first comb least in the second, bottom first in the third, and as much within a frame. Standing
detail and noise are the same in all three and fall out of the differences. Telecined film repeats one field every
five frames, two frames later the other.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

import torch
from torch import Tensor

from restoration.engine.facts import Scan

Order = Literal["tff", "bff"]

WORKING_COLUMNS = 180
CAP = 0.25**2  # One hard edge must not outweigh a picture.
COMB = (15 / 255) ** 2  # Product of both steps of a line against its neighbours that the eye takes for combing.
ROUNDING = 1e-6  # Energy below which 8-bit rounding is all there is.
PERIOD = 5
STRETCH = 3 * PERIOD
SURE = 4.0  # Standard errors.
LEAST_MOTION = 0.03  # Of a frame's whole combing energy; compression alone can do less than that.


@dataclass(frozen=True, slots=True)
class FieldMeasure:
    """One frame and the one before it. Energies are mean squares on the 0..1 luma scale.

    within, across_bottom_top, across_top_bottom: combing of the former frame's own fields, of its bottom with this
    frame's top, of its top with this frame's bottom; top, bottom: change of each field; combed: share of this frame's
    pixels that comb visibly.
    """

    within: float
    across_bottom_top: float
    across_top_bottom: float
    top: float
    bottom: float
    combed: float

    @property
    def motion(self) -> float:
        """How much more the frames comb across than within, as a share of all combing."""
        across = (self.across_bottom_top + self.across_top_bottom) / 2
        return (across - self.within) / (across + ROUNDING)

    @property
    def order(self) -> float:
        """1 for fields of two moments, top first; -1 for bottom first; 0 for whole moments; all times `motion`."""
        across = (self.across_bottom_top + self.across_top_bottom) / 2
        return (self.across_top_bottom - self.across_bottom_top) / 2 / (across + ROUNDING)

    @property
    def lean(self) -> float:
        """-1 where only the bottom field changed, 1 where only the top did; 0 where both did alike."""
        return (self.top - self.bottom) / (self.top + self.bottom + ROUNDING)


@dataclass(frozen=True, slots=True)
class Verdict:
    """scan is None where nothing moved enough to tell; confidence 0..1; weight: the frames it rests on."""

    scan: Scan | None
    order: Order | None = None
    confidence: float = 0.0
    weight: int = 0


class FieldMeter:
    """Turns luma planes, float [H, W] in display order, into measures: one for each frame but the first."""

    def __init__(self) -> None:
        self._top: Tensor | None = None
        self._bottom: Tensor | None = None
        self._within = 0.0

    def observe(self, luma: Tensor) -> FieldMeasure | None:
        """The measure against the frame before; None for the first frame, and where a frame has under four lines."""
        small = _narrowed(luma)
        top, bottom = small[0::2], small[1::2]
        if len(top) < 3 or small.shape[1] < 4:
            return None
        within, before_top, before_bottom, before_within = _combing(top, bottom), self._top, self._bottom, self._within
        self._top, self._bottom, self._within = top, bottom, within
        if before_top is None or before_bottom is None or before_top.shape != top.shape:
            return None
        return FieldMeasure(before_within, _combing(top, before_bottom), _combing(before_top, bottom),
                            _change(top, before_top), _change(bottom, before_bottom), _combed_share(top, bottom))


def _narrowed(luma: Tensor) -> Tensor:
    """An even number of lines, as they are; columns averaged, which calms noise, not combing, and keeps
    fast motion in reach."""
    luma = luma[:luma.shape[0] // 2 * 2]
    share = max(luma.shape[1] // WORKING_COLUMNS, min(4, luma.shape[1] // 16), 1)
    columns = luma.shape[1] // share * share
    return luma[:, :columns].reshape(luma.shape[0], -1, share) @ luma.new_full((share,), 1 / share)


def _combing(top: Tensor, bottom: Tensor) -> float:
    """Second difference across three lines of the weave, less its mean along the line: light that changes between
    two fields lifts whole lines and is no motion."""
    bend = (top[:-1] + top[1:]).sub_(bottom[:-1], alpha=2)
    return float((bend[:, 1:] - bend[:, :-1]).square_().clamp_(max=CAP).mean())


def _change(now: Tensor, before: Tensor) -> float:
    return float((now - before).square_().clamp_(max=CAP).mean())


def _combed_share(top: Tensor, bottom: Tensor) -> float:
    product = (top[:-1] - bottom[:-1]).mul_(top[1:] - bottom[:-1])
    return float((product > COMB).float().mean())


@dataclass
class Tally:
    """What the measures of one shot, or of any run of frames, add up to, in bounded memory. Leave out the pair that
    spans a cut."""

    rhythm: Counter[Order] = field(default_factory=Counter)
    pairs: int = 0
    stretches: int = 0
    _order: float = 0.0
    _motion: float = 0.0
    _motion_squared: float = 0.0
    _leans: deque[float] = field(default_factory=lambda: deque(maxlen=STRETCH))

    def add(self, measure: FieldMeasure) -> None:
        self.pairs += 1
        self._order += measure.order
        self._motion += measure.motion
        self._motion_squared += measure.motion**2
        self._leans.append(measure.lean)
        if len(self._leans) == STRETCH:
            self.stretches += 1
            if order := _pulldown(list(self._leans)):
                self.rhythm[order] += 1

    def verdict(self) -> Verdict:
        """Telecined where stretches of 15 frames keep the rhythm; else by how one-sided the combing across frames is:
        wholly for fields, not at all for whole moments, between the two for a mixture."""
        kept = self.rhythm.total()
        if kept >= 3 and kept >= 0.15 * self.stretches:
            order: Order = "tff" if self.rhythm["tff"] >= self.rhythm["bff"] else "bff"
            return Verdict("telecined", order, self.rhythm[order] / kept, self.pairs)
        if self.pairs < 2 or not self._has_moved():
            return Verdict(None)
        one_sided = self._order / self._motion
        order = "tff" if one_sided > 0 else "bff"
        if abs(one_sided) >= 0.65:
            return Verdict("interlaced", order, min(abs(one_sided), 1.0), self.pairs)
        if abs(one_sided) <= 0.2:
            return Verdict("progressive", None, 1 - abs(one_sided), self.pairs)
        return Verdict("mixed", order, 0.5, self.pairs)

    def _has_moved(self) -> bool:
        mean = self._motion / self.pairs
        spread = sqrt(max(self._motion_squared / self.pairs - mean**2, 0) / (self.pairs - 1))
        return mean > LEAST_MOTION and mean > SURE * spread


def _pulldown(leans: list[float]) -> Order | None:
    """The order of the 2:3 rhythm in 15 frames, at any of its five phases; None where there is none."""
    series = torch.tensor(leans).reshape(-1, PERIOD)
    mean = series.mean(0)
    error = float((series - mean).square().sum() / (2 * PERIOD)) ** 0.5 / sqrt(STRETCH / PERIOD)
    # Where the top field is repeated only the bottom changes, and the lean is negative.
    top_repeats, bottom_repeats = int(mean.argmin()), int(mean.argmax())
    strength = float(min(-mean[top_repeats], mean[bottom_repeats]))
    rest = [abs(float(mean[place])) for place in range(PERIOD) if place not in (top_repeats, bottom_repeats)]
    if strength < 0.1 or strength < SURE * error or max(rest) > 0.6 * strength:
        return None
    distance = (bottom_repeats - top_repeats) % PERIOD
    return {2: "tff", 3: "bff"}.get(distance)  # type: ignore[return-value]


def of_reel(shots: Iterable[Verdict]) -> Verdict:
    """What holds for the whole reel: what nine in ten frames of its shots say, else mixed. Shots that could not tell
    have no say."""
    weights: Counter[Scan] = Counter()
    orders: Counter[Order] = Counter()
    for verdict in shots:
        if verdict.scan:
            weights[verdict.scan] += verdict.weight
        if verdict.order:
            orders[verdict.order] += verdict.weight
    if not weights:
        return Verdict(None)
    scan, most = weights.most_common(1)[0]
    total = weights.total()
    if most < 0.9 * total:
        scan = "mixed"
    order = orders.most_common(1)[0][0] if orders and scan != "progressive" else None
    return Verdict(scan, order, most / total, total)


def detect(lumas: Iterable[Tensor]) -> Verdict:
    """The verdict over luma planes, float [H, W] on the 0..1 scale, of one shot in display order."""
    meter, tally = FieldMeter(), Tally()
    for luma in lumas:
        if measure := meter.observe(luma):
            tally.add(measure)
    return tally.verdict()
