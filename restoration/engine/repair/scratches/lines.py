"""Upright lines of one picture that chance does not explain.

A place is a hit where it is brighter (or darker) than the picture on both sides of it, and the most so among its
neighbours. A stretch of an almost upright line is accepted where it has more hits than the picture around makes likely
(a contrario: Newson, Almansa, Gousseau, Pérez 2014), by Chernoff's bound on the binomial tail. Rows are averaged to
about sixty first: each is one independent trial then, and the search is as fast for any raster.
"""

from dataclasses import dataclass
from math import log

import torch
from torch import Tensor

from restoration.engine.compute.local import padded

_SLANTS = (-0.015, -0.01, -0.005, 0.0, 0.005, 0.01, 0.015)  # Pixels across for each pixel down.
_ROWS = 60
_PARTS = 8  # Of the height; a stretch is two of them.
_EPSILON = 1.0  # Generous, since the way through time decides.
_NEAR = 12  # Columns on each side that say how often chance makes a hit.
_APART = 5  # Columns within which two lines are one.
_MOST = 24


@dataclass(frozen=True, slots=True)
class Line:
    """place: column at the middle row; slant: columns for each row; sign: 1 bright, -1 dark; top, bottom: its rows, the
    second not included; depth: how far it stands out, on the 0..1 scale; height: of the picture."""

    place: float
    slant: float
    sign: int
    top: int
    bottom: int
    depth: float
    height: int

    def at(self, row: float) -> float:
        """The column where it crosses that row."""
        return self.place + self.slant * (row - (self.height - 1) / 2)

    @property
    def length(self) -> int:
        return self.bottom - self.top

    @property
    def columns(self) -> Tensor:
        """Where it crosses each row of the picture, float [H]."""
        return self.place + self.slant * (torch.arange(self.height) - (self.height - 1) / 2)


def pooled(luma: Tensor) -> tuple[Tensor, int]:
    """Luma [H, W] with so many rows averaged to one, and how many; what is left over at the bottom is dropped."""
    step = max(1, round(luma.shape[0] / _ROWS))
    rows = luma.shape[0] // step
    return luma[:rows * step].reshape(rows, step, -1).mean(1), step


def standing_out(luma: Tensor, half: int) -> Tensor:
    """Signed [H, W]: how far each pixel of `luma` lies above or below both its sides, which begin half + 1 pixels
    away."""
    wide, width = padded(luma, x=half + 3), luma.shape[1]
    left = (wide[:, 0:width] + wide[:, 1:width + 1] + wide[:, 2:width + 2]) / 3
    start = 2 * half + 4
    right = (wide[:, start:start + width] + wide[:, start + 1:start + 1 + width]
             + wide[:, start + 2:start + 2 + width]) / 3
    above = torch.minimum(luma - left, luma - right).clamp_(min=0)
    below = torch.minimum(left - luma, right - luma).clamp_(min=0)
    return above - below


def lines(luma: Tensor, threshold: float) -> list[Line]:
    """The lines of luma [H, W] that stand out by `threshold`, strongest first; none where it is too small to say what
    chance makes."""
    half = half_width(luma.shape[1])
    rows, step = pooled(luma)
    if len(rows) < _PARTS or luma.shape[1] <= _NEAR:
        return []
    out = standing_out(rows, half)
    found = [line for sign in (1, -1) for line in _of_sign(out * sign, sign, threshold, step, luma.shape[0])]
    found.sort(key=lambda line: -line.depth * line.length)
    kept: list[Line] = []
    for line in found:
        if all(abs(line.place - other.place) > _APART for other in kept):
            kept.append(line)
    return kept[:_MOST]


def half_width(width: int) -> int:
    """Of the widest scratch looked for, in a picture `width` wide."""
    return max(2, round(0.006 * width))


def _of_sign(out: Tensor, sign: int, threshold: float, step: int, height: int) -> list[Line]:
    rows, width = out.shape
    wide = padded(out, x=2)
    peak = torch.stack([wide[:, place:place + width] for place in range(5)]).amax(0)
    hits = ((out > threshold) & (out >= peak)).float()
    spread = padded(hits, x=1)
    spread = torch.maximum(torch.maximum(spread[:, :-2], spread[:, 2:]), hits)
    part = rows // _PARTS
    columns = torch.arange(width, device=out.device)
    counts = torch.stack([along(spread, slant * step, columns, 0, part * _PARTS).reshape(_PARTS, part, width).sum(1)
                          for slant in _SLANTS])
    gain = _evidence(counts[:, :-1] + counts[:, 1:], 2 * part)
    accepted = gain > log(width * len(_SLANTS) * _PARTS / _EPSILON)
    total, best = torch.where(accepted.any(1), gain.sum(1), gain.new_zeros(())).max(0)
    made = []
    beside = half_width(width) + 3
    total[:beside + 1], total[width - beside - 1:] = 0, 0  # No picture on both sides to stand out of.
    for column in _peaks(total):
        parts = torch.nonzero(accepted[int(best[column]), :, column])[:, 0].tolist()
        made.append(_line(out, sign, column, _SLANTS[int(best[column])], (parts[0] * part, (parts[-1] + 2) * part),
                          (step, height)))
    return made


def _peaks(total: Tensor) -> list[int]:
    """The columns of most evidence, none close to a better one."""
    strengths = total.tolist()
    kept: list[int] = []
    columns = [column for column, strength in enumerate(strengths) if strength]
    for column in sorted(columns, key=lambda one: (-strengths[one], one)):
        if all(abs(column - other) > _APART for other in kept):
            kept.append(column)
    return kept[:_MOST]


def along(planes: Tensor, slant: float, columns: Tensor, top: int, bottom: int) -> Tensor:
    """Those columns of planes [R, W] in rows from the top to before the bottom, each row moved so that a line of that
    slant stands upright at the column where it crosses the middle row of all."""
    rows = torch.arange(top, bottom, device=planes.device)
    shifts = ((rows - (planes.shape[0] - 1) / 2) * slant).round().long()
    return planes[top:bottom].gather(1, (columns + shifts[:, None]).clamp(0, planes.shape[1] - 1))


def _evidence(counts: Tensor, rows: int) -> Tensor:
    """Minus the logarithm of the bound on the chance of so many hits in so many rows; [..., stretches, W]."""
    width = counts.shape[-1]
    # Mirrored, so that what repeats within the picture is expected at its edges too.
    wide = torch.cat([counts[..., 1:_NEAR + 1].flip(-1), counts, counts[..., -_NEAR - 1:-1].flip(-1)], -1).cumsum(-1)
    wide = torch.cat([torch.zeros_like(wide[..., :1]), wide], -1)
    around = wide[..., 2 * _NEAR + 1:] - wide[..., :-2 * _NEAR - 1]
    own = padded(counts, x=2)
    own = torch.stack([own[..., step:step + width] for step in range(5)]).sum(0)
    chance = ((around - own) / ((2 * _NEAR - 4) * rows)).clamp(0.04, 0.9)
    share = (counts / rows).clamp(0.001, 0.999)
    distance = share * (share / chance).log() + (1 - share) * ((1 - share) / (1 - chance)).log()
    return torch.where(share > chance, distance, torch.zeros_like(distance)) * rows


def _line(out: Tensor, sign: int, column: int, slant: float, ends: tuple[int, int], raster: tuple[int, int]) -> Line:
    """The line with its place to a fraction of a pixel; ends: first row and the one after the last, of `out`."""
    (top, bottom), (step, height) = ends, raster
    near = torch.arange(column - 3, column + 4, device=out.device)
    profile = along(out, slant * step, near, top, bottom).mean(0).clamp(min=0)
    weights = profile.square()
    place = float((weights * near).sum() / weights.sum().clamp(min=1e-12))
    last = out.shape[0] // _PARTS * _PARTS
    return Line(place, slant, sign, top * step, height if bottom >= last else bottom * step, float(profile.max()),
                height)
