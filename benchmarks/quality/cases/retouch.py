"""Something that covers the picture for three frames, and a mask that a person drew over it."""

from fractions import Fraction

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from benchmarks.quality.mending import PIXEL_ASPECT
from restoration.engine.ageing import Aged
from restoration.engine.repair.retouch.drawing import drawn
from restoration.engine.settings import Retouch, Settings

SIZE = (400, 280)
START, END = 6, 9
_LOOK = (0.9, 0.1, -0.2)
_TORN = ((0.4, 0.35), (0.52, 0.3), (0.55, 0.5), (0.45, 0.55))
_HAIR = ((0.2, 0.7), (0.3, 0.6), (0.35, 0.75))
SHAPES = (Retouch(start=START, end=END, points=_TORN),
          Retouch(start=START, end=END, points=_HAIR, radius=0.02))


def _covered(clip: Tensor, seed: int) -> Aged:
    """A torn corner and a hair, each as far as it was drawn; the feather around is scored too."""
    share = drawn(SHAPES, (clip.shape[-1], clip.shape[-2]), Fraction(PIXEL_ASPECT))
    masks = torch.zeros(len(clip), *share.shape, dtype=torch.bool)
    masks[START:END] = share > 0
    spoilt = clip.clone()
    spoilt[START:END, :, share >= 1] = torch.tensor(_LOOK)[:, None]
    return Aged(spoilt, clip, masks)


def _as_drawn(aged: Aged) -> Settings:
    """Nobody draws on a picture where nothing lies."""
    return Settings(retouch=SHAPES if aged.masks is not None and bool(aged.masks.any()) else ())


def _box(points: tuple[tuple[float, float], ...], around: float) -> str:
    """ffmpeg's delogo over the rectangle around these points, in pixels."""
    width, height = SIZE
    left, right = (round(side(x for x, _ in points) * width) for side in (min, max))
    top, bottom = (round(side(y for _, y in points) * height) for side in (min, max))
    wide = round(around * height / PIXEL_ASPECT) + 3
    tall = round(around * height) + 3
    return (f"delogo=x={left - wide}:y={top - tall}:w={right - left + 2 * wide}:h={bottom - top + 2 * tall}:"
            f"enable='between(n,{START},{END - 1})'")


CASE = Case(
    name="retouch", title="Retouched by hand", age=_covered, settings=_as_drawn,
    is_local=True, frames=14, size=SIZE,
    oracles=(Oracle("delogo", f"{_box(_TORN, 0)},{_box(_HAIR, 0.02)}"),
             Oracle("tmedian over 9", "tpad=start_mode=clone:start=4:stop_mode=clone:stop=4,tmedian=radius=4")))
