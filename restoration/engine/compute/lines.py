"""Filters along lines, [..., H, W] float, as sums of shifted slices: the same bits on any number of threads. Edges
repeat the outermost pixel."""

from math import cos, floor, pi, sin

import torch
from torch import Tensor

from restoration.engine.compute.local import padded


def band_taps(low: float, high: float, radius: int) -> tuple[float, ...]:
    """Taps 0..radius of a symmetric band-pass, edges in cycles per pixel: a Hann-windowed sinc without any response to
    even brightness."""
    middle, half = (low + high) / 2, (high - low) / 2
    window = [0.5 + 0.5 * cos(pi * place / (radius + 1)) for place in range(radius + 1)]
    taps = [4 * half * shape * _sinc(2 * half * place) * cos(2 * pi * middle * place)
            for place, shape in enumerate(window)]
    excess = (taps[0] + 2 * sum(taps[1:])) / (window[0] + 2 * sum(window[1:]))
    return tuple(tap - excess * shape for tap, shape in zip(taps, window, strict=True))


def filtered(lines: Tensor, taps: tuple[float, ...]) -> Tensor:
    """The lines through a symmetric filter, of which the middle and one side are given."""
    reach, width = len(taps) - 1, lines.shape[-1]
    wide = padded(lines, x=reach)
    made = wide[..., reach:reach + width] * taps[0]
    for step, tap in enumerate(taps[1:], start=1):
        left, right = wide[..., reach - step:reach - step + width], wide[..., reach + step:reach + step + width]
        made.add_(left + right, alpha=tap)
    return made


def _sinc(place: float) -> float:
    return sin(pi * place) / (pi * place) if place else 1.0


def shifted(planes: Tensor, by: float) -> Tensor:
    """The picture moved to the right by so many pixels, a fraction of one by a Lanczos filter of eight taps."""
    whole = floor(by)
    part = by - whole
    if part == 0:
        return _at(planes, -whole)
    taps = [_sinc(place - part) * _sinc((place - part) / 4) for place in range(-3, 5)]
    total = sum(taps)
    made = torch.zeros_like(planes)
    for place, tap in zip(range(-3, 5), taps, strict=True):
        made.add_(_at(planes, -whole - place), alpha=tap / total)
    return made


def _at(planes: Tensor, step: int) -> Tensor:
    """Every pixel the one `step` to the right of it."""
    if step == 0:
        return planes
    return padded(planes, x=abs(step))[..., abs(step) + step:][..., :planes.shape[-1]]


def each_moved(planes: Tensor, by: Tensor) -> Tensor:
    """Every line of planes [C, h, W] moved to the right by its own `by` [h], by a Lanczos filter of eight taps."""
    width = planes.shape[-1]
    whole = by.floor()
    part = (by - whole)[:, None]
    # One look-up brings every line to its whole pixel with what the filter needs around; the rest are slices.
    places = torch.arange(-4, width + 3, device=by.device)[None] - whole.long()[:, None]
    wide = torch.gather(planes, -1, places.clamp_(0, width - 1).expand(*planes.shape[:-1], -1))
    made, total = torch.zeros_like(planes), torch.zeros_like(part)
    for place in range(-3, 5):
        tap = torch.sinc(place - part) * torch.sinc((place - part) / 4)
        made.addcmul_(wide[..., 4 - place:4 - place + width], tap)
        total += tap
    return made / total


def between(other: Tensor, parity: int) -> Tensor:
    """The mean of the two lines of the other field [..., h, W] between which each line of a field of that parity lies:
    0 where it has a frame's even lines."""
    tall, height = padded(other, y=1), other.shape[-2]
    return 0.5 * (tall[..., parity:parity + height, :] + tall[..., parity + 1:parity + 1 + height, :])
