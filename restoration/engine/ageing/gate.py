"""What a worn gate does to a film: every frame lies a little elsewhere."""

from dataclasses import dataclass
from math import pi

import torch
from torch import Tensor

from restoration.engine.ageing.aged import Aged


@dataclass(frozen=True, slots=True)
class Path:
    """Where each frame's picture lies, float32 [T, 2] in pixels right and down: `jitter` knows nothing of the frame
    before, `drift` is the film's slow sway, which nobody can tell from a camera's."""

    jitter: Tensor
    drift: Tensor


def path(frames: int, seed: int, *, down: float = 0.8, across: float = 0.35, drift: float = 1.5,
         rate: float = 24.0) -> Path:
    """Jitter with standard deviations `down` and `across` in pixels, mostly up and down as claws pull the film; a
    drift of that amplitude in pixels with periods of four to twelve seconds. rate: frames a second."""
    dice = torch.Generator().manual_seed(seed)
    jitter = torch.randn((frames, 2), generator=dice) * torch.tensor([across, down])
    period = (4 + 8 * torch.rand(2, generator=dice)) * rate
    phase = 2 * pi * torch.rand(2, generator=dice)
    sway = torch.sin(2 * pi * torch.arange(frames)[:, None] / period + phase)
    return Path(jitter, drift * torch.tensor([0.4, 1.0]) * sway)


def weave(clip: Tensor, seed: int, *, down: float = 0.8, across: float = 0.35, drift: float = 1.5,
          each: int = 1) -> Aged:
    """The clip through a worn gate. each: how many frames in a row show the same film frame. The truth drifts too, as
    a repair keeps what might be the camera's."""
    frames = len(clip)
    way = path(-(-frames // each), seed, down=down, across=across, drift=drift)
    jitter, sway = (part.repeat_interleave(each, 0)[:frames] for part in (way.jitter, way.drift))
    moved = [moved_by(planes, *place.tolist()) for planes, place in zip(clip, jitter + sway, strict=True)]
    truth = [moved_by(planes, *place.tolist()) for planes, place in zip(clip, sway, strict=True)]
    return Aged(torch.stack(moved), torch.stack(truth))


def moved_by(planes: Tensor, x: float, y: float) -> Tensor:
    """Planes [C, H, W] moved right and down by parts of a pixel without losing any detail, by a turn of their phases;
    beyond the edges they are mirrored."""
    height, width = planes.shape[-2:]
    tall = torch.cat([planes, planes.flip(-2)], -2)
    wide = torch.cat([tall, tall.flip(-1)], -1)
    turns = x * torch.fft.rfftfreq(2 * width)[None] + y * torch.fft.fftfreq(2 * height)[:, None]
    spectrum = torch.fft.rfft2(wide) * torch.exp(-2j * pi * turns)
    return torch.fft.irfft2(spectrum, wide.shape[-2:])[..., :height, :width].contiguous()
