"""What lies on film and what is torn from it: dust and hair, snow, scratches.

Dirt on a print shadows the light; dirt on the negative, or an emulsion torn off, shows bright. Each particle covers the
picture with an opacity of its own and soft rims, as a scanner's lens shows it, and lives for one frame. A scratch is
torn along the film while it runs: a line with a bright or dark core and rims of the other sign, that wanders across and
breaks off. Sizes are in heights of the picture, so that one strength means the same on any raster.
"""

from dataclasses import dataclass
from math import ceil, cos, pi, sin

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

from restoration.engine.ageing.aged import Aged

VISIBLE = 1.5 / 255  # From this change on a pixel counts as damaged.
_BRIGHT, _DARK = (0.8, 1.0), (0.0, 0.15)


def dust(clip: Tensor, seed: int, *, count: float = 10.0, size: float = 0.025, hairs: float = 0.2,
         opaque: float = 0.6, bright: float = 0.4) -> Aged:
    """Dirt of one frame's life on clip [T, 3, H, W].

    count: particles in a frame, on the average; size: their middle diameter in heights; hairs: share of hair and lint
    among them; opaque: share that hides what is under it, the others let half of it through; bright: share that is
    bright.
    """
    dice = np.random.default_rng(seed)
    aged = clip.clone()
    for planes in aged:
        for _ in range(int(dice.poisson(count))):
            is_hair = dice.random() < hairs
            shape = _hair(dice, clip.shape[-2], size) if is_hair else _speck(dice, clip.shape[-2], size)
            strength = dice.uniform(0.85, 1.0) if dice.random() < opaque else dice.uniform(0.3, 0.65)
            level = dice.uniform(*(_BRIGHT if dice.random() < bright else _DARK))
            _cover(planes, shape * strength, float(level), dice)
    return _aged(clip, aged)


def snow(clip: Tensor, seed: int, *, count: float = 60.0, bright: float = 0.8) -> Aged:
    """Specks of one to three pixels, smeared along the lines, as a worn tape or a dirty gate sows them: `count` of them
    in a frame, most of them bright."""
    dice = np.random.default_rng(seed)
    aged = clip.clone()
    for planes in aged:
        for _ in range(int(dice.poisson(count))):
            shape = torch.zeros(5, 9)
            shape[2, 3:3 + int(dice.integers(1, 4))] = 1.0
            if dice.random() < 0.3:
                shape[3] = shape[2]
            level = dice.uniform(*(_BRIGHT if dice.random() < bright else _DARK))
            _cover(planes, _softened(shape) * dice.uniform(0.6, 1.0), float(level), dice)
    return _aged(clip, aged)


@dataclass(frozen=True, slots=True)
class _Scratch:
    """One scratch over the whole clip: where it starts and how it wanders, its profile and when it is there."""

    places: np.ndarray
    slant: float
    width: float
    depth: float
    runs: tuple[tuple[float, float], ...]
    life: tuple[int, int]


def scratches(clip: Tensor, seed: int, *, count: int = 3, depth: float = 0.2, drift: float = 0.4,
              broken: float = 0.5, bright: float = 0.5) -> Aged:
    """Lines along the film on clip [T, 3, H, W].

    count: scratches in the clip; depth: how far their core moves the brightness, on the 0..1 scale; drift: standard
    deviation of their move from frame to frame, in pixels; broken: share that covers only parts of the height; bright:
    share whose core is bright.
    """
    dice = np.random.default_rng(seed)
    aged = clip.clone()
    lines = [_torn(dice, clip, depth, drift, broken, bright) for _ in range(count)]
    for line in lines:
        for number in range(*line.life):
            _scratch(aged[number], line, float(line.places[number]), dice)
    return _aged(clip, aged)


def _aged(clip: Tensor, aged: Tensor) -> Aged:
    return Aged(aged, clip, ((aged - clip).abs() > VISIBLE).any(1))


def _speck(dice: np.random.Generator, height: int, size: float) -> Tensor:
    """An irregular piece: a threshold through coarse noise on a tilted ellipse, rims softened."""
    radius = max(0.8, 0.5 * height * size * float(dice.lognormal(0, 0.5)))
    half = ceil(1.8 * radius) + 3
    y, x = np.mgrid[-half:half + 1, -half:half + 1] + dice.uniform(-0.5, 0.5, 2)[:, None, None]
    turn, long = dice.uniform(0, pi), dice.uniform(1.0, 1.7)
    across, along = x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn)
    away = np.hypot(across * long ** 0.5, along / long ** 0.5)
    cells = torch.from_numpy(dice.standard_normal((1, 1, 5, 5)).astype(np.float32))
    ragged = interpolate(cells, size=y.shape, mode="bicubic")[0, 0]
    outline = radius * (1 + 0.3 * ragged) - torch.from_numpy(away.astype(np.float32))
    return _softened((outline + 0.5).clamp(0, 1))


def _hair(dice: np.random.Generator, height: int, size: float) -> Tensor:
    """A curl drawn by a point whose direction wanders; lint is short and curls more."""
    length = height * size * float(dice.uniform(1.5, 7.0))
    curl = dice.uniform(0.02, 0.12) * 24 / max(24.0, length)
    width = max(0.45, 0.0022 * height * float(dice.uniform(0.7, 1.6)))
    steps = max(4, int(2 * length))
    turns = np.cumsum(dice.normal(0, curl, steps)) + dice.normal(0, 1.5 * curl) * np.linspace(0, 1, steps)
    heading = dice.uniform(0, 2 * pi) + np.cumsum(turns) * 0.5
    points = np.stack([np.cumsum(np.sin(heading)), np.cumsum(np.cos(heading))], 1) * 0.5
    points -= points.min(0) - 4
    tall, wide = (int(end) + 5 for end in points.max(0))
    y, x = torch.meshgrid(torch.arange(float(tall)), torch.arange(float(wide)), indexing="ij")
    drawn = torch.zeros(tall, wide)
    for down, across in points:
        drawn = torch.maximum(drawn, (width + 0.5 - torch.hypot(y - down, x - across)).clamp(0, 1))
    return _softened(drawn)


def _softened(shape: Tensor) -> Tensor:
    """As a lens shows it: half of it spread by 1-2-1 both ways."""
    tall = pad(shape[None], (0, 0, 1, 1), mode="replicate")[0]
    rows = 0.25 * (tall[:-2] + tall[2:]) + 0.5 * shape
    wide = pad(rows[None], (1, 1), mode="replicate")[0]
    return 0.5 * (0.25 * (wide[:, :-2] + wide[:, 2:]) + 0.5 * rows + shape)


def _cover(planes: Tensor, opacity: Tensor, level: float, dice: np.random.Generator) -> None:
    """Lay a grey particle somewhere on the planes, in place; it may stand out over the edge."""
    height, width = planes.shape[-2:]
    tall, wide = opacity.shape
    top, left = int(dice.integers(-tall // 2, height - tall // 2)), int(dice.integers(-wide // 2, width - wide // 2))
    rows, columns = slice(max(top, 0), min(top + tall, height)), slice(max(left, 0), min(left + wide, width))
    opacity = opacity[rows.start - top:rows.stop - top, columns.start - left:columns.stop - left]
    under = planes[:, rows, columns]
    under += opacity * (torch.tensor([level, 0.0, 0.0])[:, None, None] - under)


def _torn(dice: np.random.Generator, clip: Tensor, depth: float, drift: float, broken: float,
          bright: float) -> _Scratch:
    frames, width = len(clip), clip.shape[-1]
    start = dice.uniform(0.04, 0.96) * width
    places = start + np.cumsum(dice.normal(0, drift, frames)) + dice.normal(0, drift) * np.arange(frames)
    core = float(depth * dice.uniform(0.7, 1.3) * (1 if dice.random() < bright else -1))
    whole = dice.random() >= broken
    ends = np.sort(dice.uniform(0, 1, 2 * int(dice.integers(1, 3))))
    runs = ((-0.1, 1.1),) if whole else tuple((float(low), float(max(high, low + 0.25)))
                                              for low, high in zip(ends[::2], ends[1::2], strict=True))
    first = 0 if dice.random() < 0.7 else int(dice.integers(0, max(1, frames // 3)))
    return _Scratch(places, float(dice.normal(0, 0.006)), float(max(0.5, 0.0016 * width * dice.uniform(0.6, 1.5))),
                    core, runs, (first, frames))


def _scratch(planes: Tensor, line: _Scratch, place: float, dice: np.random.Generator) -> None:
    """One frame of a scratch, in place: a Gaussian core, rims of the other sign, depth that trembles along it."""
    height, width = planes.shape[-2:]
    rows = torch.arange(height, dtype=torch.float32)
    wobble = interpolate(torch.from_numpy(dice.normal(0, 0.25, (1, 1, 8)).astype(np.float32)), size=height,
                         mode="linear")[0, 0]
    middle = place + line.slant * rows + wobble
    away = (torch.arange(width, dtype=torch.float32)[None] - middle[:, None]) / line.width
    profile = torch.exp(-0.5 * away ** 2) - 0.25 * torch.exp(-0.5 * ((away.abs() - 2.6) / 0.8) ** 2)
    tremble = interpolate(torch.from_numpy(dice.normal(1, 0.2, (1, 1, 12)).astype(np.float32)), size=height,
                          mode="linear")[0, 0]
    within = sum((torch.sigmoid((rows / height - low) * height / 2) * torch.sigmoid((high - rows / height) * height / 2)
                  for low, high in line.runs), torch.zeros(height)).clamp(0, 1)
    planes[0] = (planes[0] + line.depth * profile * (tremble * within)[:, None]).clamp(-0.05, 1.08)
    planes[1:] *= 1 - (profile.clamp(min=0) * within[:, None]) * min(1.0, 1.5 * abs(line.depth))
