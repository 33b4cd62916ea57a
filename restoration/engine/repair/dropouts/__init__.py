"""Dropouts: stretches of one or two lines of a single field that the tape lost for an instant, white, black or torn.

Detection (`runs`): a long run that stands out from the lines above and below it and from the same lines of the frames
before and after. Whatever is like it anywhere near in any of the fields around, a laser that sweeps, a row of lamps, a
caption, is picture. Mending: the run is first bridged between its lines, so that motion can be estimated, then filled
from the same field of the frames before and after, as they lie or along the motion, whichever makes them agree, by the
median of both and the bridge.

Each output needs one frame before and after it (`REACH`), never beyond those it is given; the first and the last frame
of a shot stay as they are. Where more than `MOST_DAMAGED` of a frame seems lost, it is left alone and flagged.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain

import torch
from torch import Tensor

from restoration.engine.compute.local import local_max, mean_around, padded
from restoration.engine.compute.motion import estimate, warp
from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.repair.dropouts.runs import Field, field_of, lost
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import DropoutsSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage

REACH = 1
_USUAL = 0.5
_BLIND, _BOLD = 36 / 255, 12 / 255  # How far a run stands out at least, at sensitivity 0 and 1.
_ROUND = 24  # Pixels around a run within which its ringing and lost colour are looked for.
_SEEN = 4 / 255


def mend_dropouts(settings: DropoutsSettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W] of one or two moments; what is not found lost stays as it is."""
    least = _least(settings.sensitivity, context.noise_sigma[0])

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        held: deque[tuple[Frame, tuple[Field, Field]] | None] = deque([None], maxlen=3)
        for entering in chain(((frame, _fields(frame.planes)) for frame in frames), [None]):
            held.append(entering)
            if len(held) == 3 and held[1] is not None:
                yield _mended(held, context, least)  # type: ignore[arg-type]

    return stage


def _mended(held: deque[tuple[Frame, tuple[Field, Field]]], context: ShotContext, least: float) -> Frame:
    frame, now = held[1]
    mask = torch.zeros(frame.planes.shape[1:], dtype=torch.bool, device=frame.planes.device)
    planes = frame.planes
    if held[0] and held[2]:
        cores = [lost(now, held[0][1], held[2][1], parity, least) for parity in (0, 1)]
        share = sum(float(core.float().mean()) for core in cores) / 2
        if share > MOST_DAMAGED:
            context.flag(frame.number, share)
        elif share > 0:
            planes = frame.planes.clone()
            for parity, core in enumerate(cores):
                if bool(core.any()):
                    seen = max(_SEEN, 3 * context.noise_sigma[0])
                    filled, where = _filled(now[parity], held[0][1][parity], held[2][1][parity], core, seen)
                    rows = slice(parity, 2 * core.shape[0], 2)
                    planes[:, rows] = torch.where(where, filled, planes[:, rows])
                    mask[rows] = where
    context.note(frame.number, mask)
    return frame.with_planes(planes) if planes is not frame.planes else frame


def _filled(now: Field, before: Field, after: Field, core: Tensor, seen: float) -> tuple[Tensor, Tensor]:
    """The field's planes as they should be, and where they are to be put: the run and what rings around it."""
    near = mean_around(core.float(), x=_ROUND, y=1) > 0
    hole = mean_around(core.float(), x=3, y=0) > 0
    bridge = _bridged(now.planes, hole)
    luma = torch.where(near, _bridged(now.planes, near)[0], now.planes[0])
    still = torch.stack((before.planes, after.planes))
    moved = torch.stack([warp(each, estimate(luma, each[0]), mode="bicubic") for each in still])
    apart = [mean_around((one - other).abs().sum(0), x=4, y=2) for one, other in (still, moved)]
    low, high = torch.where(apart[0] <= apart[1] + _SEEN, still, moved).sort(dim=0).values
    filled = torch.minimum(torch.maximum(bridge, low), high)
    off = mean_around((now.planes - filled).abs() - (high - low), x=1, y=0).amax(0)
    return filled, hole | (near & (local_max((off > seen).float(), 1) > 0))


def _bridged(planes: Tensor, hole: Tensor) -> Tensor:
    """The nearest whole lines above and below, up to three away, drawn across the hole."""
    known = (~hole).float()
    above, below = (_nearest(planes * known, known, step) for step in (-1, 1))
    weight = above[1] + below[1]
    return torch.where(weight > 0, (above[0] + below[0]) / weight.clamp(min=1e-6), planes)


def _nearest(planes: Tensor, known: Tensor, step: int) -> tuple[Tensor, Tensor]:
    height = known.shape[0]
    values, weight = torch.zeros_like(planes), torch.zeros_like(known)
    for away in (1, 2, 3):
        at = slice(3 + step * away, 3 + step * away + height)
        fresh = padded(known, y=3)[at] * (weight == 0) / away
        values, weight = values + padded(planes, y=3)[:, at] * fresh, weight + fresh
    return values, weight


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """The share of the frame that is lost, in thousandths; whole frames are not asked."""
    if specimen.order is None or not specimen.has_both_sides:
        return {}
    least, middle = _least(_USUAL, specimen.noise_sigma[0]), specimen.middle
    before, now, after = (_fields(specimen.frames[index].planes) for index in range(middle - 1, middle + 2))
    mask = torch.stack([lost(now, before, after, parity, least) for parity in (0, 1)], dim=1).flatten(0, 1)
    share = float(mask.float().mean())
    return {"dropouts": Finding(1000 * share if share <= MOST_DAMAGED else 0.0, 0.9, mask)}


def _least(sensitivity: float, sigma: float) -> float:
    return max(_BLIND + (_BOLD - _BLIND) * sensitivity, 4 * sigma)


def _fields(planes: Tensor) -> tuple[Field, Field]:
    height = planes.shape[1] // 2 * 2
    return field_of(planes[:, 0:height:2]), field_of(planes[:, 1:height:2])


REPAIR = Repair(
    "dropouts", is_on=lambda settings: settings.enabled, mend=mend_dropouts, reach=lambda settings: REACH,
    measure=measure, advice=(Advice("dropouts", lambda defect: {"enabled": True}, gettext_noop(
        "The tape lost parts of lines for an instant, {value:.2f} thousandths of the picture in {shots} shots.")),))
