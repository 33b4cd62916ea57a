from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Aged:
    """A damaged clip and what is known of it.

    clip: float32 [T, 3, H, W] on the scale of Frame.planes; truth: what a perfect repair gives back, of the same shape
    unless the damage changed the number of frames; masks: bool [T, H, W] of the damaged pixels, None where the whole
    picture is; order: the field order where each frame of `clip` now holds two moments.
    """

    clip: Tensor
    truth: Tensor
    masks: Tensor | None = None
    order: str | None = None
