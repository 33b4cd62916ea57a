"""A soft rise from nothing to the whole, slow where it begins and where it ends: 3t² - 2t³.

Every product is taken in this order, so that each place that rises comes to the same bits.
"""

from torch import Tensor


def rise(part: float) -> float:
    """How much, 0..1, is there after `part` of the way: nothing up to 0, the whole from 1 on."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def risen(parts: Tensor) -> Tensor:
    """`rise` of each of these, float of any shape."""
    parts = parts.clamp(0, 1)
    return parts * parts * (3 - 2 * parts)


def risen_between(values: Tensor, low: float, high: float) -> Tensor:
    """0 where values are `low` or less, 1 from `high` on, a soft rise between; float of any shape."""
    return risen((values - low) / (high - low))
