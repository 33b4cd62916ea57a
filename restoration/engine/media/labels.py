"""The timecode that a source itself says it begins at."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.sidedata.sidedata import Type
from av.video.stream import VideoStream

from restoration.engine.errors import SettingsError
from restoration.engine.media import timing


def start_timecode(container: InputContainer, stream: VideoStream, first: av.VideoFrame,
                   rate: Fraction) -> tuple[str | None, bool]:
    """The label of the first picture and whether it drops frames: from the picture stream, the timecode track, the
    wrapper or the first group of pictures. None where it makes no sense at this rate."""
    for label in _labels(container, stream, first):
        try:
            timing.frame_number(label, rate)
        except SettingsError:
            continue
        return label, timing.is_drop_frame(label) and timing.can_drop(rate)
    return None, False


def _labels(container: InputContainer, stream: VideoStream, first: av.VideoFrame) -> Iterator[str]:
    for metadata in (stream.metadata, *(each.metadata for each in container.streams.data), container.metadata):
        yield from (label for key, label in metadata.items() if key.lower() == "timecode")
    bits: Any = first.side_data.get(Type.GOP_TIMECODE.name)
    if bits:
        yield from _of_group(int.from_bytes(bytes(bits)[:4], sys.byteorder))


def _of_group(bits: int) -> Iterator[str]:
    """ISO/IEC 13818-2, 6.3.8: drop-frame flag, hours, minutes, a marker, seconds, pictures. Every MPEG stream has one;
    at nought it says that nobody set it."""
    hours, minutes, seconds, pictures = bits >> 19 & 31, bits >> 13 & 63, bits >> 6 & 63, bits & 63
    if hours or minutes or seconds or pictures:
        yield f"{hours:02}:{minutes:02}:{seconds:02}{';' if bits >> 24 & 1 else ':'}{pictures:02}"
