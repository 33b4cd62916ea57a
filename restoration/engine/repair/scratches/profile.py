"""Taking a scratch off: what lies under it is guessed from both sides, and of the difference only what stays the same
along the scratch is its own. That is subtracted, so that the picture under it stays."""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.compute.local import mean_around, padded
from restoration.engine.repair.scratches.lines import Line
from restoration.engine.repair.scratches.tracing import Trace

_ALONG = 20  # Of the height, one part: over so many rows above and below a scratch keeps its profile.
_TAPS = 8  # Above and below, however many rows these are.
_BEYOND = 24  # Of the height, one part: how far beyond its ends a scratch fades.
_RIMS = 2  # Columns on each side that the rims of a scratch may take beyond it.
_CLIMB = 6  # Rows by which a structure may climb from one side to the other, and back.
_FAINT, _CLEAR = 0.12, 0.35  # Of its usual depth: where a scratch ends, and from where on it is taken off whole.
_LEAST = 0.4 / 255  # What nobody sees is left as it is.


def half_width(width: int) -> int:
    """Of what is taken off, in a picture `width` wide."""
    return max(2, round(0.0055 * width))


def without(planes: Tensor, scratch: Trace) -> Tensor:
    """Planes [3, H, W] without the scratch; everything further from it than it is wide is bit for bit what it was."""
    height, width = planes.shape[1:]
    rows = torch.nonzero(scratch.there)[:, 0]
    if not len(rows):
        return planes
    half, beyond = half_width(width), height // _BEYOND
    top, bottom = max(0, int(rows[0]) - beyond), min(height, int(rows[-1]) + 1 + beyond)
    middle = scratch.columns[top:bottom]
    low = max(0, int(middle.min()) - 2 * half - 4)
    high = min(width, int(middle.max()) + 2 * half + 5)
    band, middle = planes[:, top:bottom, low:high], middle - low
    excess = torch.stack([band - guess for guess in (_across(band, middle, half), _directed(band, middle, half))])
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


def bridged(luma: Tensor, found: Sequence[Line]) -> Tensor:
    """Luma [H, W] with what lies on both sides of each line in its place."""
    made, half = luma.clone(), half_width(luma.shape[1]) + _RIMS
    for line in found:
        middle = line.columns.to(luma.device)[line.top:line.bottom]
        low, high = max(0, int(middle.min()) - half - 4), min(luma.shape[1], int(middle.max()) + half + 5)
        band = made[None, line.top:line.bottom, low:high]
        away = (torch.arange(low, high, device=luma.device)[None] - middle.round()[:, None]).abs()
        made[line.top:line.bottom, low:high] = torch.where(away <= half, _across(band, middle - low, half), band)[0]
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


def _across(band: Tensor, middle: Tensor, half: int) -> Tensor:
    """What a straight line from one side to the other shows: [3, R, w]."""
    left, right = _columns(band, middle, -half - 1), _columns(band, middle, half + 1)
    place = torch.arange(band.shape[2], device=band.device)[None] - middle.round()[:, None]
    share = ((place + half + 1.5) / (2 * half + 3)).clamp(0, 1)
    return left[..., None] + (right - left)[..., None] * share


def _directed(band: Tensor, middle: Tensor, half: int) -> Tensor:
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
