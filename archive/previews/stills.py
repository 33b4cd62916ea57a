"""Twelve frames that tell what a recording shows, and the one that stands for it."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

FRAMES = 12
STRIP_HEIGHT = 108
DARK, BRIGHT = 28, 235


class Stills:
    """Looks at every frame and keeps those in the middle of each twelfth of the time."""

    def __init__(self, duration: Fraction) -> None:
        self.kept: list[Image.Image] = []
        self._wanted = [duration * (2 * number + 1) / (2 * FRAMES) for number in range(FRAMES)]

    def look_at(self, frame: av.VideoFrame) -> None:
        moment = (frame.pts or 0) * Fraction(frame.time_base or 1)
        is_first = not self.kept
        if not is_first and (len(self.kept) >= FRAMES or moment < self._wanted[len(self.kept)]):
            return
        image = frame.to_image()
        while len(self.kept) < FRAMES and (is_first or moment >= self._wanted[len(self.kept)]):
            self.kept.append(image)
            is_first = False

    def save_poster(self, path: Path) -> None:
        """The frame with most to see: neither black nor burnt out, with detail."""
        max(self.kept, key=_interest).save(path, quality=88, optimize=True)

    def save_filmstrip(self, path: Path) -> None:
        frames = self.kept + [self.kept[-1]] * (FRAMES - len(self.kept))
        width = max(round(STRIP_HEIGHT * frames[0].width / frames[0].height), 1)
        strip = Image.new("RGB", (width * FRAMES, STRIP_HEIGHT))
        for number, frame in enumerate(frames):
            strip.paste(frame.resize((width, STRIP_HEIGHT), Image.Resampling.LANCZOS), (number * width, 0))
        strip.save(path, quality=82, optimize=True)


def _interest(image: Image.Image) -> float:
    light = np.asarray(image.convert("L").resize((64, 48)), dtype=np.float32)
    lit = float(((light > DARK) & (light < BRIGHT)).mean())
    return float(light.std()) * (0.2 + lit)
