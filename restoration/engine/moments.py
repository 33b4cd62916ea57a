"""How the frames of a master lie in the time of its source: as they are, one for each field, or four for every five;
and with frames in between, more of them. Exact, and light: no torch.

The frames that repairs make lie on one grid for the whole reel: frame n begins n / per_frame source frames after the
source's beginning. A shot, or any range of source frames, owns those that begin in it, so that parts made apart fit
together. Frames in between make `retimed` of each; they belong to whoever owns the one they follow.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from restoration.engine.media import timing
from restoration.engine.settings import FieldsSettings, RetimeSettings

FrameMap = Literal["identity", "fields", "film", "double", "film double", "five for two", "film five for two"]
_PER_FRAME: dict[str, Fraction] = {"none": Fraction(1), "frames": Fraction(2), "film": Fraction(4, 5)}
_RETIMED: dict[str, Fraction] = {"as it is": Fraction(1), "double": Fraction(2), "five for two": Fraction(5, 2)}
_MAPS: dict[FrameMap, tuple[str, str]] = {
    "identity": ("none", "as it is"), "fields": ("frames", "as it is"), "film": ("film", "as it is"),
    "double": ("none", "double"), "film double": ("film", "double"),
    "five for two": ("none", "five for two"), "film five for two": ("film", "five for two")}
_ALONE = RetimeSettings()


@dataclass(frozen=True, slots=True)
class Moments:
    """per_frame: frames that the repairs make for each frame of the source; retimed: frames of the master for each of
    those."""

    per_frame: Fraction = Fraction(1)
    retimed: Fraction = Fraction(1)

    @classmethod
    def of(cls, fields: FieldsSettings, retime: RetimeSettings = _ALONE) -> "Moments":
        return cls(_PER_FRAME[fields.method], _RETIMED[retime.rate])

    @classmethod
    def mapped(cls, frame_map: FrameMap) -> "Moments":
        fields, retime = _MAPS[frame_map]
        return cls(_PER_FRAME[fields], _RETIMED[retime])

    @property
    def before_retiming(self) -> "Moments":
        """How the frames lie that the repairs make."""
        return Moments(self.per_frame)

    @property
    def each(self) -> Fraction:
        """Frames of the master for each frame of the source."""
        return self.per_frame * self.retimed

    @property
    def recorded_every(self) -> int:
        """How many of the repairs' frames apart those lie that are frames of the master themselves: where five are made
        of two, every other one is."""
        return self.retimed.denominator

    def rate(self, source: Fraction) -> Fraction:
        return source * self.each

    def first(self, frame: int) -> int:
        """The first frame of the master that belongs to this source frame or to one after it."""
        return ceil(ceil(frame * self.per_frame) * self.retimed)

    def owned(self, start: int, end: int) -> range:
        """The master's frames of the source frames start..end-1: those that begin in them, and what lies between the
        last of those and the next."""
        return range(self.first(start), self.first(end))

    def count(self, start: int, end: int) -> int:
        return len(self.owned(start, end))

    def shown_with(self, frame: int) -> range:
        """The master's frames that are on for any time while this source frame is: never none."""
        return range(floor(frame * self.each), ceil((frame + 1) * self.each))

    def retimed_to(self, number: int) -> range:
        """The master's frames that are on for any time while the repairs' frame of this number is: never none."""
        return range(floor(number * self.retimed), ceil((number + 1) * self.retimed))

    def from_repaired(self, number: int) -> Fraction:
        """Where a frame of the master lies among those that the repairs make: a whole number is one of them itself."""
        return number / self.retimed

    def showing(self, frame: int) -> int:
        """The master's frame to look at for a source frame: the first of its own, or the one on in its middle."""
        return self.first(frame) if self.per_frame >= 1 else floor((frame + Fraction(1, 2)) * self.each)

    def time(self, number: int) -> Fraction:
        """When a frame of the master begins, in source frames."""
        return number / self.each

    def source_frame(self, number: int) -> int:
        """The source frame that is on when a frame of the master begins."""
        return floor(self.time(number))

    def field(self, number: int) -> int:
        """The source's field, counted 2n and 2n+1, that is on in the middle of a frame of the master."""
        return floor((2 * number + 1) / self.each)

    def around(self, moments: int) -> int:
        """Source frames enough to hold so many of the repairs' on one side."""
        return ceil(moments / self.per_frame)

    def label(self, timecode: str, rate: Fraction, start: int, *, drop_frame: bool) -> str:
        """The label of the first frame that the source frames from `start` on own, where `timecode` is the source's
        first. Film counts 24 frames and drops no labels: its first has the hour, minute and second of the source's,
        and from there on a drop-frame source's labels run ahead of it."""
        shown = timing.frame_number(timecode, rate) + start
        if self.per_frame >= 1:
            return timing.label(self.first(shown), self.rate(rate), drop_frame=drop_frame)
        plain = timing.label(shown, rate, drop_frame=drop_frame).replace(";", ":")
        later = self.time(self.first(start)) - start
        return timing.label(floor((timing.frame_number(plain, rate) + later) * self.each), self.rate(rate))


AS_THEY_ARE = Moments()


def frame_map_of(fields: FieldsSettings, retime: RetimeSettings) -> FrameMap:
    """Raises KeyError for frames in between those of fields, which `fitting.refuse_unfit` refuses before."""
    return {settings: name for name, settings in _MAPS.items()}[fields.method, retime.rate]
