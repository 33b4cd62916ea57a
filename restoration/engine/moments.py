"""How the frames of a master lie in the time of its source: as they are, one for each field, or four for every five.
Exact, and light: no torch.

The master's frames lie on one grid for the whole reel: frame n begins n / per_frame source frames after the source's
beginning. A shot, or any range of source frames, owns those that begin in it, so that parts made apart fit together.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from restoration.engine.media import timing
from restoration.engine.settings import FieldsSettings

FrameMap = Literal["identity", "fields", "film"]
_PER_FRAME: dict[FrameMap, Fraction] = {"identity": Fraction(1), "fields": Fraction(2), "film": Fraction(4, 5)}


@dataclass(frozen=True, slots=True)
class Moments:
    """per_frame: frames of the master for each frame of the source."""

    per_frame: Fraction = Fraction(1)

    @classmethod
    def of(cls, fields: FieldsSettings) -> "Moments":
        return cls.mapped(frame_map_of(fields))

    @classmethod
    def mapped(cls, frame_map: FrameMap) -> "Moments":
        return cls(_PER_FRAME[frame_map])

    def rate(self, source: Fraction) -> Fraction:
        return source * self.per_frame

    def first(self, frame: int) -> int:
        """The first frame of the master that begins with this source frame or after it."""
        return ceil(frame * self.per_frame)

    def owned(self, start: int, end: int) -> range:
        """The master's frames that begin within the source frames start..end-1."""
        return range(self.first(start), self.first(end))

    def count(self, start: int, end: int) -> int:
        return len(self.owned(start, end))

    def shown_with(self, frame: int) -> range:
        """The master's frames that are on for any time while this source frame is: never none."""
        return range(floor(frame * self.per_frame), ceil((frame + 1) * self.per_frame))

    def showing(self, frame: int) -> int:
        """The master's frame to look at for a source frame: the first of its own, or the one on in its middle."""
        return self.first(frame) if self.per_frame > 1 else floor((frame + Fraction(1, 2)) * self.per_frame)

    def time(self, number: int) -> Fraction:
        """When a frame of the master begins, in source frames."""
        return number / self.per_frame

    def source_frame(self, number: int) -> int:
        """The source frame that is on when a frame of the master begins."""
        return floor(self.time(number))

    def field(self, number: int) -> int:
        """The source's field, counted 2n and 2n+1, that is on in the middle of a frame of the master."""
        return floor((2 * number + 1) / self.per_frame)

    def around(self, moments: int) -> int:
        """Source frames enough to hold so many of the master's on one side."""
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
        return timing.label(floor((timing.frame_number(plain, rate) + later) * self.per_frame), self.rate(rate))


AS_THEY_ARE = Moments()


def frame_map_of(fields: FieldsSettings) -> FrameMap:
    methods: dict[str, FrameMap] = {"none": "identity", "frames": "fields", "film": "film"}
    return methods[fields.method]
