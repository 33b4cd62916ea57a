"""Where a track wanders, and where the scene beside it goes.

A place is told by the line's own profile, of the whole line and of each quarter of the picture's height that it runs
through: film slides and shivers in the gate while it is torn, and so a scratch bends otherwise in every frame.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.repair.scratches.lines import Line, along
from restoration.engine.repair.scratches.moments import Moment
from restoration.engine.repair.scratches.tracking import WANDER, Track

_PARTS = 4  # Of the height of the picture.
_REACH = 2 * WANDER + 3  # Columns on each side that a profile holds.
_ALIKE = 0.8  # Correlation of profiles from which on it is the same line.
_BESIDE = (5, 22)  # Columns on each side whose motion is the scene's.


def ways(track: Track, reference: int, moments: Sequence[Moment]) -> Tensor:
    """How far the track lies to the right of its place in the reference: float [T, 1 + parts] for each moment from its
    first to its last, of the whole line and of its parts; NaN where its profile is not the same."""
    own = track.at(reference)
    places = [round(track.at(index).place) for index in range(track.first, track.last + 1)]
    profiles = torch.stack([_profiles(moments[index].standing, own, place)
                            for index, place in enumerate(places, track.first)])
    at = reference - track.first
    moved = _moved(profiles[at], profiles)
    return moved + (torch.tensor(places, dtype=moved.dtype) - places[at])[:, None]


def scene_along(track: Track, moments: Sequence[Moment]) -> Tensor:
    """How far the scene beside the track has gone since its first moment: to the left of the line, to its right, and as
    a whole; float [T, 3]."""
    steps = [_scene(moments[index].flow(moments[index + 1]), track.at(index), moments[index].planes.shape[2])
             for index in range(track.first, track.last)]
    return torch.stack([torch.zeros(3), *steps]).cumsum(0)


def _profiles(out: tuple[Tensor, int], line: Line, place: int) -> Tensor:
    """What stands out around the place, averaged along the whole line and along each of its parts: [1 + parts, w]."""
    rows, step = out
    top, bottom = line.top // step, min(len(rows), max(line.bottom // step, line.top // step + 1))
    near = torch.arange(place - _REACH, place + _REACH + 1)
    strip = along(rows, line.slant * step, near, top, bottom) * line.sign
    parts = min(len(strip), max(1, round(_PARTS * line.length / line.height)))
    each = len(strip) // parts
    return torch.cat([strip.mean(0, keepdim=True), strip[:each * parts].reshape(parts, each, -1).mean(1)])


def _moved(own: Tensor, others: Tensor) -> Tensor:
    """How far profiles [T, n, w] lie to the right of their own [n, w], to a fraction of a pixel; NaN where they are
    not there."""
    core = own[:, WANDER + 1:-WANDER - 1]
    core = core - core.mean(1, keepdim=True)
    parts = others.unfold(2, core.shape[1], 1)
    parts = parts - parts.mean(3, keepdim=True)
    norm, usual = parts.norm(dim=3), core.norm(dim=1)[None, :, None]
    alike = (parts * core[None, :, None]).sum(3) / (norm * usual).clamp(min=1e-9)
    best = alike[..., 1:-1].argmax(2, keepdim=True) + 1
    low, here, high = (alike.gather(2, best + step)[..., 0] for step in (-1, 0, 1))
    bend = low - 2 * here + high
    moved = best[..., 0] - (WANDER + 1) + torch.where(bend < -1e-6, 0.5 * (low - high) / bend, 0.0)
    strength = (norm.gather(2, best) / usual.clamp(min=1e-9))[..., 0]
    return moved.masked_fill((here < _ALIKE) | (strength <= 0.5) | (strength >= 2), float("nan"))


def _scene(flow: Tensor, line: Line, width: int) -> Tensor:
    """How far the picture, `width` wide, goes across: to the left of the line, to its right, and as a whole; [3].
    flow: [R, w]."""
    row, column = line.height / len(flow), width / flow.shape[1]
    rows = flow[int(line.top / row):max(int(line.bottom / row), int(line.top / row) + 1)]
    near, far = _BESIDE
    left, right = (rows[:, max(0, round((line.place + one) / column)):max(0, round((line.place + other) / column))]
                   for one, other in ((-far, -near), (near + 1, far + 1)))
    whole = flow[::2, ::4].median()
    return torch.stack([side.median() if side.numel() else whole for side in (left, right, whole)])
