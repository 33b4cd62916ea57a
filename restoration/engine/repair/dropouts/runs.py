"""Runs of a line or two that stand out from the lines around them and from all fields around theirs.

Luma is counted in whole thousandths here, in 16 bits: several times faster than floats, and fine enough for what is
tens of them high.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

_LEVELS = 1024
_DARKEST, _BRIGHTEST = -0.5, 1.5  # So that the sum over a run still fits into 16 bits.
_HALF_RUN = 7  # A run is at least about twice as long, in pixels: some microsecond.
_RUN = 2 * _HALF_RUN + 1
_TORN = 0.3  # Of the least mean, from which on a pixel belongs to a run; flutter may tear it here and there.
_WHOLE = 11  # Of a run's pixels belong to it.
_FAINT, _HALF = 0.4, 8  # Of the least mean, and how many pixels, where a run goes on that was found beside.
_LONGEST = 12  # Half runs on each side of what was found first.
_NEAR = 6  # Lines of a field within which another like it makes it picture.
_ALIKE = 0.4
_APART = 3  # Lines away, where no run of two lines reaches.


@dataclass(frozen=True, slots=True)
class Field:
    """planes [3, h, W]; luma [h, W] in levels; excess: how far it is outside of what the lines around it span; runs:
    the sum of that over `_RUN` pixels of the line."""

    planes: Tensor
    luma: Tensor
    excess: Tensor
    runs: Tensor


Fields = tuple[Field, Field]
"""Of one frame: that of its even lines and that of its odd ones."""


def field_of(planes: Tensor) -> Field:
    luma = planes[0].clamp(_DARKEST, _BRIGHTEST).mul_(_LEVELS).to(torch.int16)
    tall = torch.cat([luma[:1], luma[:1], luma, luma[-1:], luma[-1:]])
    two_up, up, down, two_down = (tall[at:at + luma.shape[0]] for at in (0, 1, 3, 4))
    pairs = ((up, down), (two_up, down), (up, two_down))
    high, low = torch.maximum(up, down), torch.minimum(up, down)
    for above, below in pairs[1:]:
        high = torch.minimum(high, torch.maximum(above, below))
        low = torch.maximum(low, torch.minimum(above, below))
    excess = _outside(luma, low, high)
    return Field(planes, luma, excess, _summed(excess))


def lost(now: Fields, before: Fields | None, after: Fields | None, parity: int, least: float) -> Tensor:
    """Where the field of that parity has lost its signal, bool [h, W]; the others are its frame's and those of the
    frames around, of which one may be missing. least: how far a run stands out at least, on the scale of luma."""
    field = now[parity]
    enough, torn = int(_RUN * _LEVELS * least), int(_TORN * _LEVELS * least)
    found = torch.zeros_like(field.runs, dtype=torch.bool)
    if int(field.runs.amax()) <= enough:
        return found
    changed = _changed(now, before, after, parity)
    single = torch.minimum(field.excess, changed)
    strength = _summed(single)
    core = (_counted(single > torn) >= _WHOLE) & (strength > enough) & (_ALIKE * strength > _beyond(_summed(changed)))
    rows = core.amax(1).nonzero()[:, 0]
    if not len(rows):
        return found
    strength = strength[rows]
    core = core[rows] & (_ALIKE * strength > _alike(now, before, after, parity, rows))
    goes_on = (_counted(field.excess[rows] > torn) >= _HALF) & (strength > int(_FAINT * enough))
    found[rows] = _counted(_grown(core, goes_on)) > 0
    return found


def _summed(values: Tensor) -> Tensor:
    """The sum of `_RUN` values of each line around each, [h, W] of whole numbers; edges repeat the outermost."""
    edges = [values[:, :1].expand(-1, _HALF_RUN), values, values[:, -1:].expand(-1, _HALF_RUN)]
    one, width = torch.cat(edges, 1), values.shape[1]
    two = one[:, :-1] + one[:, 1:]
    four = two[:, :-2] + two[:, 2:]
    eight = four[:, :-4] + four[:, 4:]
    return (eight[:, :width] + four[:, 8:8 + width]).add_(two[:, 12:12 + width]).add_(one[:, 14:14 + width])


def _counted(mask: Tensor) -> Tensor:
    return _summed(mask.to(torch.int16))


def _grown(core: Tensor, goes_on: Tensor) -> Tensor:
    for _ in range(_LONGEST):
        grown = core | (goes_on & (_counted(core) > 0))
        if torch.equal(grown, core):
            break
        core = grown
    return core


def _outside(luma: Tensor, low: Tensor, high: Tensor) -> Tensor:
    return torch.maximum(luma - high, low - luma).clamp_(min=0)


def _changed(now: Fields, before: Fields | None, after: Fields | None, parity: int) -> Tensor:
    """How far luma is outside of what two at least of these three span: the same lines of the frame before and those
    next to them, the same of the frame after, and the two lines of the other field between which it lies."""
    luma = now[parity].luma
    one, *others = [_spanned(luma, each[parity].luma, (0, 1, 2)) for each in (before, after) if each]
    other = _spanned(luma, now[1 - parity].luma, (0, 1) if parity == 0 else (1, 2))
    if not others:
        return torch.minimum(one, other)
    two = others[0]
    return torch.maximum(torch.minimum(one, two), torch.minimum(torch.maximum(one, two), other))


def _spanned(luma: Tensor, other: Tensor, places: tuple[int, ...]) -> Tensor:
    """places: 0 for the line above in the other field, 1 for the same, 2 for the one below."""
    tall = torch.cat([other[:1], other, other[-1:]])
    first, *rest = (tall[place:place + luma.shape[0]] for place in places)
    low = high = first
    for lines in rest:
        low, high = torch.minimum(low, lines), torch.maximum(high, lines)
    return _outside(luma, low, high)


def _beyond(changed: Tensor) -> Tensor:
    """What changed three lines above or below, below alone where there is nothing above: light and fast motion."""
    rows, last = torch.arange(changed.shape[0], device=changed.device), changed.shape[0] - 1
    return torch.maximum(changed[(rows - _APART).abs()], changed[last - (last - rows - _APART).abs()])


def _alike(now: Fields, before: Fields | None, after: Fields | None, parity: int, rows: Tensor) -> Tensor:
    """How strong a run near by is that does not stand still and that two other fields show: a line that moves. What one
    of them shows alone may be the next dropout."""
    before, after = before or after or now, after or before or now
    own, other = now[parity].runs, now[1 - parity].runs
    earlier, later = before[1 - parity].runs, after[1 - parity].runs
    still = _spread(own), _spread(other)
    most = second = torch.zeros_like(own[:1])
    for runs in (before[parity].runs - still[0], after[parity].runs - still[0], earlier - still[1], later - still[1],
                 other - torch.minimum(earlier, later)):
        seen = _highest(runs, rows)
        most, second = torch.maximum(most, seen), torch.maximum(second, torch.minimum(most, seen))
    return second


def _spread(runs: Tensor) -> Tensor:
    spread = runs.clone()
    torch.maximum(spread[1:], runs[:-1], out=spread[1:])
    torch.maximum(spread[:-1], runs[1:], out=spread[:-1])
    return spread


def _highest(runs: Tensor, rows: Tensor) -> Tensor:
    """The highest within reach of the given lines, up and down and a little to the sides."""
    one = torch.cat([runs[:1].expand(_NEAR, -1), runs, runs[-1:].expand(_NEAR, -1)])
    two = torch.maximum(one[:-1], one[1:])
    four = torch.maximum(two[:-2], two[2:])
    eight = torch.maximum(four[:-4], four[4:])
    highest = torch.maximum(eight[rows], eight[rows + 2 * _NEAR - 7])
    wide = highest.clone()
    for step in (_HALF_RUN, 2 * _HALF_RUN):
        torch.maximum(wide[:, step:], highest[:, :-step], out=wide[:, step:])
        torch.maximum(wide[:, :-step], highest[:, step:], out=wide[:, :-step])
    return wide
