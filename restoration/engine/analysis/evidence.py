"""Where a defect is, in one frame of a source: the detector asked again, so that no mask needs to be kept."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from restoration.engine.analysis import specimens
from restoration.engine.analysis.measures import MEASURES
from restoration.engine.compute import repeats
from restoration.engine.facts import AnalysisReport, SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.media.reader import read
from restoration.engine.specimen import REACH, Specimen


@torch.no_grad()
def mask_of(source: Path, report: AnalysisReport, number: int, defect: str) -> Tensor | None:
    """The mask bool [H, W] of a defect in frame `number`, at the source's raster; None where the detector means the
    whole picture, or finds nothing there any more. Raises SourceError as the reader does."""
    shot = next(shot for shot in report.shots if shot.start <= number < shot.end)
    around = specimens.LONGEST // 2
    low, high = max(shot.start, number - around), min(shot.end, number + around + 1)
    group = group_around(read(source, report.source, low, high), number)
    specimen = Specimen(group, [frame.number for frame in group].index(number), order=_order(report.source),
                        noise_sigma=(shot.noise_luma or 0.0, shot.noise_chroma or 0.0))
    for measure in MEASURES:
        finding = measure(specimen).get(defect)
        if finding is not None and finding.mask is not None:
            mask = finding.mask.cpu()
            return mask.repeat_interleave(2, 0) if mask.shape[0] * 2 == report.source.height else mask
    return None


def group_around(frames: Iterable[Frame], number: int) -> tuple[Frame, ...]:
    """Frame `number` and the nearest two other moments on each side, as specimens are made. Raises ValueError where
    that frame is not among those given."""
    given = list(frames)
    middle = [frame.number for frame in given].index(number)
    changes = [repeats.change(one.planes[0], other.planes[0]) for one, other in pairwise(given)]
    before, after = repeats.other_moments(repeats.repeated(changes), middle, REACH)
    return tuple(given[index] for index in (*reversed(before), middle, *after))


def _order(source: SourceFacts) -> Literal["tff", "bff"] | None:
    return source.field_order if source.scan != "progressive" else None
