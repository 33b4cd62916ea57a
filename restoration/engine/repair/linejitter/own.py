"""What of a line's delay is its own: the tape's, and not the picture's.

Two things tell of it. Beside its neighbours (`lines.beside_neighbours`) a line's delay is known well where the picture
is alike from line to line, and not at all in leaves. Beside itself in the frames before and after, laid on it along the
camera's motion, the picture drops out, and the delays of three lines remain; what both of these differences have in
common is the middle line's. So the two are joined as least squares would join them, by what they have in common with
each other, and where the frames around say nothing of the kind, it was the picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import torch
from torch import Tensor

from restoration.engine.compute.drift import Reduced, reduced
from restoration.engine.compute.drift import between as moved_between
from restoration.engine.compute.lines import between, each_moved
from restoration.engine.compute.local import mean_around
from restoration.engine.compute.motion import estimate, warp
from restoration.engine.compute.shifting import fetched
from restoration.engine.repair.linejitter.lines import Lines, around, beside, beside_neighbours, says_anything, slope

_LEAST = 0.08  # Pixels of jitter that are worth a new sampling.
_OWN = 0.1  # Of what lines seem to be off, how much must be their own.
_GAINED = 0.7, 0.45  # Of what straight lines would gain, how much must be gained; less by so much of the share.
_SURE = 0.3  # Of a move, from which the whole picture is believed to have made it.
_COMMON = 0.15  # How like each other what the frames before and after say must be.
_PLAIN = 0.2  # Pixels in common, from which nothing more is asked.


class Field:
    """Luma [h, W] of one field; how its lines lie and a small copy of it are made once, when they are asked for.
    flow: gives the motion to it of the field it stands beside, where others may have estimated that already."""

    def __init__(self, luma: Tensor, flow: Callable[[], Tensor] | None = None) -> None:
        self.luma = luma
        self.flow = flow

    @cached_property
    def lines(self) -> Lines:
        return beside_neighbours(self.luma)

    @cached_property
    def small(self) -> Reduced:
        return reduced(self.luma.cpu(), is_field=True)


@dataclass(frozen=True, slots=True)
class Jitter:
    """own [h]: what a field's lines are off by themselves, in pixels; size: its true standard deviation; share: of all
    they seem to be off."""

    own: Tensor
    size: float
    share: float


@dataclass(frozen=True, slots=True)
class _Common:
    """told [h]: how far lines lie beside themselves in the frames before and after, the mean of both; size: what of it
    is their own, as a standard deviation."""

    told: Tensor
    size: float


def jitter_of(now: Field, others: list[Field], beneath: Tensor | None = None) -> Jitter | None:
    """How a field's lines tremble; None where nothing tells. others: the same field of the frames around; beneath [h]:
    what the other field of the same frame says of the lines between."""
    told = [lines for each in others if (lines := _beside(now, each)) is not None]
    common = _common(told[0].delays, told[1].delays, told) if len(told) == 2 else None
    if common is not None and common.size <= _LEAST:
        return None
    found = _of_neighbours(now.lines, [each.lines for each in others], beneath)
    if found.size <= _LEAST or found.share <= _OWN:
        return None
    if (common is None or common.size <= _PLAIN) and not _is_straighter(now.luma, found):
        return None
    if len(told) == 1:
        common = _common(found.own, told[0].delays, told)
    if common is None:
        return found
    return _joined(found, common) if common.size > _LEAST else None


def said_beneath(other: Field, parity: int) -> Tensor:
    """What the other field says of the lines of a field of that parity, [h]."""
    return between(other.lines.delays[:, None], parity)[:, 0]


def _of_neighbours(now: Lines, others: list[Lines], beneath: Tensor | None) -> Jitter:
    """The best linear estimate from a line's delay beside its neighbours, less what the mean of the frames around and
    the other field of the same frame tell of it: what they say as well is picture."""
    total, doubt = float(now.delays.square().mean()), float(now.doubt.mean())
    told = [torch.stack([each.delays for each in others]).mean(0)] if others else []
    common = _explained(now.delays, told + ([] if beneath is None else [beneath]))
    rest = now.delays - common
    left = float(rest.square().mean())
    own = max(0.0, left - doubt)
    settled = (own + 1e-9) / (own + 1e-9 + (now.doubt - doubt).clamp(min=0))
    return Jitter(min(1.0, own / max(left, 1e-9)) * rest * settled, sqrt(own), own / max(total, 1e-9))


def _beside(now: Field, other: Field) -> Lines | None:
    """The delays of a field beside another one a frame away, laid on it as the camera moved, or where near things move
    otherwise than far ones, along the motion of each; None where they stand in another light."""
    if not says_anything(now.luma):
        return None
    x, y, sure = moved_between(now.small, other.small)
    height, width = now.luma.shape
    if sure == 0:
        return None
    if sure > _SURE and abs(x) < width / 4 and abs(y / 2) < height / 4:
        return beside(now.luma, fetched(other.luma[None], x, y / 2)[0])
    flow = other.flow() if other.flow else estimate(now.luma, other.luma, finest=1)
    return beside(now.luma, warp(other.luma, flow))


def _common(one: Tensor, two: Tensor, told: list[Lines]) -> _Common:
    """What two accounts of a field's delays [h] have in common, which is its own: both frames around, or the one there
    is and the neighbours. Noise of its own they share as well, half of their doubt."""
    shared = float((one * two).mean())
    alike = shared / (float(one.square().mean() * two.square().mean()) ** 0.5 + 1e-9)
    true = shared - 0.5 * float(torch.stack([each.doubt for each in told]).mean())
    size = sqrt(max(0.0, true)) if alike > _COMMON else 0.0
    return _Common(torch.stack([each.delays for each in told]).mean(0), size)


def _joined(found: Jitter, common: _Common) -> Jitter:
    """What neighbours tell and what the frames before and after tell, weighed as least squares would weigh them: what
    either has in common with the true delay is what they have in common with each other, and what those two frames
    share."""
    own, told, true = found.own, common.told, common.size ** 2
    ss, tt, st = (float((one * two).mean()) for one, two in ((own, own), (told, told), (own, told)))
    rest = ss * tt - st * st + 1e-9
    near, far = st * (tt - true) / rest, (ss * true - st * st) / rest
    if near <= 0:
        near, far = 0.0, true / tt
    elif far <= 0:
        near, far = min(1.0, st / ss), 0.0
    return Jitter(near * own + far * told, common.size, found.share)


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


def _is_straighter(luma: Tensor, found: Jitter) -> bool:
    """Whether lines that are moved come as much nearer to their neighbours as their slopes promise. Fine texture that
    differs from line to line can be laid on its neighbours as well, and gains hardly anything. The less of what lines
    seem to be off is their own, the more has to be gained."""
    soft = mean_around(torch.stack((luma, each_moved(luma[None], -found.own)[0])), x=1, y=0)
    before, after = (float((around(lines) - lines)[:, 8:-8].square().mean()) for lines in soft)
    promised = found.size ** 2 * float(slope(soft[0])[:, 8:-8].square().mean())
    return before - after > (_GAINED[0] - _GAINED[1] * found.share) * promised
