"""Light in cd/m2 to the signals of wide-range displays: PQ and HLG in BT.2020 (ITU-R BT.2100-2)."""

import torch
from torch import Tensor

from restoration.engine.media.color import WEIGHTS, mix

_M1, _M2 = 2610 / 16384, 2523 / 32
_C1, _C2, _C3 = 3424 / 4096, 2413 / 128, 2392 / 128
_A, _B, _C = 0.17883277, 0.28466892, 0.55991073
HLG_PEAK = 1000.0  # cd/m2 of the display that HLG's system gamma of 1.2 belongs to.
_SYSTEM_GAMMA = 1.2
# BT.709 to BT.2020 primaries in linear light (ITU-R BT.2087-0).
_WIDER = torch.tensor([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def in_bt2020(light: Tensor) -> Tensor:
    """Linear light of BT.709 primaries, [3, H, W], in those of BT.2020."""
    return mix(light, _WIDER)


def pq(light: Tensor) -> Tensor:
    """Signal 0..1 of light 0..10000 cd/m2 (SMPTE ST 2084)."""
    power = (light / 10_000).clamp(0, 1) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def hlg(light: Tensor) -> Tensor:
    """Signal 0..1 that makes a display of 1000 cd/m2 show this light of BT.2020 primaries, [3, H, W]."""
    shown = (light / HLG_PEAK).clamp(0, 1)
    red, blue = WEIGHTS["bt2020nc"]
    luminance = red * shown[0] + (1 - red - blue) * shown[1] + blue * shown[2]
    scene = shown * luminance.clamp_min(1e-9) ** (1 / _SYSTEM_GAMMA - 1)
    root = (3 * scene).clamp_min(0).sqrt()
    logarithm = _A * (12 * scene - _B).clamp_min(1e-9).log() + _C
    return logarithm.where(scene > 1 / 12, root).clamp(0, 1)
