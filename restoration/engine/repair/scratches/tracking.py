"""Which lines are scratches: they keep their profile and stay near one column from moment to moment, and do not go with
the scene.

A microphone stand or a truss is a line too, but it keeps to its place in the scene (the temporal test of Newson,
Almansa, Gousseau, Pérez 2014), and what deforms as it moves does not keep its profile. A line's way is compared with
the ways of the picture to its left, to its right and as a whole; what lies between these is parallax. Where nothing
moves and the line does not tremble either it cannot be told, and is picture.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.repair.scratches.lines import Line, half_width, sheared, standing_out

LOOK = 3  # Moments on each side.
_WANDER = 4  # Pixels that a scratch may lie from where it lay in the middle moment.
_ALIKE = 0.85  # Correlation of profiles from which on it is the same line.
_LEAST = 0.6  # Share of the other moments in which it must be found again.
_OWN_WAY = 0.5  # Pixels that its way must leave the scene's, in two moments at least.
_BESIDE = (7, 22)  # Columns on each side whose motion is the scene's.


def scratches_of(lumas: Sequence[Tensor], flows: Sequence[Tensor], middle: int, found: Sequence[Line]) -> list[Line]:
    """Those of the lines found in the moment `middle` that are scratches. lumas: [H, W] of consecutive moments; flows:
    [2, H, W] from each to the next."""
    outs = [standing_out(luma, half_width(luma.shape[1])) for luma in lumas]
    return [line for line in found if _goes_its_own_way(line, outs, flows, middle)]


def _goes_its_own_way(line: Line, outs: Sequence[Tensor], flows: Sequence[Tensor], middle: int) -> bool:
    own = _profile(outs[middle], line)
    seen, strayed = 0, 0
    for number in range(len(outs)):
        moved = None if number == middle else _moved(own, _profile(outs[number], line))
        if moved is None:
            continue
        seen += 1
        between = range(middle, number) if number > middle else range(number, middle)
        scene = sum((_scene(flows[step], line) for step in between), torch.zeros(3)) * (1 if number > middle else -1)
        strayed += bool(moved < scene.min() - _OWN_WAY or moved > scene.max() + _OWN_WAY)
    return seen >= _LEAST * (len(outs) - 1) and strayed >= 2


def _profile(out: Tensor, line: Line) -> Tensor:
    """What stands out around the line, averaged along it."""
    upright = sheared(out, line.slant)[line.top:line.bottom] * line.sign
    place, reach = round(line.place), 2 * _WANDER + 3
    columns = torch.arange(place - reach, place + reach + 1, device=out.device).clamp(0, out.shape[1] - 1)
    return upright[:, columns].mean(0)


def _moved(own: Tensor, other: Tensor) -> float | None:
    """How far the profile lies to the right of its own place, to a fraction of a pixel; None where it is not there."""
    core = own[_WANDER + 1:-_WANDER - 1]
    core = core - core.mean()
    parts = other.unfold(0, len(core), 1)
    parts = parts - parts.mean(1, keepdim=True)
    alike = (parts @ core) / (parts.norm(dim=1) * core.norm()).clamp(min=1e-9)
    best = int(alike[1:-1].argmax()) + 1
    strength = float(parts[best].norm() / core.norm().clamp(min=1e-9))
    if float(alike[best]) < _ALIKE or not 0.5 < strength < 2:
        return None
    low, here, high = (float(each) for each in alike[best - 1:best + 2])
    bend = low - 2 * here + high
    return best - (_WANDER + 1) + (0.5 * (low - high) / bend if bend < -1e-6 else 0.0)


def _scene(flow: Tensor, line: Line) -> Tensor:
    """How far the picture goes across: to the left of the line, to its right, and as a whole; [3]."""
    place = round(line.place)
    near, far = _BESIDE
    rows = flow[0, line.top:line.bottom]
    left, right = rows[:, max(0, place - far):max(0, place - near)], rows[:, place + near + 1:place + far + 1]
    whole = flow[0, ::8, ::8].median()
    return torch.stack([side.median() if side.numel() else whole for side in (left, right, whole)]).cpu()
