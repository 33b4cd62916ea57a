"""A picture enlarged as a version's frames are: by the whole stage, held to the source and kept within its bounds."""

from fractions import Fraction
from pathlib import Path

from torch import Tensor

from benchmarks.networks.pictures import eight_bit, read
from restoration.engine.enhancement.upscale import upscale
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.color import from_rgb
from restoration.engine.metrics import psnr
from restoration.engine.settings import UpscaleSettings
from restoration.engine.stage import ShotContext

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
_EDGE = slice(4, -4)


def planes_in(path: Path) -> Tensor:
    """[3, H, W] on the scale of Frame.planes."""
    return from_rgb(read(path), COLOR.matrix)


def enlarged(source: Tensor, settings: UpscaleSettings) -> Tensor:
    """Luma [H, W] of what the stage makes of planes [3, H, W]."""
    stage = upscale(settings, ShotContext(Fraction(25), Fraction(1)))
    return next(stage(iter([Frame(source, 0, COLOR)]))).planes[0]


def score(made: Tensor, truth: Tensor) -> float:
    """PSNR in dB of two lumas on the 0..1 scale, in eight bits of limited range, four pixels of every edge left out."""
    return psnr(*(eight_bit((luma * 219 + 16) / 255)[_EDGE, _EDGE] for luma in (made, truth)))
