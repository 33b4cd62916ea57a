"""Clean moving pictures to put dirt on, and what moves, shines and flutters in them and is no dirt.

Some are recordings, reduced so that what their compression left vanishes. In the others a camera moves over a
photograph while a part of another goes before it. On some of both lie the things that a detector of dirt mistakes:
pieces that fall, glints on something that moves, flashes, leaves in the wind.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import cos, sin
from pathlib import Path

import av
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.training.dirt import lay_at, soft
from restoration.engine.training.lessons import any_of, normal
from restoration.engine.training.material import Material, Samples
from restoration.engine.training.sequences import Path as Way

RASTER = (288, 192)  # Width, height: a window of 720x480.
MOMENTS = 8
_EVERY, _MOST = 45, 1200  # Frames of a recording from one stretch to the next, and in all.
_CUT = 0.1  # Mean difference between two frames that no motion explains.
_FASTEST = 9.0
_EDGE = 48  # Pixels around the raster, for moves.


@dataclass(frozen=True, slots=True)
class Filmed:
    """What scenes are made of: photographs, and stretches of recordings, luma uint8 [T, H, W]."""

    photographs: Material
    stretches: tuple[Samples, ...]


def stretches(folder: Path, *, left_out: Collection[str] = (), seed: int = 1) -> tuple[Samples, ...]:
    """Of every recording in the folder, every so often MOMENTS frames, all or every second, at some size."""
    dice = np.random.default_rng(seed)
    paths = sorted(path for path in folder.glob("*.*") if path.name not in left_out)
    return tuple(found for path in paths for found in _stretches(path, dice))


def _stretches(path: Path, dice: np.random.Generator) -> Iterator[Samples]:
    with av.open(str(path)) as container:
        held: list[Samples] = []
        for number, frame in enumerate(container.decode(video=0)):
            if number >= _MOST:
                return
            if number % _EVERY == 0:
                held, step = [], int(dice.integers(1, 3))
                height = round(float(dice.uniform(RASTER[1], min(480, max(frame.height // 1.4, RASTER[1] + 1)))))
                size = max(RASTER[0], round(height * frame.width / frame.height)), height
                if number // _EVERY % 2 and dice.random() < 0.3:
                    size = RASTER
            if number % _EVERY % step == 0 and len(held) < MOMENTS:
                small = frame.reformat(width=size[0], height=size[1], format="gray", interpolation="AREA")
                held.append(small.to_ndarray().astype(np.uint8))
                if len(held) == MOMENTS and not _has_cut(held):
                    yield np.stack(held)


def _has_cut(frames: list[Samples]) -> bool:
    pairs = pairwise(frames)
    return max(float(np.abs(one.astype(np.int16) - two).mean()) for one, two in pairs) > 255 * _CUT


def scene(filmed: Filmed, dice: np.random.Generator) -> Tensor:
    """A clean clip [MOMENTS, 3, H, W] without colour, of any brightness, with the grain of its film."""
    is_recorded = bool(filmed.stretches) and dice.random() < 0.45
    luma = _recorded(filmed.stretches, dice) if is_recorded else _photographed(filmed.photographs, dice)
    luma = luma ** float(np.exp(dice.normal(0, 0.25))) * float(dice.uniform(0.5, 1.05))
    clip = torch.cat((luma, torch.zeros(len(luma), 2, *luma.shape[2:])), dim=1)
    return _with_commotion(clip, dice) if dice.random() < 0.4 else clip


def _recorded(known: tuple[Samples, ...], dice: np.random.Generator) -> Tensor:
    taken = known[int(dice.integers(len(known)))]
    top, left = (int(dice.integers(whole - part + 1)) for whole, part in zip(taken.shape[1:], RASTER[::-1],
                                                                            strict=True))
    window = taken[::int(dice.choice((-1, 1))), top:top + RASTER[1], left:left + RASTER[0]]
    return torch.from_numpy(np.ascontiguousarray(window)).float()[:, None] / 255


def _photographed(material: Material, dice: np.random.Generator) -> Tensor:
    """[T, 1, H, W] of a photograph, and of a part of another that goes before it."""
    far, near = (_taken(any_of(material.pictures, dice), dice) for _ in range(2))
    way, other = _way(dice), _way(dice)
    mask = _blob(dice) if dice.random() < 0.6 else torch.zeros_like(far)
    shaken = _blob(dice) * float(dice.uniform(0.5, 3)) if dice.random() < 0.3 else None
    edge = slice(_EDGE, -_EDGE)
    seen = []
    for step in range(-MOMENTS // 2, MOMENTS - MOMENTS // 2):
        moment = torch.lerp(way.seen(far, step, 1), other.seen(near, step, 1), other.seen(mask, step, 1))
        seen.append((moment if shaken is None else _shaken(moment, shaken, dice))[:, edge, edge])
    return torch.stack(seen).clamp(0, 1)


def _taken(picture: Samples, dice: np.random.Generator) -> Tensor:
    """[1, h, w] of the raster and an edge around it, from anywhere in the picture."""
    height, width = (side + 2 * _EDGE for side in RASTER[::-1])
    grown = max(1.0, height / picture.shape[0], width / picture.shape[1])
    tall, wide = int(height / grown), int(width / grown)
    top, left = (int(dice.integers(whole - part + 1)) for whole, part in zip(picture.shape, (tall, wide), strict=True))
    part = torch.from_numpy(picture[top:top + tall, left:left + wide].copy()).float()[None, None] / 255
    return F.interpolate(part, size=(height, width), mode="bicubic", align_corners=False)[0].clamp(0, 1)


def _way(dice: np.random.Generator) -> Way:
    across, down = np.clip(dice.exponential(2.0, 2), 0, _FASTEST) * dice.choice((-1, 1), 2) * (dice.random() > 0.1)
    return Way((float(across), float(down)), float(dice.normal(0, 0.008)), float(dice.normal(0, 0.008)))


def _blob(dice: np.random.Generator) -> Tensor:
    """[1, h, w]: some part of the picture, 1 inside."""
    height, width = (side + 2 * _EDGE for side in RASTER[::-1])
    cells = int(dice.integers(4, 12))
    coarse = F.interpolate(normal((1, 1, cells, cells), dice), size=(height, width), mode="bicubic")[0]
    return ((coarse - float(dice.uniform(0, 0.8))) * 12).sigmoid()


def _shaken(moment: Tensor, strength: Tensor, dice: np.random.Generator) -> Tensor:
    """As leaves in the wind are: each point up to `strength` pixels beside its place, another way at each moment."""
    height, width = moment.shape[1:]
    moves = F.interpolate(normal((1, 2, height // 12, width // 12), dice), size=(height, width), mode="bicubic")[0]
    moves = moves * strength * torch.tensor([2 / width, 2 / height])[:, None, None]
    grid = F.affine_grid(torch.eye(2, 3)[None], [1, 1, height, width], align_corners=False)
    return F.grid_sample(moment[None], grid + moves.permute(1, 2, 0)[None], padding_mode="border",
                         align_corners=False)[0]


def _with_commotion(clip: Tensor, dice: np.random.Generator) -> Tensor:
    kinds = (_falling, _falling, _glinting, _glinting, _flashing, _lit_up)
    return kinds[int(dice.integers(len(kinds)))](clip, dice)


def _falling(clip: Tensor, dice: np.random.Generator) -> Tensor:
    """Paper, snowflakes, rain, birds: each piece goes its way and turns as it goes."""
    made = clip.clone()
    wind, bright = dice.normal(0, 4, 2), dice.random()
    for _ in range(int(np.exp(dice.uniform(np.log(3), np.log(70))))):
        place, speed = dice.uniform(0, 1, 2) * RASTER[::-1], wind + dice.normal(0, 1.5, 2)
        sides, turn, phase = np.exp(dice.uniform(0, 1.6, 2)), dice.uniform(0, 1), dice.uniform(0, 6)
        level = float(dice.uniform(0.55, 1.05) if dice.random() < bright else dice.uniform(0, 0.3))
        for number, planes in enumerate(made):
            middle = (place + speed * number) % np.array(RASTER[::-1])
            tall = max(0.6, sides[0] * abs(cos(phase + turn * number)))
            lay_at(planes, _tilted(tall, sides[1], phase + 0.5 * turn * number, middle % 1), level,
                   (int(middle[0]) - 14, int(middle[1]) - 14))
    return made


def _tilted(tall: float, wide: float, turn: float, beside: np.ndarray) -> Tensor:
    """A soft-edged ellipse, its half axes in pixels, on 29x29; `beside` its middle by parts of a pixel."""
    y, x = np.mgrid[-14:15, -14:15]
    y, x = y - beside[0], x - beside[1]
    down, across = y * cos(turn) + x * sin(turn), x * cos(turn) - y * sin(turn)
    away = np.hypot(down / tall, across / wide)
    return torch.from_numpy(((1.2 - away) * min(tall, wide) * 1.5).clip(0, 1).astype(np.float32))


def _glinting(clip: Tensor, dice: np.random.Generator) -> Tensor:
    """Points on something that moves, sequins or water: each lights up now and again, for a moment or two."""
    made = clip.clone()
    middle, reach = dice.uniform(0.2, 0.8, 2) * RASTER[::-1], dice.uniform(0.08, 0.5, 2) * RASTER[1]
    speed, level = dice.normal(0, 1.5, 2), float(dice.uniform(0.7, 1.05))
    for _ in range(int(np.exp(dice.uniform(np.log(15), np.log(200))))):
        place, sigma = middle + dice.normal(0, 0.5, 2) * reach, float(dice.uniform(0.4, 1.3))
        phase, turn, sharp = dice.uniform(0, 6.3), dice.uniform(0.3, 1.5), int(dice.integers(3, 12))
        for number, planes in enumerate(made):
            at, glint = place + speed * number, max(0.0, cos(phase + turn * number)) ** sharp
            if glint > 0.1:
                lay_at(planes, glint * _tilted(sigma, sigma, 0, at % 1), level, (int(at[0]) - 14, int(at[1]) - 14))
    return made


def _flashing(clip: Tensor, dice: np.random.Generator) -> Tensor:
    """The light of the whole picture, or of a side of it, up or down for a moment or two."""
    made, at = clip.clone(), int(dice.integers(0, 3))
    side = torch.linspace(0, 1, RASTER[0]) if dice.integers(2) else torch.ones(RASTER[0])
    while at < len(made):
        for planes in made[at:at + int(dice.integers(1, 3))]:
            gain, lift = float(np.exp(dice.normal(0, 0.4))), float(dice.normal(0, 0.1))
            planes[0] = torch.lerp(planes[0], (planes[0] * gain + lift).clamp(0, 1.05), side)
        at += int(dice.integers(2, 6))
    return made


def _lit_up(clip: Tensor, dice: np.random.Generator) -> Tensor:
    """Lamps and flash-bulbs: a bright spot with a wide glow, for a moment or for as long as it swings."""
    made = clip.clone()
    for _ in range(int(dice.integers(1, 8))):
        place, speed = dice.uniform(0, 1, 2) * RASTER[::-1], dice.normal(0, 4, 2)
        first = int(dice.integers(len(made)))
        wide, glow = float(dice.uniform(4, 25)), float(dice.uniform(0.1, 0.6))
        core = soft((2.0 - torch.hypot(*torch.meshgrid(torch.arange(-8.0, 9), torch.arange(-8.0, 9),
                                                       indexing="ij"))).clamp(0, 1), float(dice.uniform(0.5, 1.5)))
        for number in range(first, min(len(made), first + int(dice.integers(1, 4)))):
            middle = place + speed * (number - first)
            y, x = torch.meshgrid(torch.arange(RASTER[1]) - middle[0], torch.arange(RASTER[0]) - middle[1],
                                  indexing="ij")
            halo = glow * torch.exp(-torch.hypot(y, x) / wide).float()
            made[number, 0] += halo * (1.05 - made[number, 0]).clamp(min=0)
            lay_at(made[number], core, 1.05, (int(middle[0]) - 14, int(middle[1]) - 14))
    return made
