"""Which way up a recording is to be shown: what a turned camera coded lying asks players to turn. Light: no Django, no
torch.

It stands in the display matrix (ISO/IEC 14496-12, 8.5.2), which players follow and decoders do not.
"""

import struct
from dataclasses import dataclass
from math import atan2, degrees
from typing import Any

from av.video.frame import VideoFrame

TOLERANCE = 1  # Degrees off a quarter that FFmpeg takes for one.
FILTERS = {0: (), 90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}


@dataclass(frozen=True, slots=True)
class Turn:
    """Anticlockwise by so many degrees, 0..359, and then, where `is_mirrored`, with left and right exchanged."""

    degrees: int = 0
    is_mirrored: bool = False

    @property
    def is_followed(self) -> bool:
        """Whether what is made for viewing is turned so: anything but a quarter would need pixels between pixels."""
        return self.degrees in FILTERS

    @property
    def lays_lines_upright(self) -> bool:
        """Whether what was a line is shown as a column."""
        return self.is_followed and self.degrees % 180 == 90

    @property
    def filters(self) -> list[tuple[str, str]]:
        """FFmpeg's filters, with their arguments, that do it."""
        if self == AS_CODED or not self.is_followed:
            return []
        mirror = [("hflip", "")] if self.is_mirrored else []
        # Whoever reads it next must not turn it once more.
        return [*FILTERS[self.degrees], *mirror, ("sidedata", "mode=delete:type=DISPLAYMATRIX")]


AS_CODED = Turn()


def asked_of(frame: VideoFrame) -> Turn:
    """What a decoded frame asks of players."""
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return AS_CODED
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])  # As the standard names them.
    is_mirrored = a * d - b * c < 0
    angle = round(degrees(atan2(-b, -a if is_mirrored else a)))
    quarter = 90 * round(angle / 90)
    return Turn((quarter if abs(angle - quarter) <= TOLERANCE else angle) % 360, is_mirrored)
