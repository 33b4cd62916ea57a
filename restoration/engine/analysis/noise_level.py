"""How strong the noise is, from two frames: their difference where nothing moves or nothing is to be seen.

Blocks of one field: in each, the difference to the same field of the frame before, less what small motion explains
(one step of Lucas-Kanade), and the high-pass of Immerkaer (1996), which needs no second frame. Structure and motion
can only raise a block's value, so the lower end of all blocks is the noise. Temporal noise is measured at its true
strength whatever its grain size; the high-pass is trusted only where everything moves.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

BLOCK = 8, 16  # lines of a field, columns
BANDS = 8
DARKEST, BRIGHTEST = 0.01, 0.99
LOWER_END = 0.15  # The share of blocks taken for still or even.
BIAS = 1.06  # What the lower end of blocks of pure noise lacks to their true value; measured on noise alone.
SPATIAL_BIAS = 1.09
FEWEST_BLOCKS = 12
LARGEST = 576, 720


@dataclass(frozen=True, slots=True)
class NoiseSample:
    """Standard deviations on the 0..1 scale of Frame.planes. by_luma: of blocks whose mean lies in each eighth of the
    luma scale, None where there are too few. along, across: correlation of the noise with the next pixel of the line,
    and with the next line of the frame."""

    luma: float
    chroma: float
    by_luma: tuple[float | None, ...]
    along: float
    across: float


def sample(planes: Tensor, before: Tensor) -> NoiseSample | None:
    """The noise between two frames' planes [3, H, W]; None where they are the same picture, or too small to tell."""
    planes, before = _middle(planes), _middle(before)
    now, then = planes[0, ::2], before[0, ::2]
    difference = now - then
    if now.shape[0] < 3 * BLOCK[0] or now.shape[1] < 3 * BLOCK[1] or float(difference.abs().max()) == 0:
        return None
    level = _blocks(now).mean(-1)
    temporal = _residue(difference, (now + then) / 2)
    shift = _pan(now, then)
    if shift != (0, 0):
        moved = torch.roll(then, shift, (0, 1))
        temporal = torch.minimum(temporal, _residue(now - moved, (now + moved) / 2))
    usable = (level > DARKEST) & (level < BRIGHTEST) & (temporal > 0)
    if int(usable.sum()) < FEWEST_BLOCKS:
        return None
    luma, curve = _lower_end(temporal, _high_pass(now), level, usable)
    chroma = [_lowest(_residue(planes[index, ::2] - before[index, ::2], None)[usable]) for index in (1, 2)]
    still = usable & (_residue(difference, None) <= 1.25 * luma)
    along, across = _correlations(difference, planes[0, 1::2] - before[0, 1::2], still)
    return NoiseSample(luma, sum(chroma) / 2, curve, along, across)


def _middle(planes: Tensor) -> Tensor:
    """At most a standard-definition picture from the middle: enough to tell, and the same cost for every raster."""
    top, left = (max(0, (size - most) // 2) // 2 * 2 for size, most in zip(planes.shape[1:], LARGEST, strict=True))
    return planes[:, top:top + LARGEST[0], left:left + LARGEST[1]]


def _blocks(plane: Tensor) -> Tensor:
    """[n, pixels]: the plane cut into blocks."""
    rows, columns = plane.shape[0] // BLOCK[0], plane.shape[1] // BLOCK[1]
    cut = plane[:rows * BLOCK[0], :columns * BLOCK[1]].reshape(rows, BLOCK[0], columns, BLOCK[1])
    return cut.permute(0, 2, 1, 3).reshape(rows * columns, -1)


def _residue(difference: Tensor, picture: Tensor | None) -> Tensor:
    """Each block's standard deviation of one frame's noise, after taking out its mean and its motion."""
    values = _blocks(difference)
    values = values - values.mean(-1, keepdim=True)
    freedom = values.shape[1] - 1
    if picture is not None:
        across, down = torch.zeros_like(picture), torch.zeros_like(picture)
        across[:, 1:-1] = picture[:, 2:] - picture[:, :-2]
        down[1:-1] = picture[2:] - picture[:-2]
        slopes = torch.stack([_blocks(across), _blocks(down)], 1)
        slopes = slopes - slopes.mean(-1, keepdim=True)
        values = values - _explained(slopes[:, 0], slopes[:, 1], values)
        freedom -= 2
    return (values.square().sum(-1) / freedom / 2).sqrt()


def _explained(across: Tensor, down: Tensor, values: Tensor) -> Tensor:
    """The part of the values that one small shift of the block explains, by least squares."""
    xx, yy, xy = ((across * across).sum(-1) + 1e-6, (down * down).sum(-1) + 1e-6, (across * down).sum(-1))
    xv, yv = (across * values).sum(-1), (down * values).sum(-1)
    determinant = xx * yy - xy * xy
    x, y = (xv * yy - yv * xy) / determinant, (yv * xx - xv * xy) / determinant
    return x[:, None] * across + y[:, None] * down


def _pan(now: Tensor, then: Tensor) -> tuple[int, int]:
    """The whole picture's shift in lines and columns, by phase correlation; (0, 0) where there is none to speak of."""
    spectra = torch.fft.rfft2(torch.stack([now - now.mean(), then - then.mean()]))
    product = spectra[0] * spectra[1].conj()
    peaks = torch.fft.irfft2(product / (product.abs() + 1e-9), s=now.shape)
    rows, columns = now.shape
    y, x = divmod(int(peaks.argmax()), columns)
    y, x = (y + rows // 2) % rows - rows // 2, (x + columns // 2) % columns - columns // 2
    return (y, x) if abs(y) < rows // 8 and abs(x) < columns // 8 else (0, 0)


def _high_pass(picture: Tensor) -> Tensor:
    """Each block's standard deviation after the mask [1 -2 1; -2 4 -2; 1 -2 1] / 6."""
    bend = torch.zeros_like(picture)
    down = picture[:-2] - 2 * picture[1:-1] + picture[2:]
    bend[1:-1, 1:-1] = (down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]) / 6
    return _blocks(bend).square().mean(-1).sqrt()


def _lowest(values: Tensor) -> float:
    return BIAS * float(values.quantile(LOWER_END))


def _lower_end(temporal: Tensor, spatial: Tensor, level: Tensor, usable: Tensor
               ) -> tuple[float, tuple[float | None, ...]]:
    """The noise, and its curve by luma. Each band has its own lower end, so that clipped darkness does not speak for
    the rest; the noise is the band's in which the middle block lies."""
    curve: list[float | None] = []
    counted: list[tuple[float, int]] = []
    band = (level * BANDS).long().clamp(0, BANDS - 1)
    for index in range(BANDS):
        inside = usable & (band == index)
        count = int(inside.sum())
        curve.append(_agreed(temporal[inside], spatial[inside]) if count >= FEWEST_BLOCKS else None)
        counted += [(value, count) for value in curve[-1:] if value is not None]
    if not counted:
        return _agreed(temporal[usable], spatial[usable]), tuple(curve)
    passed, half = 0, sum(count for _, count in counted) / 2
    for value, count in sorted(counted):
        passed += count
        if passed >= half:
            return value, tuple(curve)
    return counted[-1][0], tuple(curve)


def _agreed(temporal: Tensor, spatial: Tensor) -> float:
    """Where many blocks agree in time they agree on the noise; motion scatters them, and space may know better."""
    by_time, by_space = _lowest(temporal), SPATIAL_BIAS * float(spatial.quantile(LOWER_END))
    scatter = float(temporal.quantile(2.5 * LOWER_END)) / max(float(temporal.quantile(LOWER_END / 3)), 1e-6)
    return by_time if scatter < 1.4 else min(by_time, by_space)


def _correlations(top: Tensor, bottom: Tensor, still: Tensor) -> tuple[float, float]:
    """Along the line and across lines, in still blocks."""
    rows = min(len(top), len(bottom))
    one, two = (_blocks(field[:rows]) for field in (top, bottom))
    one, two = one[still[:len(one)]], two[still[:len(two)]]
    if not len(one):
        return 0.0, 0.0
    one, two = one - one.mean(-1, keepdim=True), two - two.mean(-1, keepdim=True)
    energy = float(one.square().mean()) + 1e-12
    lines = one.reshape(len(one), *BLOCK)
    along = float((lines[:, :, 1:] * lines[:, :, :-1]).mean()) / energy
    across = float((one * two).mean()) / (energy * float(two.square().mean()) + 1e-24) ** 0.5
    return along, across
