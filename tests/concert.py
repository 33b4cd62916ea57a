"""Ten things that light and stage do and that are picture, not damage. Every detector is held to leave them alone.

Each effect is a clip, float32 [T, 3, H, W] on the scale of Frame.planes, the same on every run. Sizes are (width,
height).
"""

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from tests import clips

Size = tuple[int, int]
SIZE: Size = (180, 120)


def strobes(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """The whole stage in a white flash for one or two frames, in no rhythm."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    lit = np.zeros(frames, bool)
    at = 2
    while at < frames:
        lit[at:at + int(dice.integers(1, 3))] = True
        at += int(dice.integers(3, 6))
    for number in np.flatnonzero(lit):
        clip[number, 0] = (clip[number, 0] * 2.2 + 0.3).clamp(max=1.05)
        clip[number, 1:] *= 0.5
    return clip


def colour_washes(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """Lamps that turn another colour within two frames and stay so, each over its own part of the stage."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    _, x = _places(size)
    for start in range(2, frames, 4):
        middle, reach = dice.uniform(0, 1) * size[0], size[0] * dice.uniform(0.2, 0.5)
        cone = torch.exp(-((x - middle) / reach) ** 2)
        colour = torch.tensor(dice.uniform(-0.3, 0.3, 2), dtype=torch.float32)[:, None, None]
        for number in range(start, frames):
            rise = min(1.0, (number - start + 1) / 2)
            clip[number, 1:] += 0.7 * rise * cone * (colour - clip[number, 1:])
            clip[number, 0] *= 1 - 0.35 * rise * cone
    return clip


def lasers(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """Thin saturated lines that sweep from one point, some of them nearly upright."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    y, x = _places(size)
    origin = size[0] * 0.5, size[1] * 1.1
    beams = [(dice.uniform(-0.9, 0.9), dice.uniform(-0.05, 0.05)) for _ in range(7)]
    for number in range(frames):
        for angle, turn in beams:
            at = angle + turn * number
            away = ((x - origin[0]) * cos(at) + (y - origin[1]) * sin(at)).abs()
            _add_light(clip[number], (1.3 - away).clamp(0, 1), 0.75, (-0.3, -0.35))
    return clip


def confetti(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """Bright paper that falls, turns and shows its edge: each piece keeps to its way."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    y, x = _places(size)
    for _ in range(60):
        place, speed = dice.uniform(0, 1, 2) * size, (dice.uniform(-1.5, 1.5), dice.uniform(1.5, 4.0))
        turn, phase, width = dice.uniform(0.3, 0.9), dice.uniform(0, pi), dice.uniform(1.2, 2.2)
        look = torch.tensor([dice.uniform(0.5, 1.0), *dice.uniform(-0.3, 0.3, 2)], dtype=torch.float32)[:, None, None]
        for number in range(frames):
            middle = (place[0] + speed[0] * number) % size[0], (place[1] + speed[1] * number) % size[1]
            tall = width * (0.25 + 0.75 * abs(sin(phase + turn * number)))
            across, down = (x - middle[0]).abs(), (y - middle[1]).abs()
            inside = (width - across + 0.5).clamp(0, 1) * (tall - down + 0.5).clamp(0, 1)
            clip[number] += inside * (look - clip[number])
    return clip


def sequins(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """A dress that moves; each sequin flashes when it faces a lamp, for a frame or two."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    y, x = _places(size)
    tall = size[1]
    for number in range(frames):
        middle = size[0] * 0.5 + 0.8 * number, tall * 0.6
        body = (1 - ((x - middle[0]) / (0.16 * tall)) ** 2 - ((y - middle[1]) / (0.38 * tall)) ** 2).clamp(0, 1).sqrt()
        clip[number] += body.clamp(max=0.9) * (torch.tensor([0.35, 0.05, -0.04])[:, None, None] - clip[number])
    dots = [(dice.uniform(-0.13, 0.13) * tall, dice.uniform(-0.33, 0.33) * tall, dice.uniform(0, 2 * pi),
             dice.uniform(0.5, 1.4)) for _ in range(140)]
    for number in range(frames):
        for across, down, phase, turn in dots:
            glint = max(0.0, cos(phase + turn * number)) ** 6
            if glint > 0.05:
                away = torch.hypot(x - size[0] * 0.5 - 0.8 * number - across, y - tall * 0.6 - down)
                _add_light(clip[number], (1.4 - away).clamp(0, 1) * glint, 0.9, (0.0, 0.0))
    return clip


def smoke(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """Haze that drifts, thickens and thins in coloured light."""
    clip, dice = _stage(frames, size, seed), torch.Generator().manual_seed(seed)
    cells = torch.randn(3, 1, 1, 6, 10, generator=dice)
    for number in range(frames):
        swirl = sum(_drifted(cells[layer], size, layer, number) for layer in range(3))
        veil = torch.sigmoid(swirl) * 0.45
        clip[number] += veil * (torch.tensor([0.55, 0.08, -0.06])[:, None, None] - clip[number])
    return clip


def lens_flares(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """A lamp that swings into the lens: a glow, a streak across the picture, ghosts on the other side."""
    clip = _stage(frames, size, seed)
    y, x = _places(size)
    for number in range(frames):
        lamp = size[0] * (0.2 + 0.05 * number), size[1] * (0.2 + 0.01 * number)
        away = torch.hypot(x - lamp[0], y - lamp[1])
        _add_light(clip[number], torch.exp(-away / (0.08 * size[0])), 0.9, (0.02, 0.0))
        streak = torch.exp(-((y - lamp[1]) / 1.2) ** 2) * torch.exp(-((x - lamp[0]) / (0.5 * size[0])) ** 2)
        _add_light(clip[number], streak, 0.35, (0.15, -0.1))
        for share, radius in ((0.6, 0.05), (1.1, 0.08), (1.5, 0.03)):
            ghost = size[0] / 2 - share * (lamp[0] - size[0] / 2), size[1] / 2 - share * (lamp[1] - size[1] / 2)
            disc = (radius * size[0] - torch.hypot(x - ghost[0], y - ghost[1]) + 1).clamp(0, 1)
            _add_light(clip[number], disc, 0.12, (-0.05, 0.08))
    return clip


def led_walls(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """A wall of lit dots behind the stage: letters scroll, a bar runs through, single dots change at once."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    rows, columns = size[1] // 8, size[0] // 4
    letters = torch.from_numpy(dice.random((rows, columns + 4 * frames)) < 0.35).float()
    hues = torch.from_numpy(dice.uniform(-0.3, 0.3, (2, rows, columns + 4 * frames)).astype(np.float32))
    y, x = _places((columns * 4, rows * 4))
    dot = (1.7 - torch.hypot(x % 4 - 1.5, y % 4 - 1.5)).clamp(0, 1)
    for number in range(frames):
        shown = slice(2 * number, 2 * number + columns)
        level = letters[:, shown] * (1.0 if number % 5 else 0.55)
        level[:, (3 * number) % columns] = 1.0
        wall = torch.stack([0.15 + 0.7 * level, *(hues[:, :, shown] * level)])
        big = wall.repeat_interleave(4, 1).repeat_interleave(4, 2)
        big[0] *= dot
        clip[number, :, :rows * 4, :columns * 4] = big
    return clip


def whip_pans(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """The camera torn round."""
    return clips.whip_pan(frames, size, seed)[:frames]


def flash_bulbs(frames: int = 12, size: Size = SIZE, seed: int = 0) -> Tensor:
    """Photographers in the crowd: a white spot with a glow for one frame, here and there."""
    clip, dice = _stage(frames, size, seed), np.random.default_rng(seed)
    y, x = _places(size)
    for number in range(frames):
        for _ in range(int(dice.integers(0, 3))):
            middle = dice.uniform(0.05, 0.95) * size[0], dice.uniform(0.5, 0.95) * size[1]
            away = torch.hypot(x - middle[0], y - middle[1])
            bulb = (2.2 - away).clamp(0, 1) + 0.4 * torch.exp(-away / (0.05 * size[0]))
            _add_light(clip[number], bulb, 1.0, (0.0, 0.0))
    return clip


EFFECTS: dict[str, Callable[..., Tensor]] = {
    "strobes": strobes, "colour washes": colour_washes, "lasers": lasers, "confetti": confetti, "sequins": sequins,
    "smoke": smoke, "lens flares": lens_flares, "LED walls": led_walls, "whip pans": whip_pans,
    "flash-bulbs": flash_bulbs,
}


def _stage(frames: int, size: Size, seed: int) -> Tensor:
    """A dark, textured scene that the camera follows slowly."""
    return clips.scene(frames, size, seed, speed=(0.6, 0.2), brightness=0.3)


def _places(size: Size) -> tuple[Tensor, Tensor]:
    y, x = torch.meshgrid(torch.arange(size[1], dtype=torch.float32), torch.arange(size[0], dtype=torch.float32),
                          indexing="ij")
    return y, x


def _drifted(cells: Tensor, size: Size, layer: int, number: int) -> Tensor:
    """One layer of smoke [H, W]: its own speed, growing and shrinking."""
    wide = interpolate(cells, size=(2 * size[1], 2 * size[0]), mode="bicubic")[0, 0]
    top, left = int(2 + layer * 1.3 * number), int(3 + 2 * layer + 1.7 * number)
    return wide[top:top + size[1], left:left + size[0]] * (0.6 + 0.4 * sin(0.25 * number * (layer + 1)))


def _add_light(planes: Tensor, where: Tensor, strength: float, colour: tuple[float, float]) -> None:
    """Light on top of the picture, in place: brighter, towards its colour, never beyond what a camera clips at."""
    where = where.clamp(0, 1) * strength
    planes[0] += where * (1.05 - planes[0]).clamp(min=0)
    planes[1:] += where * (torch.tensor(colour)[:, None, None] - planes[1:])
