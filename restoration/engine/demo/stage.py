"""The stage behind, above and before the figure: wall of light with lettering, beams in haze, floor, crowd, confetti.

All of it adds up linear light on a canvas [3, H, W]; what is random is drawn once for the whole concert.
"""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import Tensor
from torch.nn import functional

from restoration.engine.compute.rising import risen_between
from restoration.engine.demo.canvas import View, capsule, colour, over

BEAT = 2.0  # beats per second
MAGENTA, BLUE, CYAN = (1.0, 0.05, 0.55), (0.05, 0.12, 1.0), (0.02, 0.65, 0.95)
AMBER, VIOLET, WHITE = (1.0, 0.42, 0.06), (0.40, 0.06, 1.0), (0.9, 0.92, 1.0)
WALL = (-0.86, -0.80, 0.86, 0.12)
FLOOR = 0.50


@dataclass(frozen=True)
class Scenery:
    """What is drawn once: the wall's lettering [3, h, w] sharp and out of focus, haze and sparkle textures, people."""

    lettering: Tensor
    lettering_soft: Tensor
    haze: Tensor
    sparkle: Tensor
    people: Tensor  # [N, 6]: row, x, height, radius, phase, sticks
    lamps: Tensor  # [L, 4]: x, y, size, colour
    paper: Tensor  # [M, 8]: x, y, fall, sway, phase, spin, size, colour


def scenery(seed: int) -> Scenery:
    dice = torch.Generator().manual_seed(seed)
    sharp = _lettering()
    soft = sharp.filter(ImageFilter.GaussianBlur(16))
    coarse = torch.rand((1, 1, 9, 13), generator=dice) + 0.6 * torch.nn.functional.interpolate(
        torch.rand((1, 1, 5, 7), generator=dice), size=(9, 13), mode="bilinear")
    return Scenery(_light_of(sharp), _light_of(soft), coarse, torch.rand((256, 256), generator=dice),
                   _people(dice), torch.rand((46, 4), generator=dice), torch.rand((170, 8), generator=dice))


# Two characters as pen strokes, since no font on a bare machine need have them: 月光, moonlight.
_MOON = (((32, 8), (32, 55), (27, 76), (14, 93)), ((32, 8), (74, 8), (74, 86), (70, 93), (60, 90)),
         ((32, 35), (74, 35)), ((32, 60), (74, 60)))
_GLOW = (((50, 4), (50, 40)), ((20, 14), (27, 23), (32, 34)), ((80, 12), (74, 22), (66, 33)), ((8, 43), (93, 43)),
         ((40, 43), (39, 62), (30, 80), (10, 94)), ((60, 43), (60, 82), (66, 90), (90, 90), (92, 74)))


def _lettering() -> Image.Image:
    """The wall's picture: a moon with its halo, the name of the concert in two scripts."""
    wide, tall = 860, 460
    y, x = np.mgrid[0:tall, 0:wide].astype(np.float32)
    halo = np.exp(-(np.hypot(x - wide / 2, y - 330) / 210) ** 2)
    waves = 0.5 + 0.5 * np.sin(x / 26 + 14 * np.sin(y / 90)) * np.cos(y / 17)
    ground = np.stack([20 + 120 * halo, 8 + 34 * halo + 10 * waves, 60 + 95 * halo + 28 * waves], -1)
    wall = Image.fromarray(ground.clip(0, 255).astype(np.uint8))
    ink = ImageDraw.Draw(wall)
    font = ImageFont.load_default(76)
    ink.text((wide / 2 + 95, 72), "MOONLIGHT", font=font, anchor="mm", fill=(255, 236, 200), stroke_width=2,
             stroke_fill=(255, 236, 200))
    small = ImageFont.load_default(27)
    ink.text((wide / 2 + 95, 134), "T H E   H A R B O U R   C O N C E R T", font=small, anchor="mm",
             fill=(255, 150, 190))
    for place, strokes in ((48, _MOON), (160, _GLOW)):
        for stroke in strokes:
            points = [(place + 1.04 * px, 36 + 1.06 * py) for px, py in stroke]
            ink.line(points, fill=(255, 226, 170), width=11, joint="curve")
            for px, py in points:
                ink.ellipse((px - 5, py - 5, px + 5, py + 5), fill=(255, 226, 170))
    return wall


def _light_of(picture: Image.Image) -> Tensor:
    return (torch.from_numpy(np.asarray(picture, np.float32).copy()).permute(2, 0, 1) / 255) ** 2.2


def _people(dice: torch.Generator) -> Tensor:
    rows = []
    for row, (count, height, radius) in enumerate(((30, 0.60, 0.030), (22, 0.72, 0.044), (15, 0.86, 0.066))):
        chance = torch.rand((count, 5), generator=dice)
        x = (torch.arange(count) + 0.7 * chance[:, 0]) / count * 3.1 - 1.55
        rows.append(torch.stack([torch.full((count,), float(row)), x, height + 0.05 * (chance[:, 1] - 0.5),
                                 radius * (0.85 + 0.3 * chance[:, 2]), chance[:, 3] * 6.28, chance[:, 4]], 1))
    return torch.cat(rows)


def palette(time: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The colours of the light just now: every third beat they turn, within a few frames."""
    schemes = ((MAGENTA, BLUE), (BLUE, CYAN), (AMBER, VIOLET), (CYAN, MAGENTA))
    turn, since = divmod(time * BEAT / 3, 1)
    before, now = schemes[(int(turn) - 1) % len(schemes)], schemes[int(turn) % len(schemes)]
    part = 1.0 if turn < 1 else min(1.0, since / 0.08)
    return _mixed(before[0], now[0], part), _mixed(before[1], now[1], part)


def _mixed(one: tuple[float, float, float], other: tuple[float, float, float],
           part: float) -> tuple[float, float, float]:
    red, green, blue = (first + part * (second - first) for first, second in zip(one, other, strict=True))
    return red, green, blue


def pulse(time: float) -> float:
    """1 on the beat, falling after it."""
    return float(np.exp(-3.2 * ((time * BEAT) % 1)))


def backdrop(view: View, time: float, things: Scenery) -> Tensor:
    """Darkness, the wall of light, its small lamps and the floor that mirrors it. Out of focus when close."""
    if view.zoom < 1.6:
        return _lamps_behind(_ground(view, time, things), view, time, things)
    coarse = _halved(view)
    return _doubled(_lamps_behind(_ground(coarse, time, things), coarse, time, things))


def _halved(view: View) -> View:
    return View(view.x, view.y, view.zoom, view.width // 2, view.height // 2)


def _doubled(planes: Tensor) -> Tensor:
    return functional.interpolate(planes[None], scale_factor=2, mode="bilinear", align_corners=False)[0]


def _lamps_behind(canvas: Tensor, view: View, time: float, things: Scenery) -> Tensor:
    """Small lamps before the wall; the lens turns them into discs when it looks at somebody in front."""
    first, second = palette(time)
    is_near = view.zoom < 1.6
    soft = max(0.003, (0.9 if is_near else 2.5) * view.pixel)
    for number, (side, height, size, hue) in enumerate(things.lamps.tolist()):
        radius = 0.006 if is_near else (0.020 + 0.022 * size) * (1.1 - 0.06 * view.zoom)
        x, y = 1.9 * side - 0.95, 0.86 * height - 0.50
        seen = view.window(x, y, radius + soft, radius + soft)
        if seen is None:
            continue
        away = ((view.columns[:, seen[1]] - x) ** 2 + (view.rows[seen[0]] - y) ** 2).sqrt()
        disc = ((radius - away) / soft + 0.5).clamp(0, 1) * (0.75 + 0.25 * (away / radius) ** 2)
        chase = 0.15 + 0.85 * max(0.0, sin(3.1 * time + 1.7 * number)) ** 2
        light = colour(*(AMBER if hue < 0.25 else first if hue < 0.65 else second)) + 0.03
        gain = 0.8 if is_near else 0.16 + 0.3 * size
        canvas[:, seen[0], seen[1]] += gain * chase * (0.6 + 0.4 * pulse(time)) * disc * light
    return canvas


def _ground(view: View, time: float, things: Scenery) -> Tensor:
    x, y = torch.broadcast_tensors(view.columns, view.rows)
    canvas = colour(0.0030, 0.0026, 0.0060) * torch.ones_like(x)
    wall = _wall(x, y, time, things, sharp=view.zoom < 1.6)
    canvas = canvas + wall
    first, second = palette(time)
    depth = risen_between(y, FLOOR - 0.10, FLOOR + 0.25)
    mirrored = _wall(x, 2 * (FLOOR - 0.12) - y, time, things, sharp=False)
    on_floor = risen_between(y, FLOOR - 0.12 - 0.012 * view.zoom, FLOOR - 0.12 + 0.012 * view.zoom)
    pools = sum(torch.exp(-((x - place) / 0.22) ** 2 - ((y - FLOOR - 0.03) / 0.075) ** 2)
                for place in (-0.75, 0.0, 0.75))
    lit = 0.10 * mirrored + colour(*first) * 0.05 * pools + colour(*second) * 0.012 * depth
    return canvas * (1 - 0.65 * on_floor) + lit * on_floor


def _wall(x: Tensor, y: Tensor, time: float, things: Scenery, *, sharp: bool) -> Tensor:
    left, top, right, bottom = WALL
    u, v = (x - left) / (right - left) * 2 - 1, (y - top) / (bottom - top) * 2 - 1
    picture = things.lettering if sharp else things.lettering_soft
    seen = functional.grid_sample(picture[None], torch.stack([u, v], -1)[None], align_corners=False)[0]
    edge = 0.010 if sharp else 0.05
    inside = risen_between(1 - u.abs(), 0, edge) * risen_between(1 - v.abs(), 0, edge)
    sweep = 0.75 + 0.25 * torch.sin(5 * u + 3 * v - 4 * time)
    first = colour(*palette(time)[0])
    return (1.0 if sharp else 0.34) * seen * inside * sweep * (0.55 + 0.25 * pulse(time)) * (0.75 + 0.5 * first)


def beams(view: View, time: float, things: Scenery, *, front: bool) -> Tensor:
    """Light made visible by haze. Those behind the figure sweep; those in front follow it. All of it is soft, so that
    half the raster is enough."""
    return _doubled(_beams(_halved(view), time, things, front=front))


def _beams(view: View, time: float, things: Scenery, *, front: bool) -> Tensor:
    x, y = view.columns, view.rows
    haze = _haze(view, time, things)
    first, second = palette(time)
    total = (0.005 if view.zoom < 1.6 else 0.003) * haze * (colour(*first) + colour(*second))
    if view.zoom > 1.6:
        glow = torch.exp(-((x - 0.05) ** 2 + (y + 0.22) ** 2) / 0.33**2)
        gain = 0.0 if front else 0.085 if view.zoom < 3 else 0.045
        total = total + gain * (0.6 + 0.5 * pulse(time)) * glow * haze * colour(*first)
    if front:
        lamps = [(-1.5, -1.25, 0.60, WHITE, 0.055, 0.045), (1.5, -1.25, -0.60, WHITE, 0.045, 0.045)]
    else:
        lamps = [(place, -0.97, 0.75 * sin(0.9 * time + 1.15 * index) * (1 if index % 2 else -1),
                  first if index % 2 else second, 0.50, 0.050) for index, place in enumerate(np.linspace(-1.2, 1.2, 8))]
        lamps += [(side * 1.15, FLOOR - 0.05, pi - side * (0.55 + 0.25 * sin(1.4 * time + side)), first, 0.30, 0.035)
                  for side in (-1, 1)]
    depth = 1.0 if view.zoom < 1.6 else 0.55 if view.zoom < 3 else 0.34
    for place, height, angle, light, strength, spread in lamps:
        along = (x - place) * sin(angle) + (y - height) * cos(angle)
        aside = (x - place) * cos(angle) - (y - height) * sin(angle)
        width = 0.012 + spread * along.clamp_min(0)
        ray = torch.exp(-(aside / width) ** 2) * risen_between(along, -0.01, 0.03) / (0.45 + 1.5 * along.clamp_min(0))
        total = total + depth * strength * colour(*light) * ray * haze * (0.7 + 0.5 * pulse(time))
        if not front:
            lens = torch.exp(-((x - place) ** 2 + (y - height) ** 2) / 0.020**2)
            total = total + colour(*light) * 3.0 * lens + 2.0 * lens
    return total


def _haze(view: View, time: float, things: Scenery) -> Tensor:
    u = (view.columns * 0.42 + 0.05 * time).expand(view.height, view.width)
    v = (view.rows * 0.5 - 0.02 * time).expand(view.height, view.width)
    places = torch.stack([u, v], -1)[None]
    cloud = functional.grid_sample(things.haze, places, mode="bicubic", padding_mode="reflection", align_corners=False)
    return 0.35 + 0.75 * cloud[0, 0].clamp_min(0)


def truss(canvas: Tensor, view: View) -> Tensor:
    """The bridge that carries the lamps."""
    seen = view.window(0, -0.985, 9, 0.06)
    if seen is None:
        return canvas
    x, y = torch.broadcast_tensors(view.columns[:, seen[1]], view.rows[seen[0]])
    cross = ((x * 14) % 1 - 0.5).abs() * 0.09 - 1.03
    edge = 1.2 * view.pixel
    bars = torch.stack([(0.006 - (y + 0.94).abs()) / edge, (0.006 - (y + 1.03).abs()) / edge,
                        (0.004 - (y - 2 * cross - 1.03).abs()) / edge]).amax(0)
    canvas = canvas.clone()
    canvas[:, seen[0], seen[1]] = over(canvas[:, seen[0], seen[1]], (bars + 0.5).clamp(0, 1), colour(.01, .01, .014))
    return canvas


def crowd(canvas: Tensor, view: View, time: float, things: Scenery) -> Tensor:
    """Three rows of people seen from behind, dark before the stage, their edges lit by it; some wave lights."""
    first, second = palette(time)
    for row in range(3):
        members = things.people[things.people[:, 0] == row]
        beat = 0.012 * torch.sin(2 * pi * BEAT / 2 * time + members[:, 4])
        top = members[:, 2] - beat.abs()
        x = view.columns[0][:, None] - members[:, 1]
        head = top + members[:, 3] * (1.15 - 1.15 * (1 - (x / members[:, 3]) ** 2).clamp_min(0).sqrt())
        head = torch.where(x.abs() < members[:, 3], head, torch.inf)
        shoulder = members[:, 3] * 2.3
        back = top + members[:, 3] * 1.9 + shoulder * 0.5 * (1 - (1 - (x / shoulder) ** 2).clamp_min(0).sqrt())
        back = torch.where(x.abs() < shoulder, back, torch.inf)
        outline, whose = torch.minimum(head, back).min(1)
        outline = outline[None]
        share = 0.15 + 0.85 * (0.5 + 0.5 * torch.sin(7 * members[:, 4])[whose][None]) ** 2
        depth = view.rows - outline
        blur = view.pixel * (1.5 + 0.8 * row)
        rim = torch.exp(-(depth - 0.006).clamp_min(0) / 0.007) * (0.15 - 0.04 * row) * share
        light = rim * (0.7 * colour(*first) + 0.5 * colour(*second) + 0.15) + colour(0.0022, 0.002, 0.004)
        canvas = over(canvas, (depth / blur + 0.5).clamp(0, 1), light)
        canvas = _sticks(canvas, view, time, members, row, blur)
    return canvas


_STICKS = ((1.0, 0.10, 0.45), (0.10, 0.85, 0.95), (1.0, 0.75, 0.12), (0.25, 1.0, 0.30))


def _sticks(canvas: Tensor, view: View, time: float, members: Tensor, row: int, blur: float) -> Tensor:
    canvas = canvas.clone()
    for index, (_, x, height, radius, phase, chance) in enumerate(members.tolist()):
        if chance < 0.42:
            continue
        swing = 0.55 * sin(pi * BEAT * time / 2 + 0.25 * phase + x)
        hand = (x + radius * 1.5 + 1.6 * radius * sin(swing), height - radius * 1.7)
        tip = (hand[0] + 2.3 * radius * sin(swing), hand[1] - 2.3 * radius * cos(swing))
        seen = view.window((x + tip[0]) / 2, height, 6 * radius, 6.5 * radius)
        if seen is None:
            continue
        u, v = torch.broadcast_tensors(view.columns[:, seen[1]], view.rows[seen[0]])
        arm = capsule(u, v, (x + radius * 1.4, height + radius * 2), hand, radius * 0.34, radius * 0.24, blur)[0]
        patch = over(canvas[:, seen[0], seen[1]], arm, colour(0.006, 0.005, 0.009))
        light = colour(*_STICKS[(index + row) % len(_STICKS)])
        core = capsule(u, v, hand, tip, radius * 0.13, radius * 0.11, blur)[0]
        glow = capsule(u, v, hand, tip, radius, radius, blur)
        patch = over(patch, core, light * 2.2 + 0.25)
        canvas[:, seen[0], seen[1]] = patch + light * 0.22 * torch.exp(-4.0 * (glow[1] ** 2 + glow[2] ** 2))
    return canvas


def confetti(canvas: Tensor, view: View, time: float, things: Scenery, light: float) -> Tensor:
    """Paper that turns while it falls, bright when it faces us."""
    paper = things.paper if view.zoom < 3 else things.paper[:60]  # none of it near the lens
    x = paper[:, 0] * 3.2 - 1.6 + 0.10 * torch.sin(2.3 * time + 6.28 * paper[:, 3])
    y = (paper[:, 1] * 2.6 + (0.22 + 0.25 * paper[:, 2]) * time) % 2.6 - 1.5
    turn = (2 + 6 * paper[:, 5]) * time + 6.28 * paper[:, 4]
    size = (0.010 + 0.010 * paper[:, 6]) / (view.pixel * (1 if view.zoom < 1.6 else 1.6))
    column = (x - view.columns[0, 0]) / (view.columns[0, 1] - view.columns[0, 0])
    line = (y - view.rows[0, 0]) / view.pixel
    reach = int(min(24, float(size.max()) + 2))
    step = torch.arange(-reach, reach + 1, dtype=torch.float32)
    v, u = torch.meshgrid(step, step, indexing="ij")
    du, dv = u - (column % 1)[:, None, None], v - (line % 1)[:, None, None]
    cosine, sine = torch.cos(turn * 0.6)[:, None, None], torch.sin(turn * 0.6)[:, None, None]
    long, short = du * cosine + dv * sine, dv * cosine - du * sine
    narrow = (size * torch.cos(turn).abs() * 0.6 + 0.5)[:, None, None]
    soft = 1.0 if view.zoom < 1.6 else 3.0
    cover = (((size[:, None, None] - long.abs()) / soft + 0.5).clamp(0, 1)
             * ((narrow - short.abs()) / soft + 0.5).clamp(0, 1))
    hues = torch.tensor([MAGENTA, CYAN, AMBER, WHITE, (0.9, 0.75, 0.25)])[(paper[:, 7] * 5).long()]
    shine = light * (0.10 + 0.75 * torch.cos(turn).abs() ** 3)
    row = (line.floor()[:, None, None] + v).long().expand_as(cover)
    place = (column.floor()[:, None, None] + u).long().expand_as(cover)
    inside = (row >= 0) & (row < view.height) & (place >= 0) & (place < view.width) & (cover > 0)
    flat, weight = (row * view.width + place)[inside], cover[inside]
    covered = torch.zeros(view.height * view.width).index_add_(0, flat, weight).clamp(0, 1)
    lit = torch.stack([torch.zeros_like(covered).index_add_(0, flat, weight * (
        (hues[:, band] * shine)[:, None, None].expand_as(cover)[inside])) for band in range(3)])
    return canvas * (1 - covered.view(view.height, -1)) + lit.view(3, view.height, -1)
