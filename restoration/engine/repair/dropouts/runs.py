"""Runs of a line or two that stand out from the lines around them and from all fields around theirs."""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around, padded

_HALF_RUN = 7  # A run is at least about twice as long, in pixels: some microsecond.
_TORN = 0.3  # Of the least mean, from which on a pixel belongs to a run; flutter may tear it here and there.
_WHOLE = 0.7  # Of a run's pixels belong to it.
_NEAR = 6  # Lines of a field within which another like it makes it picture.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Field:
    """planes [3, h, W]; excess [h, W]: how far luma is outside of what the lines around it span; runs: its mean along
    the line."""

    planes: Tensor
    excess: Tensor
    runs: Tensor


def field_of(planes: Tensor) -> Field:
    luma = planes[0]
    tall = padded(luma, y=2)
    two_up, up, down, two_down = (tall[at:at + luma.shape[0]] for at in (0, 1, 3, 4))
    excess = torch.zeros_like(luma)
    for above, below in ((up, down), (two_up, down), (up, two_down)):
        excess = torch.maximum(excess, _outside(luma, torch.minimum(above, below), torch.maximum(above, below)))
    return Field(planes, excess, mean_around(excess, x=_HALF_RUN, y=0))


def lost(now: tuple[Field, Field], before: tuple[Field, Field], after: tuple[Field, Field], parity: int,
         least: float) -> Tensor:
    """Where the field of that parity has lost its signal, bool [h, W]; the others are its frame's and those of the
    frames around. least: how far a run stands out at least, on the scale of luma."""
    field = now[parity]
    if not bool((field.runs > least).any()):
        return torch.zeros_like(field.runs, dtype=torch.bool)
    changed = _changed(field, before[parity], after[parity])
    single = torch.minimum(field.excess, changed)
    there = mean_around((single > _TORN * least).float(), x=_HALF_RUN, y=0) > _WHOLE
    strength = mean_around(single, x=_HALF_RUN, y=0)
    picture = torch.maximum(_alike(now, before, after, parity), _beyond(mean_around(changed, x=_HALF_RUN, y=0)))
    core = there & (strength > least) & (_ALIKE * strength > picture)
    return mean_around(core.float(), x=_HALF_RUN, y=0) > 0


def _outside(luma: Tensor, low: Tensor, high: Tensor) -> Tensor:
    return torch.maximum(luma - high, low - luma).clamp_(min=0)


def _changed(field: Field, before: Field, after: Field) -> Tensor:
    """How far luma is outside of what the same lines of both frames around span, and those next to them."""
    tall = torch.cat([padded(each.planes[:1], y=1) for each in (before, after)])
    around = torch.cat([tall[:, at:at + field.runs.shape[0]] for at in range(3)])
    return _outside(field.planes[0], around.amin(0), around.amax(0))


def _alike(now: tuple[Field, Field], before: tuple[Field, Field], after: tuple[Field, Field], parity: int) -> Tensor:
    """How strong a run near by is that does not stand still and that two other fields show: a line that moves. What one
    of them shows alone may be the next dropout."""
    own, other = now[parity].runs, now[1 - parity].runs
    earlier, later = before[1 - parity].runs, after[1 - parity].runs
    still = _spread(own), _spread(other)
    seen = torch.stack([_highest(runs) for runs in (
        before[parity].runs - still[0], after[parity].runs - still[0], earlier - still[1], later - still[1],
        other - torch.minimum(earlier, later))])
    return seen.sort(dim=0, descending=True).values[1]


def _beyond(changed: Tensor) -> Tensor:
    """What changed three lines above or below, where no run of two lines reaches: light and fast motion."""
    tall = padded(changed, y=3)
    return torch.maximum(tall[:changed.shape[0]], tall[-changed.shape[0]:])


def _spread(runs: Tensor) -> Tensor:
    tall = padded(runs, y=1)
    return torch.maximum(torch.maximum(tall[:-2], tall[2:]), runs)


def _highest(runs: Tensor) -> Tensor:
    """The highest within reach, up and down and a little to the sides."""
    tall = padded(runs, y=_NEAR)
    highest = torch.stack([tall[at:at + runs.shape[0]] for at in range(2 * _NEAR + 1)]).amax(0)
    wide = padded(highest, x=2 * _HALF_RUN)
    return torch.stack([wide[:, at:at + runs.shape[1]] for at in range(0, 4 * _HALF_RUN + 1, _HALF_RUN)]).amax(0)
