"""Upright lines of one picture that chance does not explain.

A pixel is a hit where it is brighter (or darker) than the picture on both sides of it, and the most so among its
neighbours. A stretch of an almost upright line is accepted where it has more hits than the picture around makes likely
(a contrario: Newson, Almansa, Gousseau, Pérez 2014), by Chernoff's bound on the binomial tail.
"""

from dataclasses import dataclass
from math import log

import torch
from torch import Tensor

from restoration.engine.compute.local import padded

_SLANTS = (-0.015, -0.01, -0.005, 0.0, 0.005, 0.01, 0.015)  # Pixels across for each pixel down.
_ALONG = 4  # Rows above and below that are averaged; so many are one independent trial.
_PARTS = 8  # Of the height; a stretch is two of them.
_EPSILON = 1e-3
_NEAR = 12  # Columns on each side that say how often chance makes a hit.
_APART = 5  # Columns within which two lines are one.


@dataclass(frozen=True, slots=True)
class Line:
    """place: column at the middle row; slant: columns for each row; sign: 1 bright, -1 dark; top, bottom: its rows, the
    second not included; depth: how far it stands out, on the 0..1 scale."""

    place: float
    slant: float
    sign: int
    top: int
    bottom: int
    depth: float

    @property
    def length(self) -> int:
        return self.bottom - self.top


def standing_out(luma: Tensor, half: int) -> Tensor:
    """Signed [H, W]: how far each pixel of `luma`, averaged along the lines, lies above or below both its sides, which
    begin half + 1 pixels away."""
    tall = padded(luma, y=_ALONG).cumsum(0)
    tall = torch.cat([torch.zeros_like(tall[:1]), tall])
    mean = (tall[2 * _ALONG + 1:] - tall[:-2 * _ALONG - 1]) / (2 * _ALONG + 1)
    wide, width = padded(mean, x=half + 3), luma.shape[1]
    left = (wide[:, 0:width] + wide[:, 1:width + 1] + wide[:, 2:width + 2]) / 3
    start = 2 * half + 4
    right = (wide[:, start:start + width] + wide[:, start + 1:start + 1 + width]
             + wide[:, start + 2:start + 2 + width]) / 3
    above = torch.minimum(mean - left, mean - right).clamp_(min=0)
    below = torch.minimum(left - mean, right - mean).clamp_(min=0)
    return above - below


def lines(luma: Tensor, threshold: float) -> list[Line]:
    """The lines of luma [H, W] that stand out by `threshold`, strongest first."""
    half = half_width(luma.shape[1])
    out = standing_out(luma, half)
    found = [line for sign in (1, -1) for line in _of_sign(out * sign, sign, threshold)]
    found.sort(key=lambda line: -line.depth * line.length)
    kept: list[Line] = []
    for line in found:
        if all(abs(line.place - other.place) > _APART + half for other in kept):
            kept.append(line)
    return kept


def half_width(width: int) -> int:
    """Of the widest scratch looked for, in a picture `width` wide."""
    return max(2, round(0.006 * width))


def _of_sign(out: Tensor, sign: int, threshold: float) -> list[Line]:
    height, width = out.shape
    wide = padded(out, x=2)
    peak = torch.stack([wide[:, step:step + width] for step in range(5)]).amax(0)
    hits = ((out > threshold) & (out >= peak)).float()
    spread = padded(hits, x=1)
    spread = torch.maximum(torch.maximum(spread[:, :-2], spread[:, 2:]), hits)
    part = height // _PARTS
    tests = log(width * len(_SLANTS) * _PARTS / _EPSILON)
    found = []
    for slant in _SLANTS:
        counts = sheared(spread, slant)[:part * _PARTS].reshape(_PARTS, part, width).sum(1)
        gain = _evidence(counts[:-1] + counts[1:], 2 * part)
        best = gain.amax(0)
        for column in torch.nonzero(best > tests)[:, 0].tolist():
            accepted = torch.nonzero(gain[:, column] > tests)[:, 0].tolist()
            found.append((float(gain[:, column].clamp(min=0).sum()), column, slant, accepted))
    return [_line(out, sign, column, slant, accepted, part) for _, column, slant, accepted in _best(found)]


def _best(found: list[tuple[float, int, float, list[int]]]) -> list[tuple[float, int, float, list[int]]]:
    kept: list[tuple[float, int, float, list[int]]] = []
    for each in sorted(found, key=lambda one: -one[0]):
        if all(abs(each[1] - other[1]) > _APART for other in kept):
            kept.append(each)
    return kept[:64]


def sheared(planes: Tensor, slant: float) -> Tensor:
    """Rows moved so that a line of that slant stands upright, at the column where it crosses the middle row."""
    height, width = planes.shape
    shifts = ((torch.arange(height, device=planes.device) - (height - 1) / 2) * slant).round().long()
    columns = (torch.arange(width, device=planes.device)[None] + shifts[:, None]).clamp(0, width - 1)
    return planes.gather(1, columns)


def _evidence(counts: Tensor, rows: int) -> Tensor:
    """Minus the logarithm of the bound on the chance of so many hits in so many rows; [stretches, W]."""
    width = counts.shape[1]
    wide = padded(counts, x=_NEAR).cumsum(1)
    wide = torch.cat([torch.zeros_like(wide[:, :1]), wide], 1)
    around = wide[:, 2 * _NEAR + 1:] - wide[:, :-2 * _NEAR - 1]
    own = padded(counts, x=2)
    own = torch.stack([own[:, step:step + width] for step in range(5)]).sum(0)
    chance = ((around - own) / ((2 * _NEAR - 4) * rows)).clamp(0.04, 0.9)
    share = (counts / rows).clamp(0.001, 0.999)
    distance = share * (share / chance).log() + (1 - share) * ((1 - share) / (1 - chance)).log()
    return torch.where(share > chance, distance, torch.zeros_like(distance)) * (rows / _ALONG)


def _line(out: Tensor, sign: int, column: int, slant: float, accepted: list[int], part: int) -> Line:
    """The line with its place to a fraction of a pixel."""
    height = out.shape[0]
    top, bottom = accepted[0] * part, (accepted[-1] + 2) * part
    bottom = height if bottom >= part * _PARTS else bottom
    upright = sheared(out, slant)[top:bottom]
    low, high = max(0, column - 3), min(out.shape[1], column + 4)
    profile = upright[:, low:high].mean(0).clamp(min=0)
    weights = profile.square()
    place = float((weights * torch.arange(low, high, device=out.device)).sum() / weights.sum().clamp(min=1e-12))
    return Line(place, slant, sign, top, bottom, float(profile.max()))
