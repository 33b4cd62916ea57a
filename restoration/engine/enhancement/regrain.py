"""The recording's own texture given back at the size of the master.

Method: white noise, shaped by the first-order separable autoregression that the noise reduction's residue showed
(compute.grain), scaled by the residue's strength at each brightness, the way AV1 describes film grain. Enlarged
pictures get the texture at a scale between the source's pixel and the master's, since noise as coarse as the enlarged
pixels looks like blotches.

The pattern depends on the shot's seed and the frame's number alone, so it does not matter where a part of a shot
begins. Its strength and shape come from the model, which is one for the whole shot.
"""

from collections.abc import Iterator
from math import prod, sqrt

import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.grain import STEPS, GrainModel, enlarged
from restoration.engine.compute.resample import resize
from restoration.engine.frames import Frame
from restoration.engine.settings import GrainSettings
from restoration.engine.stage import ShotContext, Stage

_TAPS = 4
_MARGIN = 2 * _TAPS
_STEPS_BACK = 4


def regrain(settings: GrainSettings, context: ShotContext, texture: GrainModel) -> Stage:
    """A stage that adds `settings.amount` of the texture to planes [3, H, W]; the size stays."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield _grained(frame, settings.amount, context.seed, texture)

    return stage


def _grained(frame: Frame, amount: float, seed: int, texture: GrainModel) -> Frame:
    if not amount:
        return frame
    planes = frame.planes
    noise = _enlarged(planes, frame.number, seed, texture)
    made = planes.clone()
    made[0].add_(noise[0].mul_(_strength(planes[0], texture)), alpha=amount)
    made[1:].add_(noise[1:], alpha=amount * texture.chroma)
    return frame.with_planes(made)


def without(planes: Tensor, number: int, amount: float, seed: int, texture: GrainModel) -> Tensor:
    """Planes [3, H, W] that this grain was added to at that frame number, as they were before.

    The strength hangs on the brightness before, which is come near to in a few steps.
    """
    noise = _enlarged(planes, number, seed, texture)
    luma = planes[0]
    for _ in range(_STEPS_BACK):
        luma = planes[0] - noise[0] * _strength(luma, texture) * amount
    return torch.cat([luma[None], planes[1:] - noise[1:] * (amount * texture.chroma)])


def _enlarged(planes: Tensor, number: int, seed: int, texture: GrainModel) -> Tensor:
    """Noise [3, H, W] of unit variance at the planes' size and place: what the filter takes of it is given back."""
    height, width = planes.shape[1:]
    coarseness = sqrt(max(1.0, height / texture.height))
    noise = _noise(seed, number, (round(height / coarseness), round(width / coarseness)), texture.alike)
    kept = prod(enlarged(alike, coarseness)[0] for alike in texture.alike)
    return resize(noise.mul_(1 / kept).to(planes.device), width, height, kernel="mitchell")


def _noise(seed: int, number: int, size: tuple[int, int], alike: tuple[float, float]) -> Tensor:
    """Three planes of unit variance; numpy's Philox gives the same values on every machine and thread count."""
    dice = np.random.Generator(np.random.Philox(key=seed % 2 ** 64, counter=[0, 0, 0, number]))
    white = torch.from_numpy(dice.standard_normal((3, size[0] + _MARGIN, size[1] + _MARGIN), dtype=np.float32))
    rows = _shaped(white, alike[1], -2)
    return _shaped(rows, alike[0], -1)[:, :size[0], :size[1]].contiguous()


def _shaped(white: Tensor, alike: float, axis: int) -> Tensor:
    """First-order autoregression along one axis, its response cut after a few taps and kept at unit variance."""
    weights = [alike ** tap for tap in range(_TAPS)]
    length = white.shape[axis] - _TAPS + 1
    made = torch.zeros_like(white.narrow(axis, 0, length))
    for tap, weight in enumerate(weights):
        made.add_(white.narrow(axis, _TAPS - 1 - tap, length), alpha=weight)
    return made.mul_(1 / sqrt(sum(weight ** 2 for weight in weights)))


def _strength(luma: Tensor, texture: GrainModel) -> Tensor:
    """The model's curve at each point's brightness, linear between the steps' middles."""
    curve = torch.tensor(texture.luma, device=luma.device)
    place = (luma * STEPS - 0.5).clamp_(0, STEPS - 1)
    step = place.floor().clamp_(max=STEPS - 2)
    lower = step.long()
    return torch.lerp(curve[lower], curve[lower + 1], place - step)
