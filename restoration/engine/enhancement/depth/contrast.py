"""The contrast of fine detail, a little more where the map says near and as much less where it says far; where a map
tells nothing apart, nothing of either."""

from collections.abc import Iterator

from torch import Tensor

from restoration.engine.compute.guided import guided
from restoration.engine.compute.rising import risen_between
from restoration.engine.enhancement.depth.layers import Layered, layered
from restoration.engine.frames import Frame
from restoration.engine.settings import DepthSettings
from restoration.engine.stage import ShotContext, Stage

_MOST = 0.04
_EDGE = 0.08  # Steps beyond this are no detail: they keep their height, so that nothing gets a rim.
_TOLD = 0.3  # Beside the map's mean: that far is a figure's, or a ground's.
_DARK = (0.04, 0.10)  # What is nearly black stays as it is.


def set_apart(settings: DepthSettings, context: ShotContext) -> Stage:
    """A stage that changes the contrast of detail in luma by up to 4 % of itself, planes [3, H, W] in and out; colour
    stays bit for bit."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not settings.amount:
            yield from frames
            return
        for each in layered(frames, context):
            yield _set_apart(each, settings.amount)

    return stage


def _set_apart(layers: Layered, amount: float) -> Frame:
    luma = layers.frame.planes[0]
    gain = ((layers.near - layers.mean) / _TOLD).clamp_(-1, 1).mul_(_lit(luma)).mul_(_MOST * amount)
    planes = layers.frame.planes.clone()
    planes[0].addcmul_(gain, luma - guided(luma, luma, edge=_EDGE))
    return layers.frame.with_planes(planes)


def _lit(luma: Tensor) -> Tensor:
    return risen_between(luma, *_DARK)
