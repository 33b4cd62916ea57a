"""A larger raster of square pixels from what the recording holds, by a network of our own or by filters alone.

Whichever enlarges the luma, the result is held to the recording: brought down to the source's raster again it must be
what the source's raster shows. Blanking beside the picture is left out, so that neither the fit nor the border rings;
below five per cent of white nothing is sharpened. Colour is enlarged with Mitchell's filter, which does not ring.

The network looks at two moments on each side, filters at none. A part of a shot that is given so many more frames at
each end equals the same frames of the whole shot bit for bit.
"""

from collections.abc import Iterator
from fractions import Fraction

import torch
from torch import Tensor

from restoration.engine.compute.resample import resize
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.upscale.filters import filtered
from restoration.engine.enhancement.upscale.learnt import MOMENTS, Learnt
from restoration.engine.enhancement.upscale.natural import mixed, network_of
from restoration.engine.frames import Frame
from restoration.engine.media.raster import active_columns, target_raster
from restoration.engine.networks.registry import pays, upscaler
from restoration.engine.settings import LARGE, UpscaleSettings
from restoration.engine.stage import ShotContext, Stage


def reach(settings: UpscaleSettings) -> int:
    """Moments on each side that the stage looks at."""
    return MOMENTS if settings.height is not None and settings.method != "filters" else 0


def upscale(settings: UpscaleSettings, context: ShotContext) -> Stage:
    """A stage from planes [3, H, W] with `context.pixel_aspect` to [3, height, width] of `target_raster`, for the
    frames that are wanted.

    Without a height frames pass untouched. The blanking outside `active_columns` is left out, not stretched. Raises
    WeightsError where the network's weights are not what was shipped.
    """

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if settings.height is None:
            yield from frames
            return
        shown = (_active(frame, context.pixel_aspect) for frame in frames)
        learnt, brought = _LearntOnce(settings), network_of(settings)
        for window, middle in around(shown, reach(settings)):
            frame = window[middle]
            if context.wanted is None or frame.number in context.wanted:
                made = _larger(window, middle, settings, learnt, context.pixel_aspect)
                if brought is not None:
                    made[0] = mixed(made[0], frame.planes, frame.color.matrix, brought, settings.natural)
                yield frame.with_planes(made)

    return stage


def _active(frame: Frame, pixel_aspect: Fraction) -> Frame:
    height, width = frame.planes.shape[1:]
    first, columns = active_columns(width, height, pixel_aspect)
    return frame if columns == width else frame.with_planes(frame.planes[:, :, first:first + columns].contiguous())


class _LearntOnce:
    """The network for a shot, chosen by its first frame."""

    def __init__(self, settings: UpscaleSettings) -> None:
        self._method = settings.method
        self._learnt: Learnt | None = None

    def that(self, lines: int, wanted: int) -> Learnt | None:
        """None where filters are asked for, or the network has nothing to say."""
        if self._method != "filters" and self._learnt is None and pays(lines, wanted):
            self._learnt = Learnt(upscaler(lines, wanted, is_large=self._method == LARGE))
        return self._learnt


def _larger(window: list[Frame], middle: int, settings: UpscaleSettings, once: _LearntOnce,
            pixel_aspect: Fraction) -> Tensor:
    source = window[middle].planes
    size = target_raster(source.shape[2], source.shape[1], pixel_aspect, settings)
    made = torch.empty((3, size[1], size[0]), dtype=source.dtype, device=source.device)
    learnt = once.that(source.shape[1], size[1])
    if learnt is not None:
        made[0] = learnt.enlarged([(frame.number, frame.planes[0]) for frame in window], middle, size)
    else:
        made[0] = filtered(source[0], size, settings.sharpness)
    for plane in (1, 2):
        made[plane] = resize(source[plane], *size, kernel="mitchell")
    return made
