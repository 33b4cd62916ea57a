"""Light that flickers in the lamp of a camera, a printer or a scanner, calmed.

The trace holds how the brightness of every moment is spread (quantiles, after Delon 2006) and the mean brightness of
the blocks of a grid. What trembles of them (compute.tremble) is flicker: it is white, as a machine is; a lamp of the
scene that turns on, a fade, a wash, a dissolve are not. The quantiles' tremble is brought to a gain and a contrast,
which is a straight line between logarithms; with `is_local` what is left of each block is smoothed over the grid and
blended (after van Roosmalen, Lagendijk and Biemond 1999).

Guards: the blocks must flicker together, colour less than a third of brightness, none by more than a lamp does; a
moment that stands out of its own flicker is a flash and stays. Each frame needs `TRACE_REACH` rows around it and no
other frame; which rows a trace begins with does not matter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.tremble import REACH, Trembling, are_new, level_of, trembling
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import FlickerSettings
from restoration.engine.specimen import Finding, Tracer
from restoration.engine.stage import ShotContext, Stage

Numbers = npt.NDArray[np.float64]

TRACE_REACH = 2 * REACH + 4  # Fields of one parity are every other row.
GRID = (6, 8)
LEAST = 0.003  # Level of flicker, as a share of the brightness, that grain and motion may show.
LEAST_LOCAL = 0.01  # The same for one block.
MOST = 0.2  # Level from which it is a strobe.
MOST_ASKED = 256
_LIFT = 0.03  # Added to the brightness before its logarithm, so that black weighs little.
_LIT = float(np.log(0.05 + _LIFT))
_RANKS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_STANDS_OUT = 4.0  # Times the level.
_STEP = 1 / 65536
_PARITY, _CHANGE = 0, 1
_SPREAD = slice(2, 2 + len(_RANKS))
_COLOUR = slice(_SPREAD.stop, _SPREAD.stop + 2)
_BLOCKS = slice(_COLOUR.stop, _COLOUR.stop + GRID[0] * GRID[1])


class FlickerTracer(Tracer):
    """Rows of: parity (-1 for whole frames), how much the moment differs from the last of its parity (0..1 scale),
    logarithms of lifted luma at 13 ranks, colour over brightness (two), and logarithms of 6x8 blocks' lifted means."""

    columns = _BLOCKS.stop

    def __init__(self) -> None:
        self._before: dict[int | None, Tensor] = {}

    def push(self, planes: Tensor, *, parity: int | None = None) -> Tensor:
        planes = planes.cpu()
        lines = planes[0, ::2, ::2] if parity is None else planes[0, :, ::2]
        few = planes[:, ::4, ::4] if parity is None else planes[:, ::2, ::4]
        luma = few[0]
        row = torch.zeros(self.columns)
        row[_PARITY] = -1 if parity is None else parity
        before = self._before.get(parity)
        if before is not None:
            row[_CHANGE] = (luma - before).abs().mean()
        self._before[parity] = luma.clone()
        # numpy sorts ten times faster than torch.
        ordered = np.sort(luma.numpy(), axis=None)
        ranks = [min(len(ordered) - 1, int(rank * len(ordered))) for rank in _RANKS]
        row[_SPREAD] = _logarithm(torch.from_numpy(ordered[ranks]))
        row[_COLOUR] = few[1:].mean((1, 2)) / (luma.mean().clamp(min=0) + _LIFT)
        row[_BLOCKS] = _logarithm(F.adaptive_avg_pool2d(lines[None], GRID).flatten())
        return row


@dataclass(frozen=True, slots=True)
class _Light:
    """How a moment's light stands beside the calm one: its logarithm is too high by offset + slope * (x - middle) at a
    logarithm x of the lifted brightness, and in the blocks of the grid [6, 8] by as much again."""

    offset: float
    slope: float
    middle: float
    local: Numbers

    @property
    def is_calm(self) -> bool:
        return self.offset == 0 and self.slope == 0 and not self.local.any()


def calm(settings: FlickerSettings, context: ShotContext) -> Stage:
    """A stage that brings the light of each frame [3, H, W] to that of the frames around it, by `settings.largest` as a
    share of the brightness at most."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        trace = context.trace
        if not settings.enabled or trace is None:
            yield from frames
            return
        for frame in frames:
            light = _light(trace.rows, trace.at(frame.number), settings)
            if light.is_calm:
                yield frame
                continue
            context.note(frame.number, None)
            yield frame.with_planes(_lit(frame.planes, light, settings))

    return stage


def _logarithm(luma: Tensor) -> Tensor:
    return torch.log(luma.clamp(min=0) + _LIFT)


def _lit(planes: Tensor, light: _Light, settings: FlickerSettings) -> Tensor:
    lifted = planes[0].clamp(min=0) + _LIFT
    wrong = light.offset + light.slope * (lifted.log() - light.middle)
    if light.local.any():
        grid = torch.from_numpy(light.local).to(planes)
        wrong = wrong + F.interpolate(grid[None, None], planes.shape[-2:], mode="bilinear", align_corners=False)[0, 0]
    most = float(np.log1p(settings.largest))
    gain = torch.exp(-wrong.clamp(-most, most))
    luma = planes[0] + lifted * (gain - 1)
    return torch.cat([luma[None], planes[1:] * gain])


def _light(rows: Tensor, at: int, settings: FlickerSettings) -> _Light:
    """What flickers of the moment of row `at`, within the guards."""
    path, shown, own = _around(rows, at)
    middle = float(np.median(own[_SPREAD]))
    nothing = _Light(0.0, 0.0, middle, np.zeros(GRID))
    level = float(np.median(level_of(path[:, _BLOCKS], shown)))
    if not LEAST < level < MOST:
        return nothing
    found = trembling(path, shown, least=LEAST)
    if _is_coloured(found, level) or _stands_out(found, settings.largest):
        return nothing
    spread, blocks = found.part[_SPREAD], found.part[_BLOCKS]
    offset, slope = _line(own[_SPREAD] - middle, spread) if _is_common(found, own) else (0.0, 0.0)
    left = (blocks - offset - slope * (own[_BLOCKS] - middle)).reshape(GRID)
    local = _local(left, found) if settings.is_local else np.zeros(GRID)
    return _Light(round(offset / _STEP) * _STEP, round(slope / _STEP) * _STEP, middle, local)


def _local(left: Numbers, found: Trembling) -> Numbers:
    """What of the blocks' own flicker [6, 8] a lamp explains: most of them flicker, and each nearly as its neighbours
    do. Things that move, confetti, lasers and bulbs light single blocks."""
    flickers = (found.level[_BLOCKS] > LEAST_LOCAL) & (found.whiteness[_BLOCKS] > 0.3)
    smooth = _smoothed(left)
    if flickers.mean() < 0.6 or np.sqrt((smooth ** 2).sum()) < 0.6 * np.sqrt((left ** 2).sum()):
        return np.zeros(GRID)
    return np.asarray(np.round(smooth / _STEP) * _STEP)


def _around(rows: Tensor, at: int) -> tuple[Numbers, int, Numbers]:
    """What row `at` is judged by: the moments around it that repeat none, every column and, last, the mean of their
    blocks; which of them shows its own; and its own row."""
    low = max(0, at - TRACE_REACH + 2)
    near = rows[low:at + TRACE_REACH - 1]
    is_own = near[:, _PARITY] == rows[at, _PARITY]
    own, here = near[is_own].double().numpy(), int(is_own[:at - low].sum())
    first = max(0, here - REACH)
    own, here = own[first:here + REACH + 1], here - first
    new = are_new(own[:, _CHANGE])
    new[0] = True
    shown = int(new[:here + 1].sum()) - 1
    path = np.concatenate([own, own[:, _BLOCKS].mean(axis=1, keepdims=True)], axis=1)[new]
    return path, shown, own[here]


def _is_common(found: Trembling, own: Numbers) -> bool:
    """Whether nearly all blocks that are lit flicker as strongly as their mean does: alone they would cancel out in it,
    and a lamp of the scene reaches only some."""
    levels = found.level[_BLOCKS][own[_BLOCKS] > _LIT]
    common = found.level[-1]
    return bool(len(levels) >= 4 and common > 0.6 * np.median(levels) and np.quantile(levels, 0.25) > 0.5 * common)


def _is_coloured(found: Trembling, level: float) -> bool:
    return bool(found.level[_COLOUR].max() > level / 3)


def _stands_out(found: Trembling, largest: float) -> bool:
    whole = abs(float(found.whole[-1]))
    return bool(whole > _STANDS_OUT * found.level[-1] or whole > 2 * np.log1p(largest))


def _line(x: Numbers, y: Numbers) -> tuple[float, float]:
    """Offset and slope of a straight line through most of the points (Cauchy's weights), held level where the picture
    has little contrast."""
    offset, slope, trust = 0.0, 0.0, np.ones_like(x)
    for _ in range(6):
        mean_x, mean_y = np.average(x, weights=trust), np.average(y, weights=trust)
        spread = (trust * (x - mean_x) ** 2).sum()
        slope = float((trust * (x - mean_x) * (y - mean_y)).sum() / (spread + 0.3))
        offset = float(mean_y - slope * mean_x)
        off = np.abs(y - offset - slope * x)
        trust = 1 / (1 + (off / (2 * np.median(off) + 1e-3)) ** 2)
    return offset, slope


def _smoothed(grid: Numbers) -> Numbers:
    """1-2-1 along both axes, edges repeated."""
    for axis in (0, 1):
        wide = np.pad(grid, [(1, 1) if each == axis else (0, 0) for each in (0, 1)], mode="edge")
        size = grid.shape[axis]
        before, here, after = (wide.take(range(step, step + size), axis) for step in range(3))
        grid = 0.25 * before + 0.5 * here + 0.25 * after
    return grid


def judge(rows: Tensor, rate: Fraction) -> Mapping[str, Finding]:
    """How much the light of a shot flickers: the root of the mean square of what would be taken away, as a share of the
    brightness; "local": of what differs from one part of the picture to another."""
    asked = range(0, len(rows), -(-len(rows) // MOST_ASKED))
    settings = FlickerSettings(enabled=True, is_local=True, largest=0.3)
    lights = [_light(rows, at, settings) for at in asked]
    common = np.array([abs(light.offset) for light in lights])
    local = np.array([float(np.sqrt((light.local ** 2).mean())) for light in lights])
    both = np.hypot(common, local)
    worst = tuple(asked[int(place)] for place in both.argsort()[::-1][:3] if both[place] > 0)
    value, parts = float(np.sqrt((both ** 2).mean())), float(np.sqrt((local ** 2).mean()))
    return {"flicker": Finding(value, 0.9 if len(rows) >= 24 else 0.6, worst=worst,
                               hints={"local": parts, "most": float(both.max())})}


def _chosen(defect: Defect) -> Mapping[str, object]:
    local, most = defect.hints.get("local", 0.0), defect.hints.get("most", 0.0)
    return {"enabled": True, "is_local": local > 0.5 * defect.value,
            "largest": round(min(0.3, max(0.08, 1.5 * most)), 2)}


REPAIR = Repair("flicker", is_on=lambda settings: settings.enabled, mend=calm, tracer=FlickerTracer, judge=judge,
                trace_reach=TRACE_REACH, advice=(Advice("flicker", _chosen, gettext_noop(
                    "The brightness changes by {value:.1%} from frame to frame, in no rhythm of the scene, and the "
                    "colour does not."),),))
