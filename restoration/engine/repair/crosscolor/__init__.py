"""Dot crawl and rainbows: what a composite decoder mistook for brightness and for colour, taken out again.

The colour carrier of NTSC turns by half a cycle from line to line and from frame to frame. What it leaves in the
picture is therefore the opposite in the same field of the next frame, and the same again two frames on. A comb over
time finds it point by point (`comb`), and nothing is touched in a frame before the carrier itself is found in both of
its fields (`evidence`): what alternates must stand in one and the same phase to the lattice of the carrier that the
sampling of 525-line video fixes. PAL has a longer sequence, and none of this is found in it.

Each output needs two frames before and after it (`REACH`), never beyond those it is given; beyond the ends the other
side stands in. A part of a shot with so many more frames at each end equals the whole shot bit for bit.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain

from torch import Tensor

from restoration.engine.compute.local import mean_around
from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.repair.crosscolor.comb import LEAST, Crosstalk, Lines, banded, crosstalk
from restoration.engine.repair.crosscolor.evidence import is_carrier
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import CrosscolorSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

REACH = 2
_WORST = 0.05  # Share of the picture that the value of a finding is taken from.


def remove_crosstalk(settings: CrosscolorSettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W] of one or two moments; what is not found to be crosstalk stays as it is."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame, around in _windows(frames):
            is_wanted = context.wanted is None or frame.number in context.wanted
            found = _found(around, context.noise_sigma) if is_wanted else None
            planes = _without(frame.planes, found, settings.strength) if found else frame.planes
            context.note(frame.number, (planes != frame.planes).any(0))
            yield frame.with_planes(planes) if found else frame

    return stage


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """Dot crawl and cross-colour of fields, as the amplitude where they are worst; whole frames are not asked."""
    numbers = [frame.number for frame in specimen.frames]
    first = specimen.middle - REACH
    is_gapless = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if specimen.order is None or not is_gapless or first < 0 or first + 2 * REACH >= len(numbers):
        return {}
    around: list[Lines | None] = [banded(_by_parity(frame.planes)) for frame in specimen.frames[first:][:2 * REACH + 1]]
    found = _found(around, specimen.noise_sigma)
    if found is None:
        return {"dot crawl": Finding(0.0, 0.9), "cross-colour": Finding(0.0, 0.9)}
    return {"dot crawl": _finding(found.luma.square() * found.luma_weight, found.luma_weight),
            "cross-colour": _finding(found.colour.square().sum(0) * found.colour_weight, found.colour_weight)}


def _finding(energy: Tensor, weight: Tensor) -> Finding:
    """The amplitude in 1/255 over the worst twentieth of the picture, from energy and weight [2, H/2, W]."""
    energy = mean_around(energy, x=4, y=2)
    worst = energy.flatten().topk(max(1, int(_WORST * energy.numel()))).values.mean()
    mask = ((weight > 0.5) & (energy > LEAST[0])).transpose(0, 1).flatten(0, 1)
    return Finding(255 * float((2 * worst).sqrt()), 0.9, mask)


def _windows(frames: Iterator[Frame]) -> Iterator[tuple[Frame, list[Lines | None]]]:
    """Each frame with the lines of those around it."""
    held: deque[tuple[Frame, Lines] | None] = deque([None] * REACH, maxlen=2 * REACH + 1)
    for entering in chain(((frame, banded(_by_parity(frame.planes))) for frame in frames), [None] * REACH):
        held.append(entering)
        middle = held[REACH] if len(held) == 2 * REACH + 1 else None
        if middle is not None:
            yield middle[0], [each[1] if each else None for each in held]


def _by_parity(planes: Tensor) -> Tensor:
    """A view [3, 2, H/2, W], even lines and odd ones apart; a last line without a partner is left out."""
    return planes[:, :planes.shape[1] // 2 * 2].unflatten(1, (-1, 2)).transpose(1, 2)


def _found(around: list[Lines | None], sigma: tuple[float, float]) -> Crosstalk | None:
    now, found = around[REACH], crosstalk(around, sigma)
    return found if now and found and is_carrier(now, found) else None


def _without(planes: Tensor, found: Crosstalk, strength: float) -> Tensor:
    mended = planes.clone()
    target = _by_parity(mended)
    target[0].sub_(found.luma * found.luma_weight, alpha=strength)
    target[1:].sub_(found.colour * found.colour_weight, alpha=strength)
    return mended


REPAIR = Repair(
    "crosscolor", is_on=lambda settings: settings.enabled, mend=remove_crosstalk, reach=lambda settings: REACH,
    measure=measure, advice=(
        Advice("dot crawl", lambda defect: {"enabled": True}, gettext_noop(
            "Dots of the colour carrier, {value:.1f}/255 where they are worst, crawl along edges of colour in "
            "{share:.0%} of the reel.")),
        Advice("cross-colour", lambda defect: {"enabled": True}, gettext_noop(
            "Fine detail shimmers in false colours of {value:.1f}/255 in {share:.0%} of the reel."))))
