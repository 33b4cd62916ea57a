"""Smooth where a picture is smooth, and with its edges.

Method: the guided filter (He, Sun, Tang, "Guided image filtering", PAMI 2013) with its coefficients found on a smaller
raster (He, Sun, "Fast guided filter", 2015), which for wide windows loses nothing and costs a sixteenth.
"""

from torch import Tensor

from restoration.engine.compute.local import box_mean, doubled, halved

_LINES, _RADIUS = 180, 4


def guided(guide: Tensor, planes: Tensor, *, edge: float, radius: int = _RADIUS) -> Tensor:
    """`planes` [..., H, W] as smooth as straight functions of the guide [H, W] over windows of about a twentieth of the
    height are.

    edge: contrast of the guide, as a standard deviation, from which on an edge is followed rather than smoothed over.
    radius: of the windows, in pixels of the raster of 90 to 180 lines.
    """
    small_guide, small, halvings = guide, planes, 0
    while small_guide.shape[-2] > _LINES:
        small_guide, small, halvings = halved(small_guide), halved(small), halvings + 1
    mean_guide, mean = box_mean(small_guide, radius), box_mean(small, radius)
    variance = box_mean(small_guide * small_guide, radius) - mean_guide * mean_guide
    slope = (box_mean(small * small_guide, radius) - mean * mean_guide) / (variance.clamp_(min=0) + edge ** 2)
    offset = box_mean(mean - slope * mean_guide, radius)
    return _enlarged(box_mean(slope, radius), halvings, guide) * guide + _enlarged(offset, halvings, guide)


def _enlarged(planes: Tensor, halvings: int, like: Tensor) -> Tensor:
    sizes = [(like.shape[-2], like.shape[-1])]
    for _ in range(halvings - 1):
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    for height, width in reversed(sizes[:halvings]):
        planes = doubled(planes)[..., :height, :width]
    return planes
