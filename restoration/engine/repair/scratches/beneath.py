"""What lies under a line, guessed from both sides of it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around
from restoration.engine.repair.scratches.lines import Line

_RIMS = 2  # Columns on each side that the rims of a scratch may take beyond it.
_CLIMB = 6  # Rows by which a structure may climb from one side to the other, and back.


def half_width(width: int) -> int:
    """Of what is taken off, in a picture `width` wide."""
    return max(2, round(0.0055 * width))


def bridged(luma: Tensor, found: Sequence[Line]) -> Tensor:
    """Luma [H, W] with what lies on both sides of each line in its place."""
    made, half = luma.clone(), half_width(luma.shape[1]) + _RIMS
    for line in found:
        middle = line.columns.to(luma.device)[line.top:line.bottom]
        low, high = max(0, int(middle.min()) - half - 4), min(luma.shape[1], int(middle.max()) + half + 5)
        band = made[None, line.top:line.bottom, low:high]
        away = (torch.arange(low, high, device=luma.device)[None] - middle.round()[:, None]).abs()
        made[line.top:line.bottom, low:high] = torch.where(away <= half, across(band, middle - low, half), band)[0]
    return made


def across(band: Tensor, middle: Tensor, half: int) -> Tensor:
    """What a straight line from one side to the other shows: [3, R, w]."""
    left, right = _columns(band, middle, -half - 1), _columns(band, middle, half + 1)
    place = torch.arange(band.shape[2], device=band.device)[None] - middle.round()[:, None]
    share = ((place + half + 1.5) / (2 * half + 3)).clamp(0, 1)
    return left[..., None] + (right - left)[..., None] * share


def directed(band: Tensor, middle: Tensor, half: int) -> Tensor:
    """The same along the structure that crosses: the climb at which both sides look most alike."""
    rows = torch.arange(band.shape[1], device=band.device, dtype=band.dtype)
    climbs = sorted(range(-_CLIMB, _CLIMB + 1), key=abs)
    costs = torch.stack([(_columns(band, middle, -half - 1, rows - climb)[0]
                          - _columns(band, middle, half + 1, rows + climb)[0]).abs() for climb in climbs])
    costs = mean_around(costs[:, :, None], x=0, y=2)[..., 0] + 0.004 * costs.new_tensor(climbs).abs()[:, None]
    climb = mean_around(costs.new_tensor(climbs)[costs.argmin(0)][:, None], x=0, y=2)[:, 0]
    made = torch.zeros_like(band)
    around = torch.arange(-half - 1, half + 2, device=band.device)
    for away in around.tolist():
        share = (away + half + 1.5) / (2 * half + 3)
        left = _columns(band, middle, -half - 1, rows - 2 * share * climb)
        right = _columns(band, middle, half + 1, rows + 2 * (1 - share) * climb)
        place = (middle.round().long() + away).clamp(0, band.shape[2] - 1)
        made[:, rows.long(), place] = left + (right - left) * share
    return made


def _columns(band: Tensor, middle: Tensor, away: int, rows: Tensor | None = None) -> Tensor:
    """Two columns' mean, that many and one more to the right of the middle (left where negative): [3, R]. rows: float
    [R], from where instead of each row itself."""
    height, width = band.shape[1:]
    found = []
    for step in (0, 1):
        place = (middle.round().long() + away + (step if away > 0 else -step)).clamp(0, width - 1)
        if rows is None:
            found.append(band[:, torch.arange(height, device=band.device), place])
            continue
        at = rows.clamp(0, height - 1)
        upper = at.floor().long()
        lower, share = (upper + 1).clamp(max=height - 1), at - upper
        found.append(band[:, upper, place] * (1 - share) + band[:, lower, place] * share)
    return (found[0] + found[1]) / 2
