"""Dropouts: stretches of one or two lines of a single field that the tape lost for an instant, white, black or torn.

Detection (`runs`): a long run that stands out from the lines above and below it and from the same lines of the frames
before and after. Whatever is like it anywhere near in any of the fields around, a laser that sweeps, a row of lamps, a
caption, is picture. Nothing is recommended where hardly any run stands alone (`standing`). Mending (`filling`): from
the lines around it, the other field, and the same field of the frames before and after along the motion, each as much
as it is right about what is known around the run.

Each output needs one frame before and after it (`REACH`), never beyond those it is given; the first and the last frame
of a shot have the one side alone. Where more than `MOST_DAMAGED` of a frame seems lost, it is left alone and flagged.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import chain
from statistics import mean

import torch
from torch import Tensor

from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.repair.dropouts.filling import filled
from restoration.engine.repair.dropouts.runs import Fields, field_of, lost
from restoration.engine.repair.dropouts.standing import believed
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import DropoutsSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage

REACH = 1
_USUAL = 0.5
_BLIND, _BOLD = 36 / 255, 12 / 255  # How far a run stands out at least, at sensitivity 0 and 1.
_SEEN = 4 / 255


def mend_dropouts(settings: DropoutsSettings, context: ShotContext) -> Stage:
    """A stage for frames [3, H, W] of one or two moments; what is not found lost stays as it is."""
    least = _least(settings.sensitivity, context.noise_sigma[0])

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        held: deque[tuple[Frame, Fields] | None] = deque([None], maxlen=3)
        for entering in chain(((frame, _fields(frame.planes)) for frame in frames), [None]):
            held.append(entering)
            if len(held) == 3 and held[1] is not None:
                yield _mended(held, context, least)  # type: ignore[arg-type]

    return stage


def _mended(held: deque[tuple[Frame, Fields]], context: ShotContext, least: float) -> Frame:
    frame, now = held[1]
    before, after = (each and each[1] for each in (held[0], held[2]))
    cores = [lost(now, before, after, parity, least) for parity in (0, 1)] if before or after else []
    share = sum(float(core.float().mean()) for core in cores) / 2
    mask = torch.zeros(frame.planes.shape[1:], dtype=torch.bool, device=frame.planes.device)
    planes = frame.planes
    if share > MOST_DAMAGED:
        context.flag(frame.number, share)
    elif share > 0:
        planes = frame.planes.clone()
        for parity, core in enumerate(cores):
            if bool(core.any()):
                rows = slice(parity, 2 * core.shape[0], 2)
                around = [each[parity].planes for each in (before, after) if each]
                planes[:, rows], mask[rows] = filled(now[parity].planes, now[1 - parity].planes, around, core,
                                                     parity=parity, seen=max(_SEEN, 3 * context.noise_sigma[0]))
        planes = torch.where(mask, planes, frame.planes)
    context.note(frame.number, mask)
    return frame.with_planes(planes) if planes is not frame.planes else frame


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """The share that is lost of the frames with one on either side, in thousandths; whole frames are not asked."""
    if specimen.order is None or not specimen.has_both_sides:
        return {}
    least = _least(_USUAL, specimen.noise_sigma[0])
    fields = [_fields(frame.planes) for frame in specimen.frames]
    found = [_both(*three, least) for three in zip(fields, fields[1:], fields[2:], strict=False)]
    shares = [sum(float(field.float().mean()) for field in both) / 2 for both in found]
    share = mean(share if share <= MOST_DAMAGED else 0.0 for share in shares)
    if share > 0 and not believed([field.luma for both in fields[1:-1] for field in both],
                                  [field for both in found for field in both]):
        share = 0.0
    mask = torch.stack(found[specimen.middle - 1], dim=1).flatten(0, 1)
    return {"dropouts": Finding(1000 * share, 0.9, mask if share > 0 else torch.zeros_like(mask))}


def _both(before: Fields, now: Fields, after: Fields, least: float) -> tuple[Tensor, Tensor]:
    """Where each field of a frame is lost, bool [h, W]."""
    even, odd = (lost(now, before, after, parity, least) for parity in (0, 1))
    return even, odd


def _least(sensitivity: float, sigma: float) -> float:
    return max(_BLIND + (_BOLD - _BLIND) * sensitivity, 4 * sigma)


def _fields(planes: Tensor) -> Fields:
    height = planes.shape[1] // 2 * 2
    return field_of(planes[:, 0:height:2]), field_of(planes[:, 1:height:2])


REPAIR = Repair(
    "dropouts", is_on=lambda settings: settings.enabled, mend=mend_dropouts, reach=lambda settings: REACH,
    measure=measure, advice=(Advice("dropouts", lambda defect: {"enabled": True}, gettext_noop(
        "The tape lost parts of lines for an instant, {value:.2f} thousandths of the picture in {shots} of the "
        "shots.")),))
