"""Trembling lines, as a tape's time base leaves them: each line a little early or late on its own.

Method (`lines`): every line of a field is laid on the mean of the three above and below it by least squares on its
slopes, from coarse to fine, in a dozen stretches. A line that lies beside its neighbours does so in all of them; where
they disagree it is the picture that differs, and their spread is the doubt. What the same lines of the frames before
and after say as well is picture too, since a tape trembles anew each time, and so is what the other field says of the
lines between: the best linear estimate of what is the line's own follows from how far fields agree (`own`). Every line
is also laid on itself in the frames before and after, brought along the camera's motion, where texture cannot pretend
to tremble. Slow bends are picture as far as anyone can tell, and stay. Where the doubt is as large as the jitter
nothing is moved.

Each output needs one frame before and after it (`REACH`), never beyond those it is given.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain

import torch
from torch import Tensor

from restoration.engine.compute.lines import each_moved
from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.repair.linejitter.own import Field, jitter_of, said_beneath
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import LineJitterSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

REACH = 1
_SEEN = 0.03  # Pixels.

Fields = tuple[Field, Field]
"""Of one frame: that of its even lines and that of its odd ones."""


def straighten(settings: LineJitterSettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W]; a line that seems further off than `settings.largest` is left where it is."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        held: deque[tuple[Frame, Fields] | None] = deque([None], maxlen=3)
        for entering in chain(((frame, _fields(frame.planes)) for frame in frames), [None]):
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
    others = [Field(specimen.planes[there][0], partial(specimen.flow, there))
              for there in (specimen.middle - 1, specimen.middle + 1)]
    found = jitter_of(Field(specimen.now[0]), others)
    return {"line jitter": Finding(found.size if found else 0.0, 0.9)}


def _fields(planes: Tensor) -> Fields:
    height = planes.shape[1] // 2 * 2
    return Field(planes[0, 0:height:2]), Field(planes[0, 1:height:2])


def _straight(planes: Tensor, now: Fields, around: list[Fields], largest: float) -> tuple[Tensor, Tensor]:
    height = planes.shape[1] // 2 * 2
    mask = torch.zeros(planes.shape[1:], dtype=torch.bool, device=planes.device)
    straight = planes.clone()
    for parity in (0, 1):
        found = jitter_of(now[parity], [each[parity] for each in around], said_beneath(now[1 - parity], parity))
        if found is not None:
            moved = (found.own.abs() > _SEEN) & (found.own.abs() <= largest)
            lines = planes[:, parity:height:2]
            straight[:, parity:height:2] = torch.where(moved[:, None], each_moved(lines, -found.own), lines)
            mask[parity:height:2] = moved[:, None]
    return straight, mask


REPAIR = Repair(
    "linejitter", is_on=lambda settings: settings.enabled, mend=straighten, reach=lambda settings: REACH,
    measure=measure, advice=(Advice("line jitter", lambda defect: {"enabled": True}, gettext_noop(
        "Lines lie {value:.2f} pixels beside their neighbours in {share:.0%} of the reel.")),))
