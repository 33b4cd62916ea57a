"""Small likenesses of frames, and how alike two of them are when the light, or the camera, has moved."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, avg_pool2d

from restoration.engine.frames import Frame

ROWS, COLUMNS = 36, 64
# Likeness of structure, and under a pan: 97 of 100 pairs of pictures from two recordings lie below both. So may
# neighbours in one shot while a camera falls, or a tape has lost its tracking.
UNRELATED, UNRELATED_PAN = 0.2, 0.5
LEAST_CONTRAST = 0.05  # Less is haze, darkness, or light that fills the picture.
# Likeness of neighbouring cells, along lines and across them: recorded pictures have more in both, a tape's snow has
# 0.1, and its streaks hardly more across.
SMOOTHEST_NOISE = 0.2


@dataclass(frozen=True, slots=True)
class Sketch:
    """picture: float [3, 36, 64], Y'CbCr as in Frame.planes, of one field; structure: [36, 64], its edges without
    brightness, contrast or colour; level and contrast: mean and standard deviation of its luma."""

    picture: Tensor
    structure: Tensor
    level: float
    contrast: float

    @property
    def is_black(self) -> bool:
        return self.level < 0.06 and self.contrast < 0.02

    @property
    def shows_something(self) -> bool:
        """Whether there is a view to recognise, rather than an even light or a tape's snow."""
        beside = [_correlation(self.structure, self.structure, *step) for step in ((0, 1), (1, 0))]
        return self.contrast > LEAST_CONTRAST and min(beside) > SMOOTHEST_NOISE


def of_frame(frame: Frame) -> Sketch:
    """The sketch of a frame's first lines, so that no frame of two moments shows two shots at once."""
    return of_planes(frame.planes)


def of_planes(planes: Tensor) -> Sketch:
    """The sketch of planes [3, H, W] on the scale of Frame.planes."""
    field = planes[:, ::2]
    step = max(1, field.shape[1] // (2 * ROWS)), max(1, field.shape[2] // (4 * COLUMNS))
    picture = adaptive_avg_pool2d(field[:, ::step[0], ::step[1]], (ROWS, COLUMNS))
    return Sketch(picture, _structure(picture[0]), float(picture[0].mean()), float(picture[0].std()))


def _structure(luma: Tensor) -> Tensor:
    """What is left of luma when its surroundings' brightness and contrast are taken out: a lamp that is dimmed, or a
    flash, leaves it almost as it is."""
    mean = _blurred(luma)
    detail = luma - mean
    return detail / (_blurred(detail.square()).sqrt() + 0.01)


def _blurred(luma: Tensor, width: int = 9) -> Tensor:
    for size in ((width, 1), (1, width)):
        luma = avg_pool2d(luma[None], size, 1, (size[0] // 2, size[1] // 2), count_include_pad=False)[0]
    return luma


def difference(one: Sketch, two: Sketch) -> float:
    """Mean absolute difference of the pictures, colour counted with luma: 0 alike, above 0.1 much."""
    return float((one.picture - two.picture).abs().sum(0).mean())


def likeness(one: Sketch, two: Sketch) -> float:
    """Correlation of the structures, -1..1, at the best shift of one cell: 1 the same view under any light."""
    return max(_correlation(one.structure, two.structure, y, x) for y in (-1, 0, 1) for x in (-1, 0, 1))


def _correlation(one: Tensor, two: Tensor, y: int, x: int) -> float:
    left, right = _overlap(one, y, x), _overlap(two, -y, -x)
    return float((left * right).sum() / ((left.square().sum() * right.square().sum()).sqrt() + 1e-6))


def _overlap(luma: Tensor, y: int, x: int) -> Tensor:
    rows = slice(max(0, y), luma.shape[0] + min(0, y))
    return luma[rows, max(0, x):luma.shape[1] + min(0, x)]


def likeness_under_pan(one: Sketch, two: Sketch) -> float:
    """Correlation of the lumas, -1..1, at the best shift of up to half the width and a third of the height, where
    they overlap: high where the camera only turned."""
    left, right = (sketch.picture[0] - _blurred(sketch.picture[0], 21) for sketch in (one, two))
    inside = torch.ones_like(left)
    size = (2 * ROWS, 2 * COLUMNS)
    spectra = torch.fft.rfft2(torch.stack([left, left.square(), inside, right, right.square(), inside]), s=size)
    products = spectra[[0, 1, 2]] * spectra[[3, 5, 4]].conj()
    both, left_energy, right_energy = torch.fft.irfft2(products, s=size)
    shifts = torch.cat([torch.arange(ROWS // 3), torch.arange(2 * ROWS - ROWS // 3, 2 * ROWS)])
    across = torch.cat([torch.arange(COLUMNS // 2), torch.arange(2 * COLUMNS - COLUMNS // 2, 2 * COLUMNS)])
    scale = (left_energy.clamp(min=0) * right_energy.clamp(min=0)).sqrt() + 1e-3
    return float((both / scale)[shifts][:, across].max())


def are_unrelated(one: Sketch, two: Sketch) -> bool:
    """Whether both show something, and nothing of it in common: beyond what light, motion or a turn of the camera could
    have done between them."""
    return (likeness(one, two) < UNRELATED and likeness_under_pan(one, two) < UNRELATED_PAN
            and one.shows_something and two.shows_something)


def blend_of(between: list[Sketch], before: Sketch, after: Sketch) -> tuple[Tensor, float]:
    """How far each sketch is on the straight way from one to the other (0..1), and how far off that way at worst,
    as a share of the way's length."""
    way = (after.picture - before.picture).flatten()
    steps = torch.stack([sketch.picture.flatten() for sketch in between]) - before.picture.flatten()
    length = way.square().sum() + 1e-9
    shares = steps @ way / length
    rest = (steps - shares[:, None] * way).square().sum(1)
    return shares, float((rest / length).sqrt().max())
