"""The concert in time: which camera looks, what the lights do, one true moment after another."""

from dataclasses import dataclass
from math import sin

import torch
from torch import Tensor
from torch.nn import functional

from restoration.engine.demo import singer, stage
from restoration.engine.demo.canvas import View, blurred, colour
from restoration.engine.demo.cutout import Light

CUT, DISSOLVE, DISSOLVE_LENGTH = 0.38, 0.70, 0.09  # parts of the whole
STROBE = (0.22, 0.30)
CONFETTI = 0.0


@dataclass(frozen=True)
class Show:
    """A concert of so many seconds; the same seed gives the same concert."""

    seconds: float
    seed: int
    things: stage.Scenery

    @classmethod
    def of(cls, seconds: float, seed: int) -> "Show":
        return cls(seconds, seed, stage.scenery(seed))

    def moment(self, time: float) -> Tensor:
        """The picture at one moment (seconds): non-linear BT.601 Y'CbCr, float32 [3, 480, 720], as in frames.Frame."""
        part = time / self.seconds
        if part < CUT:
            light = self._seen(wide(time), time, part)
        elif part < DISSOLVE:
            light = self._seen(medium(time), time, part)
        else:
            light = self._seen(close(time), time, part)
            if part < DISSOLVE + DISSOLVE_LENGTH:
                mix = (part - DISSOLVE) / DISSOLVE_LENGTH
                light = mix * light + (1 - mix) * self._seen(medium(time), time, part)
        return to_ycbcr(developed(light))

    def _seen(self, view: View, time: float, part: float) -> Tensor:
        flash = 1.0 if STROBE[0] < part < STROBE[1] and int(time * 60) % 8 < 2 else 0.0
        canvas = stage.backdrop(view, time, self.things) + stage.beams(view, time, self.things, front=False)
        canvas = stage.truss(canvas, view)
        canvas = singer.draw(canvas, view, time, _lamps(time, flash), self.things.sparkle)
        canvas = canvas + stage.beams(view, time, self.things, front=True)
        canvas = stage.confetti(canvas, view, time, self.things, 0.55 + 1.5 * flash)
        canvas = stage.crowd(canvas, view, time, self.things)
        return canvas * (1 + 1.2 * flash) + flash * colour(0.030, 0.030, 0.040)


def wide(time: float) -> View:
    return View(0.05 * sin(0.5 * time), 0.0 + 0.004 * sin(1.9 * time), 1.0 + 0.03 * time)


def medium(time: float) -> View:
    return View(0.02 + 0.015 * sin(0.8 * time), 0.02 + 0.006 * sin(1.7 * time), 2.1 + 0.06 * time)


def close(time: float) -> View:
    return View(0.015 + 0.008 * sin(1.1 * time), -0.190 + 0.004 * sin(2.3 * time), 4.8 + 0.05 * time)


def _lamps(time: float, flash: float) -> list[Light]:
    """A warm lamp on the profile, strong colour from behind on both sides and white from above, a breath of fill."""
    first, second = stage.palette(time)
    beat = 0.75 + 0.4 * stage.pulse(time)
    return [Light((-0.92, -0.36, 0.11), (0.40 + 2 * flash, 0.28 + 2 * flash, 0.21 + 2 * flash)),
            Light((0.82, -0.28, -0.42), _times(4.2 * beat, _paler(first))),
            Light((-0.84, -0.22, -0.48), _times(3.4 * beat, _paler(second))),
            Light((0.10, -0.85, -0.46), (1.7, 1.5, 1.3)),
            Light((0.55, 0.35, 0.62), _times(0.10, second))]


def _paler(light: tuple[float, float, float]) -> tuple[float, float, float]:
    """A lamp that shines at the lens burns towards white."""
    red, green, blue = light
    return 0.08 + 0.92 * red, 0.08 + 0.92 * green, 0.08 + 0.92 * blue


def _times(gain: float, light: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = light
    return gain * red, gain * green, gain * blue


def developed(light: Tensor) -> Tensor:
    """Non-linear R'G'B' of linear light: halation round what is bright, a toe and a shoulder, gamma, darker corners."""
    glow = functional.avg_pool2d((light[None] - 0.35).clamp(0, 4), 4)
    halo = functional.interpolate(blurred(glow, 2.2) * 0.20 + blurred(glow, 9.0) * 0.16, size=light.shape[-2:],
                                  mode="bilinear", align_corners=False)[0]
    corners = 1 - 0.20 * (torch.linspace(-1, 1, light.shape[1])[:, None] ** 2
                          + torch.linspace(-1, 1, light.shape[2])[None] ** 2) / 2
    exposed = (light + halo) * corners
    exposed = exposed * exposed / (exposed + 0.014)  # the toe: what is dark stays dark, and saturated
    return (1 - torch.exp(-1.9 * exposed)).clamp(0, 1) ** (1 / 2.2)


def to_ycbcr(rgb: Tensor) -> Tensor:
    """R'G'B' 0..1 to Y' 0..1, Cb and Cr -0.5..0.5, by BT.601's matrix."""
    luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
    return torch.stack([luma, (rgb[2] - luma) / 1.772, (rgb[0] - luma) / 1.402])
