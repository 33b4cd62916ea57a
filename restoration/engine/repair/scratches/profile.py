"""Taking a scratch off: what lies under it is guessed from both sides, and of the difference only what stays the same
along the scratch is its own. That is subtracted, so that the picture under it stays."""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around, padded
from restoration.engine.repair.scratches.beneath import across, directed, half_width
from restoration.engine.repair.scratches.tracing import Trace

_ALONG = 20  # Of the height, one part: over so many rows above and below a scratch keeps its profile.
_TAPS = 8  # Above and below, however many rows these are.
_BEYOND = 24  # Of the height, one part: how far beyond its ends a scratch fades.
_FAINT, _CLEAR = 0.12, 0.35  # Of its usual depth: where a scratch ends, and from where on it is taken off whole.
_LEAST = 0.4 / 255  # What nobody sees is left as it is.
_RIM_LEAST, _RIM_SURE = 1 / 255, 3.0  # How high a rim beside it must be, and in standard deviations of its median.
_ALIKE = 8  # Rows that say no more than one.


def without(planes: Tensor, scratch: Trace) -> Tensor:
    """Planes [3, H, W] without the scratch; everything further from it than it is wide is bit for bit what it was."""
    height, width = planes.shape[1:]
    planes = _without_rims(planes, scratch)
    rows = torch.nonzero(scratch.there)[:, 0]
    if not len(rows):
        return planes
    half, beyond = half_width(width), height // _BEYOND
    top, bottom = max(0, int(rows[0]) - beyond), min(height, int(rows[-1]) + 1 + beyond)
    middle = scratch.columns[top:bottom]
    low = max(0, int(middle.min()) - 2 * half - 4)
    high = min(width, int(middle.max()) + 2 * half + 5)
    band, middle = planes[:, top:bottom, low:high], middle - low
    excess = torch.stack([band - guess for guess in (across(band, middle, half), directed(band, middle, half))])
    away = (torch.arange(high - low, device=planes.device)[None] - middle[:, None]).abs()
    core = torch.nonzero((away <= half + 0.5).any(0))[:, 0]
    excess, away = (each[..., int(core[0]):int(core[-1]) + 1] for each in (excess, away))
    low, high = low + int(core[0]), low + int(core[-1]) + 1
    profile = _same_along(excess, height)
    profile = profile * (away <= half + 0.5) * _share(profile[0] * scratch.sign, away, scratch.there[top:bottom])
    profile = torch.where(profile.abs().amax(0) > _LEAST, profile, torch.zeros_like(profile))
    made = planes.clone()
    made[:, top:bottom, low:high] -= profile
    return made


def covered(planes: Tensor, found: Sequence[Trace]) -> Tensor:
    """Bool [H, W]: where the scratches' cores lie."""
    mask = torch.zeros(planes.shape[1:], dtype=torch.bool, device=planes.device)
    for scratch in found:
        away = (torch.arange(planes.shape[2], device=planes.device)[None] - scratch.columns[:, None]).abs()
        mask |= (away <= half_width(planes.shape[2]) / 2) & scratch.there[:, None]
    return mask


def _without_rims(planes: Tensor, scratch: Trace) -> Tensor:
    """Planes without the rims in the columns just beside a wide scratch, which would spoil the guess of what lies under
    it: what most rows have in common there."""
    rows, outer = torch.nonzero(scratch.there)[:, 0], half_width(planes.shape[2]) + 1
    if len(rows) < _ALIKE:
        return planes
    middle = scratch.columns[rows]
    low = max(0, int(middle.min()) - outer - 3)
    band = planes[:1, rows, low:int(middle.max()) + outer + 4]
    beside = middle.round().long()[:, None] - low + torch.tensor([-outer, outer], device=planes.device)
    beside = beside.clamp(0, band.shape[2] - 1)
    excess = (band - across(band, middle - low, outer))[0].gather(1, beside)
    rim = excess.median(0).values
    spread = 1.5 * (excess - rim).abs().median(0).values
    rim = rim * (rim.abs() > torch.clamp(_RIM_SURE * spread * (_ALIKE / len(rows)) ** 0.5, min=_RIM_LEAST))
    made = planes.clone()
    made[0, rows[:, None], beside + low] -= rim
    return made


def _same_along(excess: Tensor, height: int) -> Tensor:
    """What several guesses' differences [n, 3, R, w] have in common over the rows around each: [3, R, w]."""
    reach = max(2, height // _ALONG)
    step = max(1, reach // _TAPS)
    wide, rows = padded(excess, y=reach), excess.shape[2]
    taps = torch.cat([wide[:, :, place:place + rows] for place in range(reach % step, 2 * reach + 1, step)])
    calm = reach // 2
    return mean_around(mean_around(taps.median(0).values, x=0, y=max(1, calm // 2)), x=0, y=max(1, calm // 2))


def _share(depth: Tensor, away: Tensor, there: Tensor) -> Tensor:
    """How much of the profile belongs to the scratch in each row, [R, 1]: none where it is much fainter than usual, or
    is not there."""
    core = (away <= 1).to(depth.dtype)
    strength = (depth * core).sum(1) / core.sum(1).clamp(min=1)
    usual = strength[there].median().clamp(min=1e-4)
    near = mean_around(there.to(depth.dtype)[:, None], x=0, y=max(1, len(there) // 60))
    return ((strength / usual - _FAINT) / (_CLEAR - _FAINT)).clamp(0, 1)[:, None] * (4 * near).clamp(max=1)
