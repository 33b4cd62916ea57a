"""Exact rates, and timecode: a label for people, never arithmetic."""

import re
from fractions import Fraction

from restoration.engine.errors import SettingsError, gettext_noop

STANDARD_RATES = tuple(
    Fraction(rate) for rate in ("24000/1001", "24", "25", "30000/1001", "30", "48000/1001", "48", "50", "60000/1001",
                                "60", "10", "12", "15", "16", "18", "20", "100", "120000/1001", "120")
)
_LABEL = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2,3})")


def nominal(rate: Fraction) -> int:
    """Frames that a second of timecode counts: 30 for 30000/1001."""
    return round(rate)


def can_drop(rate: Fraction) -> bool:
    """Whether drop-frame labels exist at this rate: 29.97 and its multiples alone."""
    return rate.denominator == 1001 and nominal(rate) % 30 == 0


def label(frame: int, rate: Fraction, *, start: int = 0, drop_frame: bool = False) -> str:
    """The SMPTE ST 12-1 label of a frame counted from 0, on a reel whose first frame is number `start`.

    Drop-frame skips the labels ;00 and ;01 (at 59.94 ;00 to ;03) of each minute that is no tenth.
    """
    count, fps = frame + start, nominal(rate)
    if drop_frame and can_drop(rate):
        dropped = fps // 15
        ten_minutes, minute = fps * 600 - 9 * dropped, fps * 60 - dropped
        tens, rest = divmod(count, ten_minutes)
        count += 9 * dropped * tens + (dropped * ((rest - dropped) // minute) if rest >= dropped else 0)
    seconds, frames = divmod(count, fps)
    separator = ";" if drop_frame and can_drop(rate) else ":"
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{frames:02}"


def frame_number(timecode: str, rate: Fraction) -> int:
    """The number of the frame that carries this label, where 00:00:00:00 is 0. A ";" before the frames means
    drop-frame. Raises SettingsError for what is no label, or a label that drop-frame skips."""
    match = _LABEL.fullmatch(timecode.strip())
    fps = nominal(rate)
    if match is None or int(match[2]) > 59 or int(match[3]) > 59 or int(match[5]) >= fps:
        raise SettingsError(gettext_noop("“{timecode}” is not a timecode at {rate} frames a second."),
                            timecode=timecode, rate=f"{float(rate):.6g}")
    hours, minutes, seconds, frames = (int(match[part]) for part in (1, 2, 3, 5))
    count = (hours * 3600 + minutes * 60 + seconds) * fps + frames
    if is_drop_frame(timecode) and can_drop(rate):
        dropped = fps // 15
        if minutes % 10 and not seconds and frames < dropped:
            raise SettingsError(gettext_noop("Drop-frame timecode has no label “{timecode}”."), timecode=timecode)
        whole_minutes = hours * 60 + minutes
        count -= dropped * (whole_minutes - whole_minutes // 10)
    return count


def is_drop_frame(timecode: str) -> bool:
    return ";" in timecode or "," in timecode


def nearest_standard(rate: Fraction) -> Fraction:
    """The rate in use that is within half a per mille of this one, else this one with a small denominator."""
    near = min(STANDARD_RATES, key=lambda standard: abs(standard - rate) / standard)
    return near if abs(near - rate) / near < Fraction(1, 2000) else rate.limit_denominator(1001)
