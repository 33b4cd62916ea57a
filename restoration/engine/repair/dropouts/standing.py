"""Which runs stand alone. A tape loses its signal once and nowhere around; a rope that swings, a wire or a leg goes on
beside its run and leans into the lines next to it. One doubtful run tells nothing, all of them together do: where
hardly any of a picture's runs stands alone, they are picture."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

_ENDS = 2, 20  # Pixels beyond either end of a run between which something may go on.
_FURTHER = 8, 24  # The same in its own line, whose ends are hardly ever found to the pixel.
_SAME = 0.6  # Of a run's length, in which a line next to it was lost together with it.
_AWAY = 3  # Lines, where a line has nothing of a run of two.
_GOES_ON = 0.4  # Of the run's strength.
_LEANS = 0.4
_SHARE = 0.2  # Of what is found, that has to stand alone.

Run = tuple[int, int, int]
"""Line, first pixel, end."""


def believed(fields: Sequence[Tensor], found: Sequence[Tensor]) -> bool:
    """Whether runs are a tape's, from luma [h, W] of fields and where each seems lost, bool [h, W]."""
    alone = total = 0
    for luma, lost in zip(fields, found, strict=True):
        for run in _runs(lost):
            length = run[2] - run[1]
            total += length
            alone += length if _stands_alone(luma, lost, run) else 0
    return alone > _SHARE * total


def _runs(lost: Tensor) -> Iterator[Run]:
    for line in lost.any(1).nonzero()[:, 0].tolist():
        edges = torch.nn.functional.pad(lost[line].to(torch.int8), (1, 1)).diff()
        for start, end in zip((edges == 1).nonzero()[:, 0].tolist(), (edges == -1).nonzero()[:, 0].tolist(),
                              strict=True):
            yield line, start, end


def _stands_alone(luma: Tensor, lost: Tensor, run: Run) -> bool:
    line, start, end = run
    strength = float(_apart(luma, line)[start:end].mean())
    sign = 1 if strength > 0 else -1
    return not (_goes_on(luma, lost, run, sign) > _GOES_ON * abs(strength)
                or _leans(luma, lost, run, sign) > _LEANS * abs(strength))


def _goes_on(luma: Tensor, lost: Tensor, run: Run, sign: int) -> float:
    """The most that stands out in the same way beyond either end, in the run's line and in those around that were not
    lost together with it."""
    line, start, end = run
    most = 0.0
    for beside in range(max(0, line - 2), min(luma.shape[0], line + 3)):
        if beside != line and _is_of(run, lost[beside]):
            continue
        near, far = _ENDS if beside != line else _FURTHER
        out = (sign * _apart(luma, beside)).clamp(min=0)
        for place in (slice(max(0, start - far), max(0, start - near)), slice(end + near, end + far)):
            most = max(most, float(out[place].mean()) if out[place].numel() else 0.0)
    return most


def _is_of(run: Run, lost: Tensor) -> bool:
    """Whether a line next to it, bool [W], was lost together with a run: about from where to where it was."""
    _, start, end = run
    goes_on = [at for at in (start - _ENDS[1], end + _ENDS[1]) if 0 <= at < len(lost) and bool(lost[at])]
    return not goes_on and float(lost[start:end].float().mean()) > _SAME


def _leans(luma: Tensor, lost: Tensor, run: Run, sign: int) -> float:
    """How much the line above or below differs in the same way from those further off."""
    line, start, end = run
    most = 0.0
    for step in (-1, 1):
        beside, away = line + step, min(max(line + _AWAY * step, 0), luma.shape[0] - 1)
        if 0 <= beside < luma.shape[0] and not bool(lost[beside, start:end].any()):
            most = max(most, sign * float((luma[beside, start:end] - luma[away, start:end]).float().mean()))
    return most


def _apart(luma: Tensor, line: int) -> Tensor:
    """How far a line is from the mean of those three above and below it."""
    above, below = luma[max(0, line - _AWAY)].float(), luma[min(luma.shape[0] - 1, line + _AWAY)].float()
    return luma[line].float() - 0.5 * (above + below)
