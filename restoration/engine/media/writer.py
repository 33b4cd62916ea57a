"""Lossless segments: 10-bit FFV1, level 3, every frame on its own, each slice with its checksum (RFC 9043)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.filter import Graph
from av.video.stream import VideoStream

from restoration.engine.errors import EncodingError, gettext_noop
from restoration.engine.facts import SegmentFacts
from restoration.engine.frames import Frame
from restoration.engine.media import color, samples, timing
from restoration.engine.media.whole import ALIKE, written_whole

PIXEL_FORMAT = "yuv422p10le"
BITS = 10
_MOST_DOWN = 32  # Slices of FFV1.


def write(frames: Iterable[Frame], target: Path, *, rate: Fraction, pixel_aspect: Fraction, expected: int,
          start: int = 0, end: int = 0) -> SegmentFacts:
    """Write frames (4:4:4 float, any excursion) as 4:2:2 limited-range FFV1 in Matroska, exactly `expected` of them.

    The same frames give the same bytes of picture on every machine, and the same file by the same FFmpeg. Raises
    DiskFullError, and EncodingError where the count is another; nothing is left behind then.
    """
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise EncodingError(gettext_noop("“{name}” got no frames."), name=target.name)
    height, width = first.planes.shape[1:]
    with written_whole(target) as partial:
        written = _write(chain([first], pictures), partial, first, rate=rate, pixel_aspect=pixel_aspect)
        if written != expected or count_frames(partial) != expected:
            raise EncodingError(gettext_noop("“{name}” has {frames} frames instead of {expected}."), name=target.name,
                                frames=written, expected=expected)
    return SegmentFacts(start=start, end=end, frames=written, width=width, height=height, rate=rate,
                        size_bytes=target.stat().st_size)


def _write(frames: Iterator[Frame], partial: Path, first: Frame, *, rate: Fraction, pixel_aspect: Fraction) -> int:
    height, width = first.planes.shape[1:]
    described = _Description(width, height, pixel_aspect, first.interlaced, 1 / rate)
    number = 0
    with av.open(str(partial), "w", format="matroska", options=dict(ALIKE)) as container:
        stream = _stream(container.add_stream("ffv1", rate=rate, options=_options(width, height)), first, rate)
        for number, frame in enumerate(frames, start=1):
            picture = described(to_picture(frame))
            picture.pts, picture.time_base = number - 1, 1 / rate
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return number


def _options(width: int, height: int) -> dict[str, str]:
    return {"level": "3", "g": "1", "coder": "range_tab", "context": "0", "slices": str(_slices(width, height)),
            "slicecrc": "1"}


def _slices(width: int, height: int) -> int:
    """As many as keep the cores busy, in a grid that FFmpeg's FFV1 can lay: once to twice as many across as down, two
    down at least in larger pictures, and of an odd number of columns, of which chroma has half as many, the last
    slice's odd too. More where no smaller grid can be laid."""
    most = 4 if height < 720 else 12 if height < 1440 else 24
    least = 2 if width > 352 or height > 288 else 1
    grids = [down * across for down in range(least, min(_MOST_DOWN, height) + 1)
             for across in range(down, min(2 * down, (width + 1) // 2) + 1)
             if width % 2 == 0 or -(-width // across) % 2]
    return max((grid for grid in grids if grid <= most), default=min(grids, default=most))


def _stream(stream: VideoStream, first: Frame, rate: Fraction) -> VideoStream:
    height, width = first.planes.shape[1:]
    stream.width, stream.height, stream.pix_fmt = width, height, PIXEL_FORMAT
    context = stream.codec_context
    context.time_base = 1 / rate
    context.thread_type = "SLICE"
    context.color_range = 1
    context.colorspace = color.MATRICES[first.color.matrix]
    context.color_primaries = color.PRIMARIES.get(first.color.primaries, 2)
    context.color_trc = color.TRANSFERS.get(first.color.transfer, 2)
    context.field_order = {"tff": 2, "bff": 3}.get(first.interlaced or "", 1)
    return stream


def to_picture(frame: Frame) -> av.VideoFrame:
    """The frame as FFmpeg's yuv422p10le, limited range."""
    picture = samples.picture_of(samples.to_codes(frame.planes, BITS), PIXEL_FORMAT)
    picture.color_range = 1
    picture.colorspace = color.MATRICES[frame.color.matrix]
    picture.color_primaries = color.PRIMARIES.get(frame.color.primaries, 2)
    picture.color_trc = color.TRANSFERS.get(frame.color.transfer, 2)
    return picture


class _Description:
    """Marks pictures with what only a filter can: the shape of pixels, and which field comes first."""

    def __init__(self, width: int, height: int, pixel_aspect: Fraction, interlaced: str | None,
                 time_base: Fraction) -> None:
        self._graph: Graph | None = None
        if pixel_aspect == 1 and interlaced is None:
            return
        self._graph = graph = Graph()
        source = graph.add_buffer(width=width, height=height, format=av.VideoFormat(PIXEL_FORMAT, width, height),
                                  time_base=time_base)
        shape = graph.add("setsar", f"{pixel_aspect.numerator}/{pixel_aspect.denominator}")
        fields = graph.add("setfield", interlaced or "prog")
        sink = graph.add("buffersink")
        source.link_to(shape)
        shape.link_to(fields)
        fields.link_to(sink)
        graph.configure()

    def __call__(self, picture: av.VideoFrame) -> av.VideoFrame:
        if self._graph is None:
            return picture
        self._graph.push(picture)
        marked: Any = self._graph.pull()
        return marked


def describe(segment: Path, *, start: int, end: int) -> SegmentFacts:
    """The facts of a segment that was finished before."""
    with av.open(str(segment)) as container:
        stream = container.streams.video[0]
        width, height = stream.codec_context.width, stream.codec_context.height
        rate = timing.nearest_standard(stream.guessed_rate or stream.average_rate or Fraction(25))
    return SegmentFacts(start=start, end=end, frames=count_frames(segment), width=width, height=height, rate=rate,
                        size_bytes=segment.stat().st_size)


def count_frames(path: Path) -> int:
    """Pictures in a file's first picture stream, by packets; 0 where it cannot be read."""
    try:
        with av.open(str(path)) as container:
            return sum(1 for packet in container.demux(container.streams.video[0]) if packet.size)
    except (FFmpegError, IndexError):
        return 0
