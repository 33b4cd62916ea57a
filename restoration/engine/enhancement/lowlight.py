"""Light for dark stages: the middle shadows are lifted, black and whatever is lit stay where they are.

One curve that follows from the settings alone, so that no frame, shot or part of one looks different for what else is
in it. How much a point is lifted is read from its surroundings, smoothed without crossing edges (compute.guided), and
all three planes are multiplied alike: fine contrast, hue and saturation keep their proportions. A colour of which one
primary is strong already, as blue light is while its luma is low, is lifted less, for it has no room. What is as small
as the noise that the analysis found is not lifted: noise keeps its height and shadows do not fill with it.

It changes the picture on purpose, as a choice of colour does, so it stands with the repairs: the certificate of
faithfulness compares with the picture after it.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from restoration.engine.compute.guided import guided
from restoration.engine.compute.rising import risen_between
from restoration.engine.frames import Frame, fields_of, woven
from restoration.engine.media.color import to_rgb
from restoration.engine.settings import LowlightSettings
from restoration.engine.stage import ShotContext, Stage

_MOST = 0.7  # Of its own value that a point gains with the whole amount; more would flatten what is half lit.
_BLACK, _SOME = 0.02, 0.06  # Up to the first nothing, from the second on all of it.
_DEEP, _DARK = 0.0, 0.10  # The same for the surroundings, over which near-black becomes dark without an edge.
_LIT, _BRIGHT = 0.08, 0.42  # From the first less, from the second on nothing.
_ROOM, _FULL = 0.2, 0.9  # The same for the strongest primary.
_FINE = 0.03  # Detail this much brighter than its surroundings is lifted as these are.
_EDGE = 0.03
_NOISE = 3.0  # How many standard deviations count as noise.


def lift_shadows(settings: LowlightSettings, context: ShotContext) -> Stage:
    """A stage that lifts shadows of planes [3, H, W] by `settings.amount`; fields of two moments each by itself. Black
    and what is above 0.45 stay bit for bit."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield frame.with_planes(_lifted_frame(frame, settings.amount, context.noise_sigma[0]))

    return stage


def _lifted_frame(frame: Frame, amount: float, sigma: float) -> Tensor:
    if not amount:
        return frame.planes
    if frame.interlaced is None:
        return _lifted(frame.planes, frame.color.matrix, amount, sigma)
    first, second = (_lifted(planes, frame.color.matrix, amount, sigma)
                     for planes in fields_of(frame.planes, frame.interlaced))
    return woven(first, second, frame.interlaced)


def _lifted(planes: Tensor, matrix: str, amount: float, sigma: float) -> Tensor:
    luma = planes[0]
    around = guided(luma, luma, edge=_EDGE)
    clean = luma if not sigma else around + _cored(luma - around, sigma)
    gain = risen_between(around, _DEEP, _DARK) * risen_between(clean, _BLACK, _SOME)
    gain *= 1 - risen_between(torch.maximum(around, clean - _FINE), _LIT, _BRIGHT)
    gain *= 1 - risen_between(to_rgb(planes, matrix).amax(0), _ROOM, _FULL)
    gain *= _MOST * amount
    made = planes.clone()
    made[0].addcmul_(gain, clean)
    made[1:].addcmul_(gain, planes[1:])
    return made


def _cored(detail: Tensor, sigma: float) -> Tensor:
    """Detail without what is as small as noise; larger detail nearly as it is. Never turns order round."""
    square = detail * detail
    return detail * square / (square + (_NOISE * sigma) ** 2)
