"""What the analysis says of a clip: the value of one finding, asked as the analysis asks."""

from collections.abc import Sequence
from statistics import mean

import torch
from torch import Tensor

from benchmarks.quality.mending import RATE, Order, facts_of, frames_of, measured_noise
from restoration.engine.analysis import specimens
from restoration.engine.analysis.reel import analyse_frames
from restoration.engine.defects import DEFECTS
from restoration.engine.frames import fields_of
from restoration.engine.repair import REPAIRS
from restoration.engine.repairing import Repair
from restoration.engine.specimen import rows_of


@torch.no_grad()
def value(defect: str, clip: Tensor, order: Order = None) -> float | None:
    """How much of the defect is found in clip [T, 3, H, W]; None where nothing looks for it yet.

    A repair's own measure is asked on every group of five frames, its judge on all rows of the clip; what the analysis
    measures by itself (noise, combing) is read from its report.
    """
    repair = next((each for each in REPAIRS if each.name == DEFECTS[defect].repair), None)
    for asked in (_by_measure, _by_judge):
        found = asked(repair, defect, clip, order) if repair else None
        if found is not None:
            return found
    return _by_report(defect, clip, order) if defect in BY_ITSELF else None


BY_ITSELF = ("noise", "colour noise", "combing", "darkness")


def _by_measure(repair: Repair, defect: str, clip: Tensor, order: Order) -> float | None:
    if repair.measure is None:
        return None
    frames, noise = tuple(frames_of(clip, order)), measured_noise(clip, order)
    length = specimens.FRAMES
    groups: Sequence = [frames[at:at + length] for at in range(0, len(frames) - length + 1, length)] or [frames]
    found = [repair.measure(specimens.specimen(group, order, noise)) for group in groups]
    values = [findings[defect].value for findings in found if defect in findings]
    return mean(values) if values else None


def _by_judge(repair: Repair, defect: str, clip: Tensor, order: Order) -> float | None:
    """As the analysis does: one field of each frame, whatever it holds, and the first row left out."""
    if repair.tracer is None or repair.judge is None:
        return None
    tracer = repair.tracer()
    rows = rows_of([(planes[:, ::2], 0) for planes in clip], tracer)[1:]
    findings = repair.judge(rows, RATE)
    return findings[defect].value if defect in findings else 0.0


def _by_report(defect: str, clip: Tensor, order: Order) -> float:
    """Weighted over the shots; a defect too faint to be reported counts as none. Whether frames comb is asked as of a
    file that says it has fields, as such files mostly do, whatever it has."""
    declared: Order = order or ("tff" if defect == "combing" else None)
    report = analyse_frames(frames_of(clip, order), facts_of(clip, declared))
    weighted = [(shot.frames, found.value) for shot in report.shots for found in shot.defects if found.name == defect]
    return sum(frames * found for frames, found in weighted) / len(clip)


def scanned(clip: Tensor, order: Order) -> Tensor:
    """A whole clip as frames of two moments, where the damaged ones are such; else as it is."""
    if order is None:
        return clip
    made = clip[1::2].clone()
    first = fields_of(made, order)[0]
    first.copy_(fields_of(clip[0::2], order)[0])
    return made
