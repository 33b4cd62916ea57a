"""The shape of pixels in a finished Matroska file.

FFmpeg writes it from a field that PyAV does not reach. So the picture's track is given a name of known length, which is
then replaced by the display aspect ratio; every element keeps its place, and the checksum is made anew (RFC 9559).
"""

import zlib
from fractions import Fraction
from pathlib import Path

from restoration.engine.errors import EncodingError, gettext_noop

# DisplayWidth, DisplayHeight (5 bytes each) and DisplayUnit (4) take the room of a Name of 11 letters.
ROOM = "pixelaspect"
_NAME = b"\x53\x6e" + bytes([0x80 | len(ROOM)]) + ROOM.encode()
_TRACKS, _TRACK, _VIDEO, _CHECKSUM = b"\x16\x54\xae\x6b", b"\xae", b"\xe0", b"\xbf\x84"
# What the table of contents puts before the name of an element it points to.
_SEEK_ID = b"\x53\xab\x84"
_PIXEL_WIDTH, _PIXEL_HEIGHT = b"\xb0", b"\xba"
_UNKNOWN_UNIT, _RATIO_UNIT = b"\x54\xb2\x81\x04", b"\x54\xb2\x81\x03"
_HEAD = 1 << 16
_LARGEST_TERM = (1 << 16) - 1


def write_pixel_aspect(path: Path, pixel_aspect: Fraction) -> None:
    """Put the display aspect ratio into a file whose picture track is named ROOM. Raises EncodingError without it."""
    with path.open("r+b") as file:
        head = file.read(_HEAD)
        place = head.find(_TRACKS)
        while place >= 0 and head[place - len(_SEEK_ID):place] == _SEEK_ID:
            place = head.find(_TRACKS, place + 1)
        start, size = _size(head, place + len(_TRACKS))
        tracks = head[start:start + size]
        if place < 0 or len(tracks) < size or _NAME not in tracks:
            raise EncodingError(gettext_noop("“{name}” has no room for the shape of its pixels."), name=path.name)
        file.seek(start)
        file.write(_with_aspect(tracks, pixel_aspect))


def _with_aspect(tracks: bytes, pixel_aspect: Fraction) -> bytes:
    without = tracks.replace(_NAME, b"", 1)
    place = _video(without, tracks.index(_NAME))
    start, size = _size(without, place + 1)
    video = without[start:start + size]
    width, height = _number(video, _PIXEL_WIDTH), _number(video, _PIXEL_HEIGHT)
    shape = _in_two_bytes(Fraction(width, height) * pixel_aspect)
    display = (b"\x54\xb0\x82" + shape.numerator.to_bytes(2, "big") + b"\x54\xba\x82"
               + shape.denominator.to_bytes(2, "big"))
    # Four bytes are left over where FFmpeg wrote a unit already ("unknown"): a Void element fills them.
    display += b"\xec\x82\x00\x00" if _UNKNOWN_UNIT in video else _RATIO_UNIT
    video = video.replace(_UNKNOWN_UNIT, _RATIO_UNIT, 1)
    length = start - place - 1
    grown = without[:place + 1] + _vint(size + len(display), length) + video + display + without[start + size:]
    if grown.startswith(_CHECKSUM):
        grown = _CHECKSUM + zlib.crc32(grown[6:]).to_bytes(4, "little") + grown[6:]
    return grown


def _in_two_bytes(shape: Fraction) -> Fraction:
    """The nearest ratio whose two terms fit into 16 bits."""
    return shape.limit_denominator(max(1, min(_LARGEST_TERM, int(_LARGEST_TERM / shape) - 1)))


def _video(tracks: bytes, after: int) -> int:
    """Where the Video element of the track lies whose Name lay at `after`: walked element by element."""
    place = 6 if tracks.startswith(_CHECKSUM) else 0
    while tracks[place:place + 1] == _TRACK:
        start, size = _size(tracks, place + 1)
        inner = start
        while inner < start + size:
            if tracks[inner:inner + 1] == _VIDEO:
                return inner
            body, length = _size(tracks, inner + _id_length(tracks[inner]))
            inner = body + length
        place = start + size
    raise ValueError("no picture track")


def _number(elements: bytes, wanted: bytes) -> int:
    place = 0
    while place < len(elements):
        own = elements[place:place + _id_length(elements[place])]
        start, size = _size(elements, place + len(own))
        if own == wanted:
            return int.from_bytes(elements[start:start + size], "big")
        place = start + size
    raise ValueError("no such number")


def _id_length(first: int) -> int:
    return 9 - first.bit_length()


def _size(data: bytes, place: int) -> tuple[int, int]:
    """(where the element's contents begin, how long they are)."""
    length = 9 - data[place].bit_length()
    value = int.from_bytes(data[place:place + length], "big") & ((1 << 7 * length) - 1)
    return place + length, value


def _vint(value: int, length: int) -> bytes:
    return ((1 << 7 * length) | value).to_bytes(length, "big")
