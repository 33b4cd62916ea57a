"""Trembling lines: what is left of a tape's time base, each line a little early or late on its own.

Method: every line of a field is laid on the mean of the three above and below it by least squares on its slopes, from
coarse to fine, in a dozen stretches. A line that lies beside its neighbours does so in all of them; where they disagree
it is the picture that differs, and their spread is the doubt. What the same lines of the frames before and after say as
well is picture too, since a tape trembles anew each time, and so is what the other field says of the lines between: the
best linear estimate of what is the line's own follows from how far fields agree. Slow bends are picture as far as
anyone can tell, and stay. Where the doubt is as large as the jitter nothing is moved.

Each output needs one frame before and after it (`REACH`), never beyond those it is given.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import sqrt

import torch
from torch import Tensor

from restoration.engine.compute.lines import between, each_moved
from restoration.engine.compute.local import mean_around
from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import LineJitterSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

REACH = 1
_STRETCHES = 12
_MARGIN = 8
_ROUNDS = (4, 2, 1, 1)  # Radius of the smoothing along lines, from coarse to fine.
_SLOPE = 2e-6  # Mean square of slopes below which a stretch says nothing.
_LEAST = 0.08  # Pixels of jitter that are worth a new sampling.
_OWN = 0.1  # Of what lines seem to be off, how much must be their own.
_BEND = 6
_GAINED = 0.7, 0.45  # Of what straight lines would gain, how much must be gained; less by so much of the share.
_SEEN = 0.03  # Pixels.


@dataclass(frozen=True, slots=True)
class _Lines:
    """delays [h] in pixels, positive where a line lies too far to the right; doubt [h]: their variance."""

    delays: Tensor
    doubt: Tensor


@dataclass(frozen=True, slots=True)
class _Jitter:
    """own [h]: what a field's lines are off by themselves; size: its true standard deviation; share: of all they seem
    to be off."""

    own: Tensor
    size: float
    share: float

    @property
    def is_there(self) -> bool:
        return self.size > _LEAST and self.share > _OWN


def straighten(settings: LineJitterSettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W]; a line that seems further off than `settings.largest` is left where it is."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        held: deque[tuple[Frame, tuple[_Lines, _Lines]] | None] = deque([None], maxlen=3)
        for entering in chain(((frame, _both(frame.planes)) for frame in frames), [None]):
            held.append(entering)
            if len(held) == 3 and held[1] is not None:
                frame, now = held[1]
                around = [each[1] for each in (held[0], held[2]) if each]
                planes, mask = _straight(frame.planes, now, around, settings.largest)
                context.note(frame.number, mask)
                yield frame.with_planes(planes) if bool(mask.any()) else frame

    return stage


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """How far lines lie beside their neighbours, as a standard deviation in pixels; whole frames are not asked."""
    if specimen.order is None or not specimen.has_both_sides:
        return {}
    before, now, after = (_lines(planes[0]) for planes in specimen.planes[specimen.middle - 1:specimen.middle + 2])
    found = _jitter(now, [before, after])
    is_there = found.is_there and _is_straighter(specimen.now[0], found)
    return {"line jitter": Finding(found.size if is_there else 0.0, 0.9)}


def _both(planes: Tensor) -> tuple[_Lines, _Lines]:
    height = planes.shape[1] // 2 * 2
    return _lines(planes[0, 0:height:2]), _lines(planes[0, 1:height:2])


def _straight(planes: Tensor, now: tuple[_Lines, _Lines], around: list[tuple[_Lines, _Lines]],
              largest: float) -> tuple[Tensor, Tensor]:
    height = planes.shape[1] // 2 * 2
    mask = torch.zeros(planes.shape[1:], dtype=torch.bool, device=planes.device)
    straight = planes.clone()
    for parity in (0, 1):
        lines = planes[:, parity:height:2]
        beside = between(now[1 - parity].delays[:, None], parity)[:, 0]
        found = _jitter(now[parity], [each[parity] for each in around], beside)
        if found.is_there and _is_straighter(lines[0], found):
            moved = (found.own.abs() > _SEEN) & (found.own.abs() <= largest)
            straight[:, parity:height:2] = torch.where(moved[:, None], each_moved(lines, -found.own), lines)
            mask[parity:height:2] = moved[:, None]
    return straight, mask


def _jitter(now: _Lines, around: list[_Lines], beside: Tensor | None = None) -> _Jitter:
    """The best linear estimate of what is a line's own: a times its delay less what the mean of the frames around and
    the other field of the same frame, `beside` [h], tell of it."""
    total, doubt = float(now.delays.square().mean()), float(now.doubt.mean())
    told = [torch.stack([each.delays for each in around]).mean(0)] if around else []
    common = _explained(now.delays, told + ([] if beside is None else [beside]))
    rest = now.delays - common
    left = float(rest.square().mean())
    own = max(0.0, left - doubt)
    settled = (own + 1e-9) / (own + 1e-9 + (now.doubt - doubt).clamp(min=0))
    return _Jitter(min(1.0, own / max(left, 1e-9)) * rest * settled, sqrt(own), own / max(total, 1e-9))


def _explained(delays: Tensor, told: list[Tensor]) -> Tensor:
    """What least squares makes of delays [h] from others, one after the other, each from what those before it leave.
    They may be like them or the opposite, as picture that moves up or down is."""
    made, bases = torch.zeros_like(delays), list[Tensor]()
    for one in told:
        for base in bases:
            one = one - _onto(one, base)
        bases.append(one)
        made = made + _onto(delays, one)
    return made


def _onto(delays: Tensor, base: Tensor) -> Tensor:
    return base * ((delays * base).sum() / base.square().sum().clamp(min=1e-9))


def _lines(luma: Tensor) -> _Lines:
    """The delays of a field's lines, from luma [h, W]."""
    delays = torch.zeros(luma.shape[0], device=luma.device)
    doubt = delays
    if luma.shape[0] < _BEND or luma.shape[1] < 2 * _MARGIN + 4 * _STRETCHES:
        return _Lines(delays, doubt)
    for radius in _ROUNDS:
        moved = each_moved(luma[None], -delays)[0] if bool(delays.any()) else luma
        soft = mean_around(moved, x=radius, y=0)
        further, doubt = _beside(soft)
        delays = _without_bends(delays + further)
    return _Lines(delays, doubt)


def _beside(lines: Tensor) -> tuple[Tensor, Tensor]:
    """How far to the right of its neighbours each line lies, [h], by what most stretches say, and its variance."""
    around = _around(lines)
    slope = _slope(around)
    steep = _by_stretch(slope.square())
    each = (_by_stretch(slope * (around - lines)) / (steep + _SLOPE)).clamp_(-3, 3)
    weight = steep.sqrt()
    for _ in range(3):
        middle = (weight * each).sum(1, keepdim=True) / (weight.sum(1, keepdim=True) + 1e-9)
        apart = (each - middle).square()
        scale = (weight * apart).sum(1, keepdim=True) / (weight.sum(1, keepdim=True) + 1e-9)
        weight = steep.sqrt() / (1 + apart / (0.5 * scale + 1e-4))
    firm = steep.sqrt()
    spread = (firm.square() * (each - middle).square()).sum(1)
    return middle[:, 0], spread / (firm.sum(1) + 1e-9).square()


def _is_straighter(luma: Tensor, found: _Jitter) -> bool:
    """Whether lines that are moved come as much nearer to their neighbours as their slopes promise. Fine texture that
    differs from line to line can be laid on its neighbours as well, and gains hardly anything. The less of what lines
    seem to be off is their own, the more has to be gained."""
    soft = mean_around(torch.stack((luma, each_moved(luma[None], -found.own)[0])), x=1, y=0)
    before, after = (float((_around(lines) - lines)[:, 8:-8].square().mean()) for lines in soft)
    promised = found.size ** 2 * float(_slope(soft[0])[:, 8:-8].square().mean())
    return before - after > (_GAINED[0] - _GAINED[1] * found.share) * promised


def _around(lines: Tensor) -> Tensor:
    """The mean of the three lines above and below each; beyond the edge they come back."""
    height = lines.shape[0]
    tall = torch.cat([lines[1:4].flip(0), lines, lines[-4:-1].flip(0)])
    above = (tall[0:height] + tall[1:height + 1]).add_(tall[2:height + 2])
    return above.add_(tall[4:height + 4]).add_(tall[5:height + 5]).add_(tall[6:height + 6]).mul_(1 / 6)


def _slope(lines: Tensor) -> Tensor:
    return 0.5 * (torch.roll(lines, -1, -1) - torch.roll(lines, 1, -1))


def _without_bends(delays: Tensor) -> Tensor:
    """Less what neighbouring lines have in common."""
    return delays - mean_around(delays.reshape(1, 1, -1), x=_BEND, y=0).reshape(-1)


def _by_stretch(values: Tensor) -> Tensor:
    """The mean over each stretch of a line, [h, 12]; the outermost columns belong to none."""
    length = (values.shape[1] - 2 * _MARGIN) // _STRETCHES
    return values[:, _MARGIN:_MARGIN + _STRETCHES * length].unflatten(1, (_STRETCHES, length)).mean(-1)


REPAIR = Repair(
    "linejitter", is_on=lambda settings: settings.enabled, mend=straighten, reach=lambda settings: REACH,
    measure=measure, advice=(Advice("line jitter", lambda defect: {"enabled": True}, gettext_noop(
        "Lines lie {value:.2f} pixels beside their neighbours in {share:.0%} of the reel.")),))
