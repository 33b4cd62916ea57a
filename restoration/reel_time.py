"""Frames of a version's pair reel and their timecode: the master's own rate and first label, and no seconds at all."""

import re
from dataclasses import dataclass
from fractions import Fraction

from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.media import timing
from restoration.models import Version

_PARTS = re.compile(r"(\d{1,2})[:;.,](\d{1,2})[:;.,](\d{1,2})([:;.,])(\d{1,3})")


@dataclass(frozen=True)
class ReelTime:
    """`start` is the number of the first frame's label, counted from 00:00:00:00."""

    rate: Fraction
    frames: int
    start: int = 0
    drop_frame: bool = False

    @classmethod
    def of(cls, version: Version) -> "ReelTime":
        """Of a version that has a pair reel; of no frames otherwise."""
        reel = version.pair_reel or {}
        rate, told = Fraction(reel.get("rate", "25")), start_timecode(version)
        try:
            start = timing.frame_number(told, rate) if told else 0
        except SettingsError:
            return cls(rate, int(reel.get("frames", 0)))
        return cls(rate, int(reel.get("frames", 0)), start, timing.is_drop_frame(told) and timing.can_drop(rate))

    def label(self, frame: int) -> str:
        return timing.label(frame, self.rate, start=self.start, drop_frame=self.drop_frame)

    def frame_at(self, timecode: str) -> int:
        """The frame of the reel with this label, which counts as the reel does whatever sign stands before its frames.
        Raises SettingsError for what is no label at this rate, was dropped, or lies outside the reel."""
        found = _PARTS.fullmatch(timecode.strip())
        if found and found[4] == ";" and not self.drop_frame and timing.can_drop(self.rate):
            raise SettingsError(gettext_noop("“{timecode}” is drop-frame timecode, and this reel counts every frame."),
                                timecode=timecode)
        plain = self._in_our_signs(found) if found else timecode
        frame = (timing.frame_number(plain, self.rate) - self.start) % self._frames_of_a_day()
        if frame >= self.frames:
            raise SettingsError(gettext_noop("Timecode {timecode} lies outside this reel, which runs from {first} to "
                                             "{last}."), timecode=timecode, first=self.label(0),
                                last=self.label(max(self.frames - 1, 0)))
        return frame

    def _in_our_signs(self, found: re.Match[str]) -> str:
        hours, minutes, seconds, frames = (int(found[part]) for part in (1, 2, 3, 5))
        return f"{hours:02}:{minutes:02}:{seconds:02}{self._mark}{frames:02}"

    def _frames_of_a_day(self) -> int:
        """After so many frames the labels begin again."""
        last = f"23:59:59{self._mark}{timing.nominal(self.rate) - 1:02}"
        return timing.frame_number(last, self.rate) + 1

    @property
    def _mark(self) -> str:
        return ";" if self.drop_frame else ":"


def start_timecode(version: Version) -> str:
    """The master's own first label, at the master's rate, or "" where it has none."""
    told = (version.report or {}).get("master", {}).get("start_timecode")
    return told or (version.master.start_timecode if version.master else "")
