"""Where exactly a scratch runs: its column in every row, and the rows in which it is there."""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around
from restoration.engine.repair.scratches.lines import Line

_BESIDE = 3  # Columns on each side in which the line is looked for.
_ROUNDS = 3
_BLOCK = 16  # Of the height, one part: rows above and below over which it keeps its way and its depth.
_STRAY = 1.5  # Columns by which it may leave the straight.
_THERE = 0.45  # Of its usual depth.


@dataclass(frozen=True, slots=True)
class Trace:
    """columns: float [H]; there: bool [H]; sign: 1 bright, -1 dark."""

    columns: Tensor
    there: Tensor
    sign: int

    @property
    def slope(self) -> float:
        """Columns to the right for each row down."""
        return float(self.columns[-1] - self.columns[0]) / len(self.columns)

    def to(self, device: torch.device) -> "Trace":
        return Trace(self.columns.to(device), self.there.to(device), self.sign)


def traced(line: Line, standing: tuple[Tensor, int]) -> Trace:
    """The way of a line through what stands out of a picture's pooled rows [R, W], and how many rows are one."""
    out, step = standing
    strength = (out * line.sign).clamp(min=0)
    rows = torch.arange(out.shape[0], device=out.device, dtype=out.dtype)
    middle = (rows + 0.5) * step - 0.5
    straight = line.place + line.slant * (middle - (line.height - 1) / 2)
    own = (middle >= line.top) & (middle < line.bottom)
    for _ in range(_ROUNDS):
        straight = _fitted(strength, straight, own)
    reach = max(1, len(rows) // _BLOCK)
    places, weight = _places(strength, straight, reach)
    way = straight + (places * weight).clamp(-_STRAY, _STRAY)
    depth = mean_around(_depth(strength, way)[:, None], x=0, y=reach)[:, 0]
    there = depth > _THERE * depth[own].median()
    at = ((torch.arange(line.height, device=out.device) + 0.5) / step - 0.5).clamp(0, len(rows) - 1)
    low = at.floor().long()
    high = (low + 1).clamp(max=len(rows) - 1)
    columns = way[low] + (way[high] - way[low]) * (at - low)
    return Trace(columns, there[at.round().long()], line.sign)


def _around(strength: Tensor, way: Tensor) -> tuple[Tensor, Tensor]:
    """Squared strengths of the columns around the way, [R, w], and how far each lies from it."""
    near = torch.arange(-_BESIDE, _BESIDE + 1, device=way.device)
    places = way.round().long()[:, None] + near
    inside = (places >= 0) & (places < strength.shape[1])
    return (strength.gather(1, places.clamp(0, strength.shape[1] - 1)) * inside).square(), places - way[:, None]


def _fitted(strength: Tensor, way: Tensor, own: Tensor) -> Tensor:
    """The straight line through what is strongest around the way in its own rows."""
    weights, away = _around(strength, way)
    weights = weights * own[:, None]
    rows = torch.linspace(-1, 1, len(way), device=way.device)[:, None].expand_as(weights)
    total = weights.sum().clamp(min=1e-9)
    centre, shift = (weights * rows).sum() / total, (weights * away).sum() / total
    spread = (weights * (rows - centre).square()).sum() / total + 1e-3
    slope = ((weights * (rows - centre) * (away - shift)).sum() / total) / spread
    return way + shift + slope * (rows[:, 0] - centre)


def _places(strength: Tensor, way: Tensor, reach: int) -> tuple[Tensor, Tensor]:
    """How far from the way the strongest lies in the rows around each, and how much that is to be believed, 0..1."""
    weights, away = _around(strength, way)
    both = mean_around(torch.stack([(weights * away).sum(1), weights.sum(1)])[..., None], x=0, y=reach)[..., 0]
    usual = both[1].median().clamp(min=1e-9)
    return both[0] / both[1].clamp(min=1e-9), both[1] / (both[1] + 0.5 * usual)


def _depth(strength: Tensor, way: Tensor) -> Tensor:
    near = way.round().long()[:, None] + torch.arange(-1, 2, device=way.device)
    return strength.gather(1, near.clamp(0, strength.shape[1] - 1)).amax(1)
