"""The figure that sings, from the side, mostly against the light: outlines, hair in strands, a gown that glints."""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.rising import risen_between
from restoration.engine.demo.canvas import View, blurred, colour, over
from restoration.engine.demo.cutout import Light, Patch, Points, brushed, combed, filled, lit, spline, swollen

PLACE, SIZE = (0.03, -0.235), 0.74  # of the head in the world; all other measures are in the figure's own unit
SKIN, LIPS, HAIR = (0.44, 0.235, 0.155), (0.26, 0.045, 0.055), (0.020, 0.011, 0.009)
GOWN, METAL, BLACK = (0.050, 0.008, 0.026), (0.09, 0.09, 0.10), (0.012, 0.012, 0.013)
HEAD = 0.86  # outlines draw the head larger than it is
CROWN, NAPE = 0.05, 0.17  # between these heights the turn of the head fades out

_NECK = ((-0.034, 0.070), (-0.026, 0.115), (-0.032, 0.155), (-0.075, 0.205), (0.070, 0.215), (0.082, 0.180),
         (0.054, 0.130), (0.052, 0.050))
_GOWN = ((-0.050, 0.186), (-0.080, 0.225), (-0.099, 0.280), (-0.092, 0.332), (-0.070, 0.395), (-0.074, 0.450),
         (-0.094, 0.540), (-0.108, 0.720), (-0.145, 0.950), (-0.190, 1.120), (0.170, 1.120), (0.128, 0.900),
         (0.104, 0.700), (0.104, 0.560), (0.076, 0.460), (0.062, 0.395), (0.076, 0.320), (0.104, 0.255),
         (0.092, 0.205), (0.052, 0.180), (0.0, 0.202))
_HAIR_OUTSIDE = ((-0.050, -0.100), (-0.018, -0.130), (0.044, -0.124), (0.092, -0.068), (0.106, 0.015),
                 (0.112, 0.115), (0.128, 0.215), (0.140, 0.330))
_HAIR_INSIDE = ((-0.066, -0.080), (-0.046, -0.066), (-0.022, -0.036), (-0.006, 0.012), (0.006, 0.070),
                (0.006, 0.140), (0.016, 0.220), (0.034, 0.320))
# Hills and hollows of the face: across, down, their width and height, how high.
_HILLS = ((-0.066, -0.018, 0.013, 0.011, -0.010), (-0.060, -0.014, 0.009, 0.007, 0.006),
          (-0.070, -0.038, 0.014, 0.008, 0.004), (-0.040, 0.020, 0.022, 0.016, 0.008),
          (-0.083, 0.019, 0.007, 0.006, 0.005), (-0.060, 0.046, 0.008, 0.014, -0.003))


@dataclass(frozen=True)
class _Pose:
    """Where the figure stands on its part of the picture, and how it moves just now."""

    view: View
    window: tuple[slice, slice]
    time: float

    @property
    def size(self) -> tuple[int, int]:
        lines, columns = self.window
        return lines.stop - lines.start, columns.stop - columns.start

    @property
    def unit(self) -> float:
        """The figure's unit in lines."""
        return SIZE / self.view.pixel

    @property
    def lean(self) -> float:
        return 0.05 * sin(2.1 * self.time)

    @property
    def bob(self) -> float:
        return 0.008 * sin(2 * pi * 2 * self.time)

    @property
    def opening(self) -> float:
        """How far the mouth is open."""
        return max(0.0, 0.50 + 0.5 * sin(2 * pi * 1.5 * self.time) * sin(1.7 * self.time))

    def turned(self, points: Points) -> Points:
        """The head, thrown back and nodding, takes along what is near it."""
        angle = 0.16 + 0.05 * sin(1.3 * self.time + 0.4) + 0.025 * sin(2 * pi * self.time)
        part = ((NAPE - points[:, 1]) / (NAPE - CROWN)).clip(0, 1)
        size, part = 1 + (HEAD - 1) * part, part * angle
        x, y = size * (points[:, 0] - 0.025), size * (points[:, 1] - 0.11)
        moved = points.copy()
        moved[:, 0] = 0.025 + x * np.cos(part) - y * np.sin(part)
        moved[:, 1] = 0.11 + x * np.sin(part) + y * np.cos(part)
        return moved

    def placed(self, points: Points) -> Points:
        """Figure's points [N, 2 or 3] (x, y, radius) in the window's pixels."""
        step = float(self.view.columns[0, 1] - self.view.columns[0, 0])
        x = PLACE[0] + SIZE * (points[:, 0] + self.lean * (0.9 - points[:, 1]) * 0.5)
        y = PLACE[1] + self.bob + SIZE * points[:, 1]
        column = (x - float(self.view.columns[0, 0])) / step - self.window[1].start
        line = (y - float(self.view.rows[0, 0])) / self.view.pixel - self.window[0].start
        return np.column_stack([column, line, *(points[:, 2:] * self.unit).T])

    def figure_of(self, patch: Patch) -> tuple[Tensor, Tensor]:
        """The figure's x and y at each point of a patch, the head's turn undone where it is the head."""
        rows, columns = self.view.rows[self.window[0]], self.view.columns[:, self.window[1]]
        y = (rows[patch.lines] - PLACE[1] - self.bob) / SIZE
        x = (columns[:, patch.columns] - PLACE[0]) / SIZE - self.lean * (0.9 - y) * 0.5
        return torch.broadcast_tensors(x, y)[0], y.expand(patch.cover.shape)


@dataclass
class _Figure:
    """What has been laid down so far: cover [H, W] and linear light [3, H, W]."""

    pose: _Pose
    lights: list[Light]
    sparkle: Tensor
    cover: Tensor
    light: Tensor

    def lay(self, patch: Patch | None, light: Tensor, *, shadow: float = 0.55) -> None:
        """Lay a patch over the rest; what lies behind its edge gets darker."""
        if patch is None:
            return
        place = (..., patch.lines, patch.columns)
        near = self.light[place]
        if shadow:
            near = near * (1 - shadow * blurred(patch.cover[None, None], max(1.0, 0.010 * self.pose.unit))[0, 0])
        self.light[place] = over(near, patch.cover, light)
        self.cover[place] = self.cover[place] + patch.cover * (1 - self.cover[place])

    def part(self, patch: Patch | None, albedo: tuple[float, float, float], roundness: float, *, wrap: float = 0.0,
             gloss: float = 0.05) -> None:
        if patch is not None:
            normal = swollen(patch.cover, roundness * self.pose.unit)
            self.lay(patch, lit(colour(*albedo), normal, self.lights, wrap=wrap, gloss=gloss))

    def cloth(self, patch: Patch | None, roundness: float) -> None:
        if patch is None:
            return
        normal = swollen(patch.cover, roundness * self.pose.unit)
        x, y = self.pose.figure_of(patch)
        normal = _folded(normal, x, y, self.pose.time)
        light = lit(colour(*GOWN), normal, self.lights, gloss=0.03, sharpness=8)
        glints = lit(torch.zeros(3, 1, 1), normal, self.lights, gloss=1.0, sharpness=5)
        self.lay(patch, light + glints * _sequins(x, y, normal, self.sparkle, self.pose))

    def limb(self, *points: tuple[float, float, float], steps: int = 24) -> Patch | None:
        return brushed(self.pose.placed(spline(points, closed=False, steps=steps)), self.pose.size)


def draw(canvas: Tensor, view: View, time: float, lights: list[Light], sparkle: Tensor) -> Tensor:
    """The figure over the canvas [3, H, W] of linear light. `sparkle` is a noise texture [S, S], 0..1."""
    seen = view.window(PLACE[0], PLACE[1] + 0.36, 0.40, 0.62)
    if seen is None:
        return canvas
    pose = _Pose(view, seen, time)
    figure = _Figure(pose, lights, sparkle, torch.zeros(pose.size), torch.zeros(3, *pose.size))
    _free_arm(figure)
    figure.part(filled(pose.placed(pose.turned(spline(_NECK, closed=True))), pose.size), SKIN, 0.045, wrap=0.1)
    figure.cloth(filled(pose.placed(spline(_GOWN, closed=True)), pose.size), 0.085)
    _head(figure)
    _hair(figure)
    _arm_with_microphone(figure)
    canvas = canvas.clone()
    # A lens at this distance is never quite sharp.
    softness = 0.55 + 0.08 * view.zoom
    cover, light = blurred(figure.cover[None, None], softness)[0, 0], blurred(figure.light[None], softness)[0]
    canvas[:, seen[0], seen[1]] = canvas[:, seen[0], seen[1]] * (1 - cover) + light
    return canvas


def _free_arm(figure: _Figure) -> None:
    reach = 0.045 * sin(2 * pi * 0.5 * figure.pose.time)
    elbow, wrist = (0.225, 0.345 - 0.5 * reach), (0.318, 0.205 - 2 * reach)
    figure.cloth(figure.limb((0.050, 0.235, 0.046), (0.140, 0.300, 0.039), (*elbow, 0.033)), 0.035)
    figure.cloth(figure.limb((*elbow, 0.033), (0.280, 0.275 - reach, 0.029), (*wrist, 0.020)), 0.028)
    palm = (wrist[0] + 0.020, wrist[1] - 0.045)
    for finger in range(4):
        angle = 0.10 + 0.17 * finger
        bend = (palm[0] + 0.034 * sin(angle), palm[1] - 0.034 * cos(angle))
        tip = (bend[0] + 0.034 * sin(angle + 0.25), bend[1] - (0.034 - 0.004 * abs(finger - 1.5)) * cos(angle + 0.25))
        figure.part(figure.limb((*palm, 0.010), (*bend, 0.0080), (*tip, 0.0055)), SKIN, 0.009, wrap=0.1)
    figure.part(figure.limb((*wrist, 0.016), (palm[0] - 0.006, palm[1] + 0.012, 0.021),
                            (palm[0] + 0.004, palm[1] - 0.006, 0.018)), SKIN, 0.018, wrap=0.1)
    figure.part(figure.limb((palm[0] - 0.010, palm[1] + 0.014, 0.0095), (palm[0] - 0.025, palm[1] - 0.014, 0.0065)),
                SKIN, 0.008, wrap=0.1)


def _head(figure: _Figure) -> None:
    pose, drop = figure.pose, 0.016 * figure.pose.opening
    profile = ((-0.050, -0.100), (-0.071, -0.072), (-0.0800, -0.046), (-0.0770, -0.028), (-0.0850, -0.010),
               (-0.0985, 0.0085), (-0.0985, 0.0155), (-0.0860, 0.0240), (-0.0900, 0.0340), (-0.0905, 0.0400),
               (-0.0790 + 0.3 * drop, 0.0440 + 0.3 * drop), (-0.0860, 0.0500 + drop), (-0.0850, 0.0570 + drop),
               (-0.0770, 0.0640 + drop), (-0.0800, 0.0790 + drop), (-0.0710, 0.0930 + drop),
               (-0.0480, 0.0940 + 0.8 * drop), (-0.0100, 0.0800 + 0.3 * drop), (0.030, 0.060), (0.070, 0.0),
               (0.070, -0.070), (0.020, -0.112), (-0.025, -0.112))
    patch = filled(pose.placed(pose.turned(spline(profile, closed=True))), pose.size)
    if patch is None:
        return
    u, v = _upright(figure, patch)
    normal = swollen(patch.cover, 0.048 * pose.unit)
    for across, down, wide, tall, high in _HILLS:
        hill = high * _bump(u, v, (across, down), (wide, tall))
        normal = normal + 1.3 * hill * torch.stack([(u - across) / wide**2, (v - down) / tall**2])
    normal = normal / normal.square().sum(0).sqrt().clamp_min(0.97) * 0.97
    skin = lit(_complexion(u, v, drop), normal, figure.lights, wrap=0.30, gloss=0.03, sharpness=14)
    behind_hair = 1 - 0.75 * risen_between(u, -0.040, 0.010)
    figure.lay(patch, skin * behind_hair, shadow=0.75)


def _upright(figure: _Figure, patch: Patch) -> tuple[Tensor, Tensor]:
    """The coordinates in which the head is drawn."""
    x, y = figure.pose.figure_of(patch)
    probe = figure.pose.turned(np.array([[-0.06, 0.0], [-0.05, 0.0]]))
    angle = float(np.arctan2(probe[1, 1] - probe[0, 1], probe[1, 0] - probe[0, 0]))
    x, y = (x - 0.025) / HEAD, (y - 0.11) / HEAD
    return 0.025 + x * cos(angle) + y * sin(angle), 0.11 - x * sin(angle) + y * cos(angle)


def _complexion(u: Tensor, v: Tensor, drop: float) -> Tensor:
    """The skin's colour: a warm cheek, a closed eye with its lashes, a brow, lips, the dark of the mouth."""
    albedo = colour(*SKIN).expand(3, *u.shape)
    albedo = over(albedo, 0.35 * _bump(u, v, (-0.042, 0.022), (0.020, 0.016)), colour(0.48, 0.15, 0.11))
    albedo = over(albedo, 0.55 * _bump(u, v, (-0.064, -0.020), (0.014, 0.009)), colour(0.13, 0.05, 0.07))
    along = (u + 0.064) / 0.014
    lid = v + 0.0115 - 0.0022 * (1 - along**2)
    lashes = 0.92 * torch.exp(-along**4) * torch.exp(-(lid / 0.0019) ** 2)
    albedo = over(albedo, lashes, colour(0.008, 0.005, 0.005))
    arch = v + 0.0420 - 0.08 * (u + 0.062) - 5.0 * (u + 0.058) ** 2
    brow = 0.80 * torch.exp(-((u + 0.060) / 0.018) ** 4) * torch.exp(-(arch / 0.0032) ** 2)
    albedo = over(albedo, brow, colour(0.03, 0.016, 0.012))
    for middle, tall in ((0.037, 0.0050), (0.0535 + drop, 0.0060)):
        albedo = over(albedo, 0.85 * _bump(u, v, (-0.085, middle), (0.013, tall), flat=2), colour(*LIPS))
    dark = _bump(u, v, (-0.081, 0.044 + 0.45 * drop), (0.012, 0.0012 + 0.5 * drop), flat=2)
    return over(albedo, dark, colour(0.012, 0.004, 0.004))


def _bump(u: Tensor, v: Tensor, middle: tuple[float, float], size: tuple[float, float], flat: int = 1) -> Tensor:
    """1 in the middle, falling to nothing; `flat` 2 holds the middle and falls steeply."""
    return torch.exp(-(((u - middle[0]) / size[0]) ** 2 + ((v - middle[1]) / size[1]) ** 2) ** flat)


def _hair(figure: _Figure) -> None:
    """A body of hair, and on it and beyond it single strands that catch the light."""
    pose = figure.pose
    outside, inside = (pose.turned(spline(edge, closed=False)) for edge in (_HAIR_OUTSIDE, _HAIR_INSIDE))
    length = np.linspace(0, 1, len(outside))
    sway = (0.020 * np.sin(2.6 * pose.time - 3 * length) + 0.010 * np.sin(4.1 * pose.time - 5 * length)) * length**1.5
    outside[:, 0] += sway
    inside[:, 0] += 0.7 * sway
    middle = (outside[-1] + inside[-1]) / 2
    ends = middle + np.array([[0.020, 0.030], [-0.020, 0.025]])
    body = filled(pose.placed(np.concatenate([outside, ends, inside[::-1]])), pose.size)
    strands = _strands(pose, outside, inside, length)
    if body is None:
        return
    place = (body.lines, body.columns)
    _, y = pose.figure_of(body)
    body = Patch(*place, body.cover * (1 - 0.9 * risen_between(y, 0.23, 0.34)))
    # Rounded together with the face and the shoulders, so that light from behind finds only the outer edge.
    normal = swollen(torch.maximum(body.cover, figure.cover[place]), 0.050 * pose.unit)
    fine = combed(strands, pose.size, max(0.35, 0.0011 * pose.unit))
    figure.lay(body, lit(colour(*HAIR), normal, figure.lights, gloss=0.006, sharpness=6))
    if fine is None:
        return
    wide = torch.zeros(2, *pose.size)
    wide[:, body.lines, body.columns] = normal
    sheen = lit(colour(0.11, 0.07, 0.055), wide[:, fine.lines, fine.columns], figure.lights, gloss=0.16, sharpness=6)
    figure.lay(Patch(fine.lines, fine.columns, 0.85 * fine.cover), sheen, shadow=0)


def _strands(pose: _Pose, outside: Points, inside: Points, length: Points) -> list[tuple[Points, float]]:
    dice = np.random.default_rng(11)
    strands = []
    for _ in range(150):
        side, bright, phase, stray = dice.random(), dice.random() ** 2, 6.28 * dice.random(), dice.normal()
        is_stray = abs(stray) > 1.5
        side = side * 0.96 + 0.02 if not is_stray else float(0.78 + 0.30 * side)
        drift = 0.16 * is_stray * (side - 0.9) * np.sin(2.5 * length + phase)
        curve = inside + (outside - inside) * (side + drift)[:, None]
        wave = (0.0025 + 0.005 * is_stray) * np.sin(9 * length + phase) + 0.016 * is_stray * stray * length**2
        curve = curve + np.column_stack([wave + 0.005 * np.sin(3 * pose.time + phase) * length**2, 0.3 * wave])
        until = len(curve) - int(dice.integers(0, 6))
        strands.append((pose.placed(curve[int(dice.integers(0, 6)):until]), 0.15 + 0.85 * bright))
    return strands


def _arm_with_microphone(figure: _Figure) -> None:
    pose = figure.pose
    lift = 0.006 * sin(2 * pi * pose.time)
    mouth = pose.turned(np.array([[-0.110, 0.058]]))[0]
    capsule = (float(mouth[0]), float(mouth[1]) + 0.3 * lift)
    grip = (capsule[0] - 0.030, capsule[1] + 0.072)
    tail = (capsule[0] - 0.050, capsule[1] + 0.125)
    wrist = (grip[0] + 0.018, grip[1] + 0.052)
    elbow = (-0.015, 0.445 + lift)
    figure.cloth(figure.limb((0.052, 0.240, 0.050), (0.032, 0.330, 0.043), (*elbow, 0.036)), 0.040)
    figure.part(figure.limb((*capsule, 0.0125), (*tail, 0.0085)), BLACK, 0.010, gloss=0.25)
    figure.part(brushed(pose.placed(np.array([[*capsule, 0.0205]])), pose.size), METAL, 0.020, gloss=0.35)
    figure.cloth(figure.limb((*elbow, 0.036), ((elbow[0] + wrist[0]) / 2 - 0.008, (elbow[1] + wrist[1]) / 2, 0.032),
                             (*wrist, 0.021)), 0.030)
    figure.part(figure.limb((*wrist, 0.017), (grip[0] + 0.016, grip[1] + 0.016, 0.022),
                            (grip[0] + 0.013, grip[1] - 0.010, 0.019)), SKIN, 0.018, wrap=0.1)
    for finger in range(4):
        start = (grip[0] + 0.020 - 0.003 * finger, grip[1] - 0.020 + 0.0145 * finger)
        end = (grip[0] - 0.012 - 0.004 * finger, grip[1] - 0.012 + 0.0145 * finger)
        figure.part(figure.limb((*start, 0.0095), (start[0] - 0.020, start[1] - 0.002, 0.0090), (*end, 0.0072)),
                    SKIN, 0.009, wrap=0.1)


def _folded(normal: Tensor, x: Tensor, y: Tensor, time: float) -> Tensor:
    """Soft folds that run down the cloth, deeper below the waist."""
    depth = 0.10 + 0.30 * risen_between(y, 0.45, 0.85)
    fold = torch.sin(70 * x / (0.6 + y.clamp_min(0)) + 6 * torch.sin(5 * y) + 0.8 * sin(2.1 * time))
    bent = normal + torch.stack([depth * fold, torch.zeros_like(fold)])
    return bent / bent.square().sum(0).sqrt().clamp_min(0.97) * 0.97


def _sequins(x: Tensor, y: Tensor, normal: Tensor, sparkle: Tensor, pose: _Pose) -> Tensor:
    """Round platelets sewn in rows, each turned its own way, so that a few of them flash at any moment."""
    across, down = x * 125, y * 125
    across = across + 0.5 * (down.floor() % 2)
    own = sparkle[down.long() % sparkle.shape[0], across.long() % sparkle.shape[1]]
    flash = (torch.sin(40 * own + (3 + 5 * own) * pose.time + 9 * normal[0]) * 0.5 + 0.5) ** 18
    round_ = 1 - risen_between(((across % 1 - 0.5) ** 2 + (down % 1 - 0.5) ** 2).sqrt(), 0.12, 0.42)
    return round_ * (0.012 + 3.0 * flash * own**2)
