"""Frames in between, at any time, for film and progressive video: the motion of two neighbouring frames carries both
to the wanted moment (`compute.between`).

The frames that were recorded pass bit for bit wherever one of the master's falls on their moment. Where two neighbours
are one picture, it is shown again: nothing is made between them, so what was filmed or drawn at 12 keeps its pace.
After the last frame of a shot nothing follows, and it is shown again too, never mixed with the other side of the cut.
So is the first of two pictures that have nothing in common, where the analysis took flashes of several views for one
shot.

Each frame in between needs its two neighbours alone: a part of a shot that is given the frame that follows it equals
the same frames of the whole shot bit for bit.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from math import ceil

from torch import Tensor

from restoration.engine.compute.between import Motion, motion_between, picture_between
from restoration.engine.compute.repeats import SAME, change
from restoration.engine.compute.sketches import are_unrelated, of_frame
from restoration.engine.frames import Frame
from restoration.engine.moments import Moments
from restoration.engine.settings import RetimeSettings
from restoration.engine.stage import ShotContext, Stage


def retime(settings: RetimeSettings, context: ShotContext) -> Stage:
    """A stage from the repairs' frames, planes [3, H, W], to the master's, numbered as `context.moments` counts them;
    `context.wanted`: those of the shot. "as it is" passes all untouched."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if settings.rate == "as it is":
            yield from frames
            return
        moments, wanted = context.moments, context.wanted
        for neighbours in _pairs(frames):
            for number in _numbers(neighbours.one.number, moments):
                if wanted is None or number in wanted:
                    at = float(moments.from_repaired(number) - neighbours.one.number)
                    yield replace(neighbours.one, number=number, planes=neighbours.at(at))

    return stage


def _pairs(frames: Iterator[Frame]) -> Iterator["_Neighbours"]:
    """Each frame as soon as it is there, the one that follows when it is asked for."""
    following = next(frames, None)
    while following is not None:
        neighbours = _Neighbours(following, frames)
        yield neighbours
        following = neighbours.other


def _numbers(frame: int, moments: Moments) -> range:
    """The master's frames from a repaired frame's moment on, until the next."""
    return range(ceil(frame * moments.retimed), ceil((frame + 1) * moments.retimed))


class _Neighbours:
    """A frame, and what follows it."""

    def __init__(self, one: Frame, frames: Iterator[Frame]) -> None:
        self.one, self._frames = one, frames

    @cached_property
    def other(self) -> Frame | None:
        return next(self._frames, None)

    @cached_property
    def _motion(self) -> Motion | None:
        """None where nothing lies between."""
        if self.other is None or change(self.one.planes[0], self.other.planes[0]) < SAME:
            return None
        if are_unrelated(of_frame(self.one), of_frame(self.other)):
            return None
        return motion_between(self.one.planes[0], self.other.planes[0])

    def at(self, time: float) -> Tensor:
        """Planes at `time` in 0..1 from the first to the second."""
        if time == 0 or self._motion is None or self.other is None:
            return self.one.planes
        return picture_between(self.one.planes, self.other.planes, self._motion, time)
