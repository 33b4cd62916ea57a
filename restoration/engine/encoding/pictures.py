"""Decoded pictures on their way to an encoder: counted, filtered, converted to BT.709."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import av
import numpy as np
from av.container import InputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from restoration.engine.facts import SourceFacts
from restoration.engine.media.graphs import plainly, source_of
from restoration.engine.media.raster import columns_in_master
from restoration.engine.media.timing import nearest_standard
from restoration.engine.moments import Moments
from restoration.engine.settings import Settings

Filter = tuple[str, str]

# FFmpeg's `colorspace` takes these as they are; anything else is treated as what its raster would be.
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
_PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
              11: "smpte431", 12: "smpte432", 22: "ebu3213"}
_TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear",
              13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12"}
_USUAL_TRANSFER = "bt709"  # Whatever the raster: that of standard definition is the same curve by another name.
BT709, LIMITED = 1, 1
LANCZOS = "lanczos+accurate_rnd+full_chroma_inp"


@dataclass(frozen=True, slots=True)
class Colour:
    """What a file says of its numbers, in FFmpeg's names, gaps filled by what its raster would be."""

    matrix: str
    primaries: str
    transfer: str
    range: str

    @classmethod
    def of(cls, stream: VideoStream) -> "Colour":
        context = stream.codec_context
        usual = _usual(context.height)
        return cls(_MATRICES.get(context.colorspace, usual), _PRIMARIES.get(context.color_primaries, usual),
                   _TRANSFERS.get(context.color_trc, _USUAL_TRANSFER), "pc" if context.color_range == 2 else "tv")

    @classmethod
    def of_facts(cls, facts: SourceFacts) -> "Colour":
        return cls.named(facts.matrix, facts.primaries, facts.transfer, facts.height, facts.range)

    @classmethod
    def named(cls, matrix: str, primaries: str, transfer: str, height: int, range: str = "tv") -> "Colour":
        """By FFmpeg's names; what is none of those that can be converted is what its raster would be."""
        usual = _usual(height)
        return cls(matrix if matrix in _MATRICES.values() else usual,
                   primaries if primaries in _PRIMARIES.values() else usual,
                   transfer if transfer in _TRANSFERS.values() else _USUAL_TRANSFER, range)


def _usual(height: int) -> str:
    return "bt709" if height >= 720 else "bt470bg" if height in (576, 288) else "smpte170m"


def to_bt709(pixel_format: str, colour: Colour, size: tuple[int, int]) -> list[Filter]:
    """Filters that convert matrix, primaries and range of pictures of that size (width, height) to limited BT.709, at
    10 bit."""
    if av.VideoFormat(pixel_format).is_rgb:
        return [("scale", "out_color_matrix=bt709:out_range=tv"), ("format", "yuv444p10le"),
                ("setparams", "colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv")]
    known = "yuv420p|yuv422p|yuv444p|yuv420p10le|yuv422p10le|yuv444p10le|yuv420p12le|yuv422p12le|yuv444p12le"
    # Another format is converted by swscale, which would bring full range to limited before it is said to be full; and
    # grey it takes for full whatever is said.
    same = "pc" if pixel_format.startswith(("gray", "ya")) else colour.range
    as_it_is = ("scale", f"in_range={same}:out_range={same}")
    kept = [] if pixel_format in known.split("|") else [as_it_is]
    if size[0] % 2 or size[1] % 2:
        return [as_it_is, ("format", "yuv444p10le"),
                *_one_more(*size), _converted(colour, "yuv444p10"), ("crop", f"{size[0]}:{size[1]}:0:0:exact=1")]
    return [*kept, ("format", known), _converted(colour, "yuv422p10")]


def evened(width: int, height: int) -> list[Filter]:
    """Filters that bring pictures of an odd number of columns or lines to even ones, in the numbers they have."""
    return [("format", "yuv444p10le"), *_one_more(width, height)] if width % 2 or height % 2 else []


def _converted(colour: Colour, pixel_format: str) -> Filter:
    return ("colorspace", f"space=bt709:primaries=bt709:trc=bt709:range=tv:format={pixel_format}:ispace={colour.matrix}"
                          f":iprimaries={colour.primaries}:itrc={colour.transfer}:irange={colour.range}")


def _one_more(width: int, height: int) -> list[Filter]:
    """One more column and line of the same where their number is odd, which `colorspace` refuses and ProRes spoils."""
    right, bottom = width % 2, height % 2
    return [("pad", f"{width + right}:{height + bottom}"), ("fillborders", f"0:{right}:0:{bottom}:smear")]


def of_stream(stream: VideoStream) -> list[Filter]:
    """The same for the pictures of a stream, as it says of itself."""
    context = stream.codec_context
    return to_bt709(context.pix_fmt or "yuv420p", Colour.of(stream), (context.width, context.height))


def resized(width: int, height: int, pixel_format: str) -> list[Filter]:
    """Filters that scale by plain Lanczos to square pixels."""
    return [("scale", f"{width}:{height}:flags={LANCZOS}"), ("setsar", "1"), ("format", pixel_format)]


def moments_shown(settings: Settings) -> int:
    """How many pictures a source frame gives when the original is shown beside the master."""
    return 1 if settings.fields.method == "none" else 2


def shown_by(facts: SourceFacts, settings: Settings, first_frame: int, count: int) -> list[int]:
    """Which of these pictures, counted from the source's first, each restored frame of a master from source frame
    `first_frame` on shows: `count` numbers that never fall, fewer where the source ends before."""
    moments = Moments.of(settings.fields, settings.retime)
    first = moments.first(first_frame)
    own = range(first, min(first + count, moments.first(facts.frames)))
    fields = [min(moments.field(number), 2 * facts.frames - 1) for number in own]
    return fields if moments_shown(settings) == 2 else [field // 2 for field in fields]


def of_original(facts: SourceFacts, settings: Settings) -> list[Filter]:
    """Filters that show the original beside the master: deinterlaced where the version made frames of fields, cut to
    the columns that the master shows, in BT.709."""
    filters: list[Filter] = []
    if moments_shown(settings) == 2:
        filters.append(("bwdif", f"mode=send_field:parity={settings.fields.order}:deint=all"))
    first, columns = columns_in_master(facts.width, facts.height, facts.pixel_aspect, settings)
    if columns != facts.width:
        filters.append(("crop", f"{columns}:{facts.height}:{first}:0"))
    return [*filters, *to_bt709(facts.pixel_format, Colour.of_facts(facts), (columns, facts.height))]


def decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Every picture of the stream in order, `pts` its number counted from 0."""
    stream.thread_type = "AUTO"
    for number, picture in enumerate(container.decode(stream)):
        yield _numbered(picture, number, stream)


def decoded_from(container: InputContainer, stream: VideoStream, first: int) -> Iterator[VideoFrame]:
    """The same from number `first` on, of a file of constant rate: found by time from the key frame before it."""
    step, base = time_base(stream), stream.time_base or Fraction(1)
    zero = (stream.start_time or 0) * base
    container.seek(round((zero + first * step) / base), stream=stream)
    for picture in container.decode(stream):
        number = round(((picture.pts or 0) * base - zero) / step)
        if number >= first:
            yield _numbered(picture, number, stream)


def _numbered(picture: VideoFrame, number: int, stream: VideoStream) -> VideoFrame:
    picture.pts = number
    picture.time_base = time_base(stream)
    return picture


def time_base(stream: VideoStream) -> Fraction:
    """One frame's time. Matroska keeps milliseconds, so a rate that is all but a standard one is that one."""
    return 1 / nearest_standard(Fraction(stream.average_rate or stream.guessed_rate or stream.base_rate or 25))


def filtered(pictures: Iterable[VideoFrame], filters: Sequence[Filter]) -> Iterator[VideoFrame]:
    """The pictures behind a chain of FFmpeg filters; flushed at the end, so none is lost."""
    pictures = iter(pictures)
    first = next(pictures, None)
    if first is None or not filters:
        yield from (() if first is None else chain([first], pictures))
        return
    graph = _graph(first, filters)
    for picture in chain([first], pictures):
        graph.push(plainly(picture))
        yield from _ready(graph)
    graph.push(None)
    yield from _ready(graph)


def _graph(first: VideoFrame, filters: Sequence[Filter]) -> Graph:
    graph = Graph()
    last = source_of(graph, first, first.time_base or Fraction(1, 1000))
    for name, arguments in filters:
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _ready(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            picture = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(picture, VideoFrame):
            yield picture


def planes_of(picture: VideoFrame) -> list[NDArray[np.uint8]]:
    """The planes of an 8-bit picture as rows and columns, each a view into its memory."""
    return [np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:plane.height, :plane.width]
            for plane in picture.planes]


def as_bt709(picture: VideoFrame) -> VideoFrame:
    """The picture, which says of itself that its numbers are limited BT.709."""
    picture.colorspace, picture.color_range = BT709, LIMITED
    picture.color_primaries, picture.color_trc = BT709, BT709
    return picture


def even(value: Fraction | float | int) -> int:
    """The nearest even whole number, at least 2: 4:2:0 has no odd sizes."""
    return max(2, 2 * round(value / 2))
