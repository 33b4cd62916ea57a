"""Motion to a twentieth of a pixel, for whoever lays several moments over each other at a finer raster.

Beside `compute.motion`, which is calmer and stands more noise, dense inverse search was measured on photographs moved,
turned and enlarged by known amounts, at 256x320: the middle error where there is texture is 0.05 pixels (0.18), a tenth
is off by 0.18 (0.85), for 107 ms of one core for 720x480 (250).
"""

from torch import Tensor

from restoration.engine.compute.inverse_search import Picture, searched


def fine_flow(reference: Tensor, other: Tensor) -> Tensor:
    """The flow float32 [2, H, W] from `reference` to `other`, both luma [H, W] on the 0..1 scale, as `motion.estimate`
    gives it. Pictures are looked at in 8 bits. Sides from 16 pixels on."""
    return searched(_eight_bit(reference), _eight_bit(other), stride=4, steps=12, smoothed=2).to(reference.device)


def _eight_bit(luma: Tensor) -> Picture:
    levels: Picture = (255 * luma.clamp(0, 1)).round_().byte().cpu().numpy()
    return levels
