"""The ordinary picture that is still in one with more range: the inverse of what the engine makes, found by trying."""

import torch
from torch import Tensor

from restoration.engine.enhancement.dynamicrange import expanded

_HALVINGS = 40


def contracted(light: Tensor) -> Tensor:
    """R'G'B' [3, H, W], 0..1, of light in cd/m2 that `expanded` made of it: its colour at the level whose light is
    that one."""
    colour = light / light.amax(0).clamp_min(1e-9)
    low, high = torch.zeros_like(light[:1]), torch.ones_like(light[:1])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_below = expanded((colour * middle) ** (1 / 2.4)).amax(0, keepdim=True) < light.amax(0, keepdim=True)
        low, high = torch.where(is_below, middle, low), torch.where(is_below, high, middle)
    return (colour * (low + high) / 2) ** (1 / 2.4)


def from_pq(signal: Tensor) -> Tensor:
    """Light in cd/m2 of a PQ signal 0..1 (SMPTE ST 2084, equation 5.2)."""
    power = signal.clamp(0, 1) ** (32 / 2523)
    return 10_000 * ((power - 3424 / 4096).clamp_min(0) / (2413 / 128 - 2392 / 128 * power)) ** (16384 / 2610)
