"""Frames in between on Middlebury's "other" set: twelve pairs of frames and the one in their middle; beside it ffmpeg's
best at it, overlapped blocks of variable size, matched both ways.

PSNR in dB over R, G and B of the 8-bit picture, against `frame10i11.png`; the mean of the two frames, rounded to 8 bit,
gives 28.01.
"""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.networks.row import Row
from restoration.engine.compute.between import motion_between, picture_between
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.metrics import psnr

NAME, FOLDER = "middlebury", "middlebury_other"
COLUMNS = ("mean of both", "minterpolate", "Patina")
_FILTER = "format=yuv444p,minterpolate=fps=50:mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:scd=none,format=rgb24"
_MIDDLE = 3  # Of what comes of both frames, each given twice, at twice the rate.
_MATRIX = "smpte170m"


def rows(folder: Path) -> list[Row]:
    """One for each pair. Raises FileNotFoundError where the set is not there."""
    clips = sorted(path.parent for path in folder.glob("*/frame10i11.png"))
    if not clips:
        raise FileNotFoundError(f"There is no {folder}/*/frame10i11.png.")
    return [_row(clip) for clip in clips]


def _row(clip: Path) -> Row:
    one, truth, other = (_read(clip / f"frame{name}.png") for name in ("10", "10i11", "11"))
    mean = ((one * 255).round() + (other * 255).round()).div(2).round() / 255
    first, second = from_rgb(one, _MATRIX), from_rgb(other, _MATRIX)
    between = picture_between(first, second, motion_between(first[0], second[0]), 0.5)
    made = mean, _interpolated(one, other), _eight_bit(to_rgb(between, _MATRIX))
    return Row(clip.name, tuple(psnr(picture, truth) for picture in made))


def _interpolated(one: Tensor, other: Tensor) -> Tensor:
    """As ffmpeg's minterpolate makes it."""
    height, width = one.shape[1:]
    given = b"".join((picture * 255).round().byte().permute(1, 2, 0).numpy().tobytes()
                     for picture in (one, one, other, other))
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *raw, "-s", f"{width}x{height}", "-r", "25",
                           "-i", "-", "-vf", _FILTER, *raw, "-"], input=given, capture_output=True, check=True)
    made = np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 3)[_MIDDLE]
    return torch.from_numpy(made.copy()).permute(2, 0, 1).float() / 255


def _read(path: Path) -> Tensor:
    with Image.open(path) as opened:
        samples = np.asarray(opened.convert("RGB"))
    return torch.from_numpy(samples.copy()).permute(2, 0, 1).float() / 255


def _eight_bit(picture: Tensor) -> Tensor:
    return (picture * 255).round().clamp(0, 255) / 255
