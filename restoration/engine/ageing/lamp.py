"""What an unsteady lamp or shutter does to a film: every frame is exposed a little otherwise."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from restoration.engine.ageing.aged import Aged


def flicker(clip: Tensor, seed: int, *, gain: float = 0.05, contrast: float = 0.03) -> Aged:
    """The whole picture brighter or darker from frame to frame. gain: standard deviation of the logarithm of the signal
    R'G'B', which a change of light multiplies too; contrast: standard deviation of the exponent around 1."""
    dice = torch.Generator().manual_seed(seed)
    strength = torch.randn((2, len(clip), 1, 1), generator=dice)
    luma = clip[:, 0].clamp(min=1e-3)
    ratio = torch.exp(gain * strength[0]) * luma ** (contrast * strength[1])
    return Aged(clip * ratio[:, None], clip)


def local_flicker(clip: Tensor, seed: int, *, gain: float = 0.06, cells: tuple[int, int] = (2, 3)) -> Aged:
    """Each part of the picture by itself brighter or darker from frame to frame, smoothly from one to the next. gain:
    standard deviation of the logarithm in the middle of a part; cells: how many parts down and across."""
    dice = torch.Generator().manual_seed(seed)
    grids = gain * torch.randn((len(clip), 1, *cells), generator=dice)
    wide = interpolate(grids, size=clip.shape[-2:], mode="bicubic", align_corners=False)
    return Aged(clip * torch.exp(wide), clip)
