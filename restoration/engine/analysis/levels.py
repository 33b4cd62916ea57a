"""Brightness that was cut off: areas that lie at the highest or lowest level the recording has, all detail gone.

Light that only rarely gets so bright thins out towards its highest level; what was cut off piles up there. So the
share at the end of the scale counts less what lies in the equal stretch beside it.
"""

from collections.abc import Mapping

from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.specimen import Finding, Specimen

WHITE, BLACK = 0.92, 0.03  # Nothing is cut off at white below the one, nor at black above the other.
STRETCH = 1.5 / 255
OUTERMOST = 5e-4  # Share of the points that may lie beyond the end of the scale by ringing and sparkle.
WHOLE = 0.5  # Of the pixels around that must be cut off too: single specks are noise.
LEAST_SHARE = 1e-3
EVEN = 1e-4  # Standard deviation of a line or column that belongs to a border beside the picture.


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """Shares of the picture, borders left out, that are cut off at white and at black, with their masks."""
    luma = specimen.now[0]
    inside = within_borders(luma)
    if not inside.any():
        return {}
    stretch = STRETCH + 2 * min(specimen.noise_sigma[0], 2 / 255)
    return {"clipped white": _cut_off(luma, inside, stretch, WHITE), "clipped black": _cut_off(
        1 - luma, inside, stretch, 1 - BLACK)}


def within_borders(luma: Tensor) -> Tensor:
    """bool [H, W]: all but the black lines and columns at the edges, that are even from end to end."""
    rows, columns = (((luma.std(side) > EVEN + 1 / 255) | (luma.mean(side) > 2 * BLACK)) for side in (1, 0))
    return _between(rows)[:, None] & _between(columns)[None]


def _between(is_picture: Tensor) -> Tensor:
    """From the first to the last that is picture."""
    from_start = is_picture.int().cumsum(0) > 0
    return from_start & (is_picture.flip(0).int().cumsum(0) > 0).flip(0)


def _cut_off(luma: Tensor, inside: Tensor, stretch: float, least: float) -> Finding:
    """At the upper end of luma: how much is piled up there."""
    points = luma[::3, ::3][inside[::3, ::3]]
    if points.numel() == 0:
        return Finding(0.0, 0.6)
    end = float(points.kthvalue(max(1, int((1 - OUTERMOST) * points.numel()))).values)
    if end < least:
        return Finding(0.0, 0.6)
    piled = float((points > end - stretch).float().mean())
    beside = float(((points <= end - stretch) & (points > end - 2 * stretch)).float().mean())
    if piled - 2 * beside < LEAST_SHARE:
        return Finding(0.0, 0.6)
    mask = (luma > end - stretch) & inside
    mask &= box_mean(mask.float(), 1) > WHOLE
    share = float(mask.sum() / inside.sum())
    return Finding(share, 0.6, mask if share else None)
