"""A picture that trembles in the gate of a camera, a printer or a scanner, held still.

Every moment's move relative to the one before is traced (compute.drift); of the path that they add up to only what
trembles is taken away (compute.tremble): what jumps from frame to frame, knows nothing of the frame before, and is no
stronger in slower bands than white noise is. Pans, and the shake of a camera in a hand, which is smooth over several
frames, are far stronger there and stay. Film frames that are shown more than once lie at one place.

The picture is moved as a whole, by a windowed sinc, its edges mirrored. Moves below a fiftieth of a pixel are none.
Each frame needs `TRACE_REACH` rows around it and no other frame, never beyond a cut or a moment whose place could not
be told; which rows a trace begins with does not matter.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from restoration.engine.compute.drift import Reduced, between, reduced
from restoration.engine.compute.shifting import fetched
from restoration.engine.compute.tremble import REACH, Trembling, are_new, trembling
from restoration.engine.defects import TRAINED_EYE
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import WeaveSettings
from restoration.engine.specimen import Finding, Tracer
from restoration.engine.stage import ShotContext, Stage, Trace

Numbers = npt.NDArray[np.float64]

TRACE_REACH = 2 * REACH + 4  # Fields of one parity are every other row.
SURE = 0.45  # Of a move, from which it is believed.
LEAST = 0.07  # Level of trembling in pixels that measuring alone may show.
SMALLEST = 0.02  # Pixels.
MOST_ASKED = 256  # Moments of a shot that its judge looks around.
_STEP = 1 / 1024  # Pixels that places are rounded to.
_SMALLEST = 24  # Pixels on a side, below which no picture can be told to tremble.
_ACROSS, _DOWN, _SURE, _CHANGE, _PARITY = range(5)


class WeaveTracer(Tracer):
    """Rows of: move right and down in pixels of the frame, how sure that is, how much the moment differs from the one
    before as it lies (0..1 scale), and the parity (-1 for whole frames). Fields are compared with the last of their own
    parity. The first row has no move."""

    columns = 5

    def __init__(self) -> None:
        self._before: dict[int | None, tuple[Reduced, Tensor]] = {}

    def push(self, planes: Tensor, *, parity: int | None = None) -> Tensor:
        luma = planes[0].cpu()
        row = torch.tensor([0.0, 0.0, 0.0, 0.0, -1.0 if parity is None else float(parity)])
        if min(luma.shape) < _SMALLEST:
            return row
        now, sparse = reduced(luma, is_field=parity is not None), luma[2::4, 2::4].clone()
        if parity in self._before:
            before, then = self._before[parity]
            row[:_CHANGE] = torch.tensor(between(before, now))
            row[_CHANGE] = (sparse - then).abs().mean()
        self._before[parity] = now, sparse
        return row


def steady(settings: WeaveSettings, context: ShotContext) -> Stage:
    """A stage that moves each frame [3, H, W] by what it trembles, at most by `settings.largest` pixels."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        trace = context.trace
        if not settings.enabled or trace is None:
            yield from frames
            return
        for frame in frames:
            x, y = _correction(trace, frame.number, settings.largest)
            if x == y == 0:
                yield frame
                continue
            context.note(frame.number, None)
            yield frame.with_planes(fetched(frame.planes, x, y))

    return stage


def _correction(trace: Trace, number: int, largest: float) -> tuple[float, float]:
    """Where the frame's picture lies beside its steady place, right and down."""
    part = _around(trace.rows, trace.at(number)).part
    size = float(np.hypot(*part))
    if size < SMALLEST:
        return 0.0, 0.0
    x, y = np.round(part * min(1.0, largest / size) / _STEP) * _STEP
    return float(x), float(y)


def _around(rows: Tensor, at: int) -> Trembling:
    """How the moment of row `at` trembles."""
    path, here = _path(rows, at)
    return trembling(path, here, least=LEAST)


def _path(rows: Tensor, at: int) -> tuple[Numbers, int]:
    """Places [T, 2] of the film frames around row `at`, and which of them is its own."""
    parity = rows[at, _PARITY]
    low = max(0, at - TRACE_REACH + 2)
    near = rows[low:at + TRACE_REACH - 1]
    is_own = near[:, _PARITY] == parity
    own = near[is_own].double().numpy()
    here = int(is_own[:at - low].sum())
    first, end = max(0, here - REACH), here + REACH + 1
    own, here = own[first:end], here - first
    if first == 0 and len(own):
        own[0, _SURE] = 0.0  # Whatever the row says of what came before the trace or the cut.
    is_lost = own[:, _SURE] < SURE
    is_new = are_new(own[:, _CHANGE])
    start = here
    while start > 0 and not (is_lost[start] and is_new[start]):
        start -= 1
    stop = here + 1
    while stop < len(own) and not (is_lost[stop] and is_new[stop]):
        stop += 1
    moves = own[start:stop, :2].copy()
    moves[0] = 0
    new = is_new[start:stop].copy()
    new[0] = True
    return moves.cumsum(axis=0)[new], int(new[:here - start + 1].sum()) - 1


def judge(rows: Tensor, rate: Fraction) -> Mapping[str, Finding]:
    """How much the moments of a shot tremble, as the root of the mean square of what would be taken away, in pixels."""
    asked = range(0, len(rows), -(-len(rows) // MOST_ASKED))
    found = [_around(rows, at) for at in asked]
    parts = np.stack([each.part for each in found])
    sizes = np.hypot(*parts.T)
    value = float(np.sqrt((sizes ** 2).mean()))
    sure = float((rows[1:, _SURE] >= SURE).float().mean())
    worst = tuple(asked[int(place)] for place in sizes.argsort()[::-1][:3] if sizes[place] > 0)
    across, down = (float(np.sqrt((side ** 2).mean())) for side in parts.T)
    return {"weave": Finding(value, sure, hints={"across": across, "down": down, "most": float(sizes.max())},
                             worst=worst)}


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True, "largest": round(min(12.0, max(3.0, 1.5 * defect.hints.get("most", 0.0))), 1)}


REPAIR = Repair("weave", is_on=lambda settings: settings.enabled, mend=steady, tracer=WeaveTracer, judge=judge,
                trace_reach=TRACE_REACH, advice=(Advice("weave", _chosen, gettext_noop(
                    "The picture trembles by {value:.2f} pixels ({across:.2f} across, {down:.2f} down) from frame to "
                    "frame, faster than any camera moves."), TRAINED_EYE),))
