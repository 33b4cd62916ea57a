"""Clean clips, whose every pixel is known before anything is done to them, in two halves that share nothing.

Tuning: photographs under a camera that moves smoothly, and rendered animation. Reporting: camera footage. Camera
footage is brought from 720 or 1080 lines to 720x480 by averaging areas, so that what its compression left vanishes.
Of the clips beside the checkout, those of 576 lines and less are left out: nothing would hide their compression. One
clip of each half is put under a tenth of its light, because tape and film are worst in the dark.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from pathlib import Path

import av
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import grid_sample, interpolate

from restoration.engine.media.color import mix, to_rgb_matrix

SIZE = (720, 480)
HALVES = ("tuning", "reporting")
SEEDS = {"tuning": (1001, 1002), "reporting": (2001, 2002)}
MATRIX = "smpte170m"
_DIM = 0.1  # Of the light, for a clip in the dark.


class MissingFootage(Exception):
    """A folder or file that the clips are made of is not there; its text says which."""


@dataclass(frozen=True, slots=True)
class Clean:
    """planes: float32 [T, 3, H, W] on the scale of Frame.planes."""

    name: str
    planes: Tensor


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    file: str
    skip: int = 0
    is_dim: bool = False


REPORTING = (
    _Source("person and fast dog", "good/dog_park_720p30.mp4", 30),
    _Source("street, pan over foliage", "good/hd_street_1080p.mp4", 20),
    _Source("face at a desk", "good/face_office_720p.mp4"),
    _Source("concert, violet haze", "good/stage_concert_720p.mp4", 100),
    _Source("dog at night", "good/dog_park_720p30.mp4", 200, is_dim=True),
)
TUNING = (
    _Source("animation", "video/big_buck_bunny_720p_5s.mp4", 40),
    _Source("perforated steel", "photos/elementary_urban_dream.jpg"),
    _Source("colourful cups", "photos/debian_plasma-workspace-wallpapers__ColorfulCups.jpg"),
    _Source("leaves", "photos/elementary_leaves.jpg"),
    _Source("lighthouse at night", "photos/elementary_william_bout_lighthouse.jpg", is_dim=True),
)


def clips(half: str, folder: Path, frames: int, size: tuple[int, int] | None = None) -> list[Clean]:
    """The clean clips of one half, float32 [T, 3, 480, 720] or the window of that (width, height) in the middle.
    T may be less than asked where a recording is shorter, and is always even. Raises MissingFootage."""
    if not folder.is_dir():
        raise MissingFootage(f"The clips of the {half} half are not here: there is no folder {folder}.")
    sources = TUNING if half == "tuning" else REPORTING
    return [Clean(each.name, _windowed(_of(each, folder, frames), size)) for each in sources]


def _of(source: _Source, folder: Path, frames: int) -> Tensor:
    path = folder / source.file
    if not path.is_file():
        raise MissingFootage(f"A clip that the benchmark is made of is not here: {path}.")
    make: Callable[..., Tensor] = _photographed if path.suffix == ".jpg" else _recorded
    planes = make(path, frames, source.skip)
    return _dimmed(planes) if source.is_dim else planes


def _recorded(path: Path, frames: int, skip: int) -> Tensor:
    found: list[Tensor] = []
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index < skip:
                continue
            shaped = frame.reformat(width=SIZE[0], height=SIZE[1], format="yuv444p16le", interpolation="AREA",
                                    dst_colorspace="ITU601", dst_color_range="MPEG")
            found.append(planes_of(shaped.to_ndarray().transpose(2, 0, 1)))
            if len(found) == frames:
                break
    return torch.stack(found[:len(found) // 2 * 2])


def planes_of(samples: np.ndarray) -> Tensor:
    """16-bit samples in limited range, [..., 3, H, W], as planes."""
    levels = torch.from_numpy(np.ascontiguousarray(samples).astype(np.float32)) / 256
    luma, chroma = (levels[..., :1, :, :] - 16) / 219, (levels[..., 1:, :, :] - 128) / 224
    return torch.cat([luma, chroma], -3)


def samples_of(planes: Tensor) -> np.ndarray:
    """The opposite: uint16 in limited range, with room for what is blacker than black and whiter than white."""
    levels = torch.cat([planes[..., :1, :, :] * 219 + 16, planes[..., 1:, :, :] * 224 + 128], -3) * 256
    return levels.round().clamp(0, 65535).numpy().astype(np.uint16)


def _photographed(path: Path, frames: int, skip: int) -> Tensor:
    """A still under a camera that pans, turns and zooms smoothly; the way follows from the picture's name."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    wide = torch.from_numpy(frame.to_ndarray(format="rgb24").copy()).permute(2, 0, 1).float()[None] / 255
    scale = 1.6 * SIZE[0] / wide.shape[-1]
    still = interpolate(wide, scale_factor=scale, mode="area") if scale < 1 else wide
    planes = mix(still[0], to_rgb_matrix(MATRIX).inverse())
    return torch.stack([_seen(planes, skip + number, sum(map(ord, path.stem))) for number in range(frames // 2 * 2)])


def _seen(still: Tensor, number: int, seed: int) -> Tensor:
    """What the camera sees at one moment: planes [3, 480, 720]."""
    width, height = SIZE
    dice = np.random.default_rng(seed)
    reach, turn, phase = dice.uniform(20, 60, 2), dice.uniform(-0.02, 0.02), dice.uniform(0, 2 * pi, 4)
    swing = [sin(2 * pi * number / 48 + value) for value in phase]
    angle, zoom = turn * swing[2], 1 + 0.03 * swing[3]
    y, x = torch.meshgrid(torch.arange(height) - height / 2, torch.arange(width) - width / 2, indexing="ij")
    there_x = zoom * (cos(angle) * x - sin(angle) * y) + still.shape[2] / 2 + reach[0] * swing[0]
    there_y = zoom * (sin(angle) * x + cos(angle) * y) + still.shape[1] / 2 + reach[1] * swing[1]
    place = torch.stack([2 * there_x / (still.shape[2] - 1) - 1, 2 * there_y / (still.shape[1] - 1) - 1], -1)
    return grid_sample(still[None], place[None].float(), mode="bicubic", padding_mode="reflection",
                       align_corners=True)[0]


def _dimmed(planes: Tensor) -> Tensor:
    """The same scene in less light: linear light times a tenth, R'G'B' by a gamma of 2.2."""
    to_rgb = to_rgb_matrix(MATRIX)
    return mix(mix(planes, to_rgb).clamp(0, 1) * _DIM ** (1 / 2.2), to_rgb.inverse())


def _windowed(planes: Tensor, size: tuple[int, int] | None) -> Tensor:
    if size is None:
        return planes
    top, left = (planes.shape[2] - size[1]) // 4 * 2, (planes.shape[3] - size[0]) // 2
    return planes[..., top:top + size[1], left:left + size[0]].contiguous()
