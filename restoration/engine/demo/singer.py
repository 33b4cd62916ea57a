"""The figure that sings: rounded parts, a face with its hills and hollows, lit like a body and not like a drawing."""

from dataclasses import dataclass
from math import cos, pi, sin

import torch
from torch import Tensor

from restoration.engine.demo.canvas import View, capsule, colour, ellipse, over, smooth

PLACE, SIZE = (0.0, -0.235), 0.74  # of the head in the world; all other measures are in heads' own unit
SKIN, LIPS, HAIR = (0.62, 0.36, 0.25), (0.45, 0.09, 0.09), (0.030, 0.017, 0.014)
JACKET, TROUSERS, METAL = (0.085, 0.014, 0.040), (0.012, 0.011, 0.016), (0.10, 0.10, 0.11)


@dataclass(frozen=True, slots=True)
class Light:
    """One lamp on the figure: where it comes from (x right, y down, z towards us) and its light."""

    towards: tuple[float, float, float]
    light: tuple[float, float, float]


class _Body:
    """Albedo, normal and gloss of what has been laid down so far."""

    def __init__(self, x: Tensor, y: Tensor, edge: float) -> None:
        self.x, self.y, self.edge = x, y, edge
        self.cover = torch.zeros(x.shape)
        self.albedo, self.normal = torch.zeros(3, *x.shape), torch.zeros(2, *x.shape)
        self.gloss = torch.zeros(x.shape)

    def lay(self, part: tuple[Tensor, Tensor, Tensor], albedo: tuple[float, float, float], gloss: float = 0.1,
            *, within: Tensor | float = 1.0) -> None:
        cover, aside, down = part
        cover = cover * within
        self.cover = self.cover + cover * (1 - self.cover)
        self.albedo = over(self.albedo, cover, colour(*albedo))
        self.normal = over(self.normal, cover, torch.stack([aside, down]).clamp(-1, 1) * 0.96)
        self.gloss = self.gloss + cover * (gloss - self.gloss)

    def paint(self, cover: Tensor, albedo: tuple[float, float, float], gloss: float = 0.0) -> None:
        """Change colour, keep shape."""
        self.albedo = over(self.albedo, cover, colour(*albedo))
        self.gloss = self.gloss + cover * (gloss - self.gloss)

    def limb(self, one: tuple[float, float], other: tuple[float, float], thick: float, thin: float,
             albedo: tuple[float, float, float], gloss: float = 0.1) -> None:
        self.lay(capsule(self.x, self.y, one, other, thick, thin, self.edge), albedo, gloss)

    def ball(self, middle: tuple[float, float], radii: tuple[float, float], albedo: tuple[float, float, float],
             gloss: float = 0.1, *, within: Tensor | float = 1.0) -> None:
        self.lay(ellipse(self.x, self.y, middle, radii, self.edge), albedo, gloss, within=within)


def draw(canvas: Tensor, view: View, time: float, lights: list[Light], sparkle: Tensor) -> Tensor:
    """The figure over the canvas [3, H, W] of linear light. `sparkle` is a noise texture [S, S], 0..1."""
    seen = view.window(PLACE[0], PLACE[1] + 0.42, 0.42, 0.62)
    if seen is None:
        return canvas
    lean, bob = 0.05 * sin(2.1 * time), 0.008 * sin(2 * pi * 2 * time)
    y = (view.rows[seen[0]] - PLACE[1] - bob) / SIZE
    x = (view.columns[:, seen[1]] - PLACE[0]) / SIZE - lean * (0.9 - y) * 0.5
    x, y = torch.broadcast_tensors(x, y)
    body = _Body(x.contiguous(), y.contiguous(), 1.3 * view.pixel / SIZE)
    _clothes(body, time)
    _head(body, time)
    _hand_with_microphone(body, time)
    lit = _lit(body, lights, sparkle, time)
    canvas = canvas.clone()
    canvas[:, seen[0], seen[1]] = over(canvas[:, seen[0], seen[1]], body.cover, lit)
    return canvas


def _clothes(body: _Body, time: float) -> None:
    step = 0.02 * sin(2 * pi * time)
    body.ball((0.0, 0.05), (0.100, 0.165), HAIR, 0.1)
    body.limb((-0.055, 0.56), (-0.085 + step, 0.86), 0.064, 0.048, TROUSERS)
    body.limb((-0.085 + step, 0.86), (-0.10, 1.10), 0.047, 0.032, TROUSERS)
    body.limb((0.055, 0.56), (0.085 - step, 0.86), 0.064, 0.048, TROUSERS)
    body.limb((0.085 - step, 0.86), (0.11, 1.10), 0.047, 0.032, TROUSERS)
    reach = 0.06 * sin(2 * pi * 0.5 * time)
    body.limb((0.155, 0.22), (0.27, 0.40 - reach), 0.052, 0.042, JACKET, 0.9)
    body.limb((0.27, 0.40 - reach), (0.36, 0.22 - 2 * reach), 0.040, 0.028, JACKET, 0.9)
    body.ball((0.375, 0.185 - 2 * reach), (0.026, 0.034), SKIN, 0.2)
    for finger in range(4):
        spread = -0.5 + 0.28 * finger
        tip = (0.378 + 0.052 * sin(spread), 0.178 - 2 * reach - 0.055 * cos(spread))
        body.limb((0.378, 0.175 - 2 * reach), tip, 0.010, 0.007, SKIN, 0.2)
    body.limb((0.0, 0.27), (0.0, 0.42), 0.132, 0.094, JACKET, 0.9)
    body.limb((0.0, 0.42), (0.0, 0.56), 0.094, 0.112, JACKET, 0.9)
    for side in (-1, 1):
        body.limb((0.03 * side, 0.185), (0.132 * side, 0.222), 0.050, 0.050, JACKET, 0.9)
    body.limb((0.0, 0.19), (0.0, 0.36), 0.046, 0.010, (0.30, 0.28, 0.28), 0.1)
    body.limb((0.0, 0.02), (0.0, 0.165), 0.040, 0.046, SKIN, 0.2)
    body.limb((-0.035, 0.185), (-0.012, 0.40), 0.026, 0.016, JACKET, 0.9)
    body.limb((0.035, 0.185), (0.012, 0.40), 0.026, 0.016, JACKET, 0.9)


def _head(body: _Body, time: float) -> None:
    turn, nod = 0.012 * sin(1.3 * time + 0.4), 0.006 * sin(2 * pi * time)
    x, y = body.x - 0.4 * turn, body.y - nod
    body.ball((0.4 * turn, nod), (0.071, 0.096), SKIN, 0.22)
    jaw = capsule(x, y, (0.0, 0.028), (0.0, 0.063), 0.063, 0.037, body.edge)
    body.lay((jaw[0], jaw[1] * 0.8, y / 0.105), SKIN, 0.22)
    face = ellipse(x, y, (0.0, 0.01), (0.072, 0.098), 0.006)[0]
    u, v = x - turn, y
    _relief(body, u, v, face)
    _features(body, u, v, face, opening=0.55 + 0.45 * sin(2 * pi * 1.5 * time) * sin(1.7 * time))
    _hair(body, x, y, turn, time)


# Hills and hollows of a face: across, down, their width and height, how high.
_HILLS = (
    (0.0, -0.002, 0.0075, 0.022, 0.011), (0.0, 0.021, 0.011, 0.009, 0.013), (-0.011, 0.024, 0.006, 0.005, 0.004),
    (0.011, 0.024, 0.006, 0.005, 0.004), (-0.027, -0.028, 0.018, 0.008, 0.005), (0.027, -0.028, 0.018, 0.008, 0.005),
    (-0.027, -0.010, 0.014, 0.011, -0.010), (0.027, -0.010, 0.014, 0.011, -0.010),
    (-0.027, -0.009, 0.010, 0.0065, 0.0048), (0.027, -0.009, 0.010, 0.0065, 0.0048),
    (-0.040, 0.018, 0.016, 0.013, 0.006), (0.040, 0.018, 0.016, 0.013, 0.006), (0.0, 0.088, 0.016, 0.010, 0.007),
    (0.0, 0.062, 0.020, 0.006, 0.004), (0.0, 0.042, 0.017, 0.005, 0.004), (0.0, 0.074, 0.016, 0.005, -0.004),
    (-0.030, 0.045, 0.008, 0.018, -0.004), (0.030, 0.045, 0.008, 0.018, -0.004),
)


def _relief(body: _Body, u: Tensor, v: Tensor, face: Tensor) -> None:
    """Bend the head's normal by the slopes of its hills."""
    for across, down, wide, tall, high in _HILLS:
        hill = high * torch.exp(-((u - across) / wide) ** 2 - ((v - down) / tall) ** 2) * face
        body.normal[0] += 1.5 * hill * (u - across) / wide**2
        body.normal[1] += 1.5 * hill * (v - down) / tall**2
    body.normal = body.normal.clamp(-0.97, 0.97)


def _spot(u: Tensor, v: Tensor, across: float, down: float, wide: float, tall: float) -> Tensor:
    return torch.exp(-(((u - across) / wide) ** 2 + ((v - down) / tall) ** 2) ** 2)


def _features(body: _Body, u: Tensor, v: Tensor, face: Tensor, opening: float) -> None:
    for side in (-1, 1):
        middle = 0.027 * side
        aside = (u - middle) * side
        body.paint(0.25 * _spot(u, v, middle, -0.008, 0.021, 0.013) * face, (0.22, 0.07, 0.06))
        body.paint(0.30 * _spot(u, v, middle + 0.012 * side, 0.026, 0.018, 0.014) * face, (0.66, 0.25, 0.19))
        brow = v - (-0.033 - 0.10 * aside + 4.5 * aside**2)
        within = torch.exp(-((aside - 0.001) / 0.0185) ** 4)
        body.paint(0.85 * within * torch.exp(-(brow / 0.0030) ** 2), (0.05, 0.025, 0.018))
        lid = v - (-0.0045 - 10.0 * (aside + 0.001) ** 2 * -1.0 - 0.004)
        lash = torch.exp(-((aside - 0.001) / 0.0165) ** 4)
        body.paint(0.95 * lash * torch.exp(-(lid / (0.0021 + 0.04 * aside.clamp_min(0))) ** 2), (0.012, 0.006, 0.006))
        body.paint(0.45 * lash * torch.exp(-((lid + 0.0105) / 0.0016) ** 2), (0.25, 0.11, 0.08))
        body.paint(0.7 * _spot(u, v, 0.0065 * side, 0.0295, 0.0034, 0.0020), (0.10, 0.03, 0.025))
    tall = 0.0035 + 0.0090 * max(0.0, opening)
    body.paint(_spot(u, v, 0.0, 0.054, 0.0205, tall + 0.0055), LIPS, 0.55)
    body.paint(_spot(u, v, 0.0, 0.054, 0.0155, tall), (0.022, 0.006, 0.006))
    body.paint(0.8 * _spot(u, v, 0.0, 0.054 - tall * 0.75, 0.0115, 0.0026), (0.50, 0.46, 0.42), 0.2)
    body.paint(0.6 * _spot(u, v, 0.0, 0.054 + tall * 0.62, 0.011, 0.0036), (0.30, 0.07, 0.07), 0.3)


def _hair(body: _Body, x: Tensor, y: Tensor, turn: float, time: float) -> None:
    parting = 0.022 + turn
    brow_line = -0.052 - 0.30 * (x - parting).abs() + 9.0 * (x - parting) ** 2
    above = smooth(brow_line - y + 0.0022 * torch.sin(310 * x) * torch.sin(170 * x + 1), -0.007, 0.005)
    sides = smooth((x - 0.3 * turn).abs() + 0.12 * (y - 0.02), 0.060, 0.067)
    body.ball((0.0, -0.012), (0.084, 0.104), HAIR, 0.32, within=torch.maximum(above, sides * smooth(-y, -0.10, -0.06)))
    for side in (-1, 1):
        for lock in range(5):
            root, end = 0.083 - 0.0035 * lock, 0.104 - 0.0105 * lock + 0.003 * sin(3 * time + lock)
            body.limb((root * side, -0.02 + 0.006 * lock), (end * side, 0.17 + 0.014 * (lock % 3)), 0.0125, 0.0075,
                      HAIR, 0.30)
        body.ball((0.069 * side + 0.4 * turn, 0.047), (0.005, 0.011), (0.5, 0.42, 0.22), 2.0)


def _hand_with_microphone(body: _Body, time: float) -> None:
    lift = 0.006 * sin(2 * pi * time)
    body.limb((-0.155, 0.22), (-0.225, 0.425), 0.053, 0.044, JACKET, 0.9)
    body.limb((-0.225, 0.425), (-0.085, 0.205 + lift), 0.043, 0.030, JACKET, 0.9)
    body.limb((-0.082, 0.215 + lift), (-0.026, 0.098 + lift), 0.0125, 0.0150, (0.02, 0.02, 0.022), 0.8)
    body.ball((-0.017, 0.089 + lift), (0.0215, 0.0225), METAL, 1.2)
    body.ball((-0.067, 0.185 + lift), (0.027, 0.031), SKIN, 0.2)
    for finger in range(4):
        start = (-0.083 + 0.007 * finger, 0.197 + lift - 0.0145 * finger)
        body.limb(start, (start[0] + 0.042, start[1] - 0.002), 0.0092, 0.0078, SKIN, 0.2)


def _lit(body: _Body, lights: list[Light], sparkle: Tensor, time: float) -> Tensor:
    """Lambert with a soft terminator, a lobe of gloss, and a rim where light comes from behind."""
    aside, down = body.normal
    facing = (1 - aside**2 - down**2).clamp_min(0.03).sqrt()
    flesh = smooth(body.albedo[0] - body.albedo[2], 0.1, 0.3) * smooth(body.albedo[1], 0.1, 0.2)
    total = 0.012 * body.albedo
    sequins = _sequins(body, sparkle, time) * smooth(body.gloss, 0.8, 0.9) * (1 - smooth(body.gloss, 1.0, 1.1))
    for lamp in lights:
        x, y, z = lamp.towards
        reach = aside * x + down * y + facing * z
        wrap = 0.02 + 0.14 * flesh if z > 0 else 0.0
        soft = ((reach + wrap) / (1 + wrap)).clamp_min(0)
        light = colour(*lamp.light)
        total = total + body.albedo * light * soft
        half = (aside * x + down * y + facing * (z + 1)) / max(0.2, (x * x + y * y + (z + 1) ** 2) ** 0.5)
        total = total + light * body.gloss * 0.30 * half.clamp(0, 1) ** 24
        total = total + light * sequins * 1.3 * half.clamp(0, 1) ** 5
    return total


def _sequins(body: _Body, sparkle: Tensor, time: float) -> Tensor:
    """Round platelets sewn in rows, each turned its own way, so that a few of them flash at any moment."""
    across, down = body.x * 150, body.y * 150
    across = across + 0.5 * (down.floor() % 2)
    own = sparkle[down.long() % sparkle.shape[0], across.long() % sparkle.shape[1]]
    flash = (torch.sin(40 * own + (3 + 5 * own) * time + 9 * body.normal[0]) * 0.5 + 0.5) ** 7
    round_ = 1 - smooth(((across % 1 - 0.5) ** 2 + (down % 1 - 0.5) ** 2).sqrt(), 0.25, 0.5)
    return round_ * (0.10 + 0.9 * flash)
