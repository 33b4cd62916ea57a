"""Exact frames of a source, from any frame on, always in order and always all of them.

Every frame number has a picture. Number n is due at first_pts + n / rate; it shows the last good picture whose own
time, rounded to the nearest number, is not later. So a source of variable rate comes out at a constant one, and a
picture that is missing or damaged is covered by the one before: the count holds, and the sound stays in step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.stream import VideoStream

from restoration.engine.errors import SourceError, gettext_noop
from restoration.engine.facts import Remark, SourceFacts
from restoration.engine.media import upright

# Only wrappers of recordings, and only from files: a playlist could make FFmpeg read other files or addresses. Pictures
# and sounds are opened to be refused by name.
WRAPPERS = ("mov", "matroska", "avi", "mpeg", "mpegts", "mpegvideo", "mxf", "yuv4mpegpipe", "dv", "asf", "flv", "ogg",
            "nut", "h264", "hevc", "m4v", "rm", "gxf", "lxf", "ivf", "obu", "vc1", "swf", "wtv",
            "wav", "mp3", "flac", "aac", "aiff", "ac3", "w64", "caf",
            "png_pipe", "jpeg_pipe", "bmp_pipe", "tiff_pipe", "webp_pipe", "gif", "dpx_pipe", "exr_pipe", "pgm_pipe",
            "ppm_pipe", "jpegxl_pipe", "j2k_pipe", "image2", "apng", "svg_pipe", "psd_pipe", "tga_pipe",
            "sunrast_pipe")
ONLY_RECORDINGS = {"protocol_whitelist": "file", "format_whitelist": ",".join(WRAPPERS)}

if TYPE_CHECKING:
    from restoration.engine.frames import ColorSpec, Frame

Hear = Callable[[Remark], None]


def hear_nothing(remark: Remark) -> None:
    """Listen to no remark."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture in its place. `is_repeated`: it stands in for one that is damaged or missing."""

    number: int
    picture: av.VideoFrame
    is_repeated: bool = False


def read(source: Path, facts: SourceFacts, start: int = 0, end: int | None = None, *,
         hear: Hear = hear_nothing) -> Iterator["Frame"]:
    """Frames start..end-1 (source frame numbers, half open; the end of the source where None), each exactly once and
    upright.

    Frames are float32 Y'CbCr 4:4:4 as frames.Frame says. Raises SourceError where the source cannot be opened or has
    no good picture at all.
    """
    # Here, not above: pictures as decoded are read by processes that are too short-lived to load torch.
    from restoration.engine.frames import ColorSpec, Frame

    color = ColorSpec(facts.matrix, facts.primaries, facts.transfer)
    previous: tuple[av.VideoFrame, Frame] | None = None
    for shown in _as_coded(source, facts, start, end, hear):
        if previous is not None and previous[0] is shown.picture:
            frame = Frame(previous[1].planes, shown.number, color, previous[1].interlaced)
        else:
            frame = _frame(shown, facts, color)
        previous = shown.picture, frame
        yield frame


def _frame(shown: Picture, facts: SourceFacts, color: "ColorSpec") -> "Frame":
    from restoration.engine.frames import Frame
    from restoration.engine.media import samples

    picture = shown.picture
    # How chroma was sampled is what the encoder was told; whether a frame holds two moments is what was measured.
    interlaced = picture.interlaced_frame or facts.scan in ("interlaced", "telecined")
    width, height = upright.coded_raster(facts)
    if (picture.width, picture.height) != (width, height):
        picture = picture.reformat(width=width, height=height)
    planes = samples.to_planes(picture, facts.matrix, is_full_range=facts.range == "pc", interlaced=interlaced)
    planes = upright.turned_planes(planes, upright.turn_of(facts))
    holds_two = interlaced and facts.scan != "progressive"
    return Frame(planes, shown.number, color, (facts.field_order or "tff") if holds_two else None)


def read_pictures(source: Path, facts: SourceFacts, start: int = 0, end: int | None = None, *,
                  hear: Hear = hear_nothing) -> Iterator[Picture]:
    """The same as `read`, upright too, as decoded: in the file's own pixel format where nothing is turned, else with
    colour at luma's raster."""
    turner = upright.Turner(facts)
    for shown in _as_coded(source, facts, start, end, hear):
        yield replace(shown, picture=turner.upright(shown.picture))


def _as_coded(source: Path, facts: SourceFacts, start: int, end: int | None, hear: Hear) -> Iterator[Picture]:
    end = facts.frames if end is None else min(end, facts.frames)
    if start >= end:
        return
    repeated = 0
    for shown in _fill(_from(source, facts, start), start, end, source):
        repeated += shown.is_repeated and not facts.is_variable_rate
        yield shown
    if repeated:
        hear(Remark(text=gettext_noop("{count} damaged or missing frames between {start} and {end} were covered by "
                                      "the frame before."), values={"count": repeated, "start": start, "end": end}))


def _fill(decoded: Iterator["_Decoded"], start: int, end: int, source: Path) -> Iterator[Picture]:
    """Give every number its picture: the last good one that is not later."""
    due, shown, last = start, None, None
    for found in decoded:
        while shown is not None and due < min(found.number, end):
            yield Picture(due, shown, is_repeated=last != due)
            due += 1
        if due >= end:
            return
        if not found.is_damaged:
            shown, last = found.picture, found.number
            if found.number > due and due == start:
                # Nothing good lies before: the first good picture covers what came before it.
                while due < min(found.number, end):
                    yield Picture(due, shown, is_repeated=True)
                    due += 1
    if shown is None:
        raise SourceError(gettext_noop("No picture of “{name}” can be decoded: it is encrypted, damaged or has no "
                                       "picture data. Fetch it again, or ask for an open copy."), name=source.name)
    while due < end:
        yield Picture(due, shown, is_repeated=last != due)
        due += 1


@dataclass(frozen=True, slots=True)
class _Decoded:
    number: int
    picture: av.VideoFrame
    is_damaged: bool


def _from(source: Path, facts: SourceFacts, start: int) -> Iterator[_Decoded]:
    """Pictures from one that is not later than `start`, exactly as decoding from the beginning would give them.

    Seeks further and further back until it lands on a key frame before `start` with nothing damaged between: after a
    seek, a damaged picture may only be one whose references lie before the place we came in.
    """
    if start > 0 and facts.is_seekable:
        for seconds in (0, 2, 10):
            moment = Fraction(start) / facts.rate - seconds
            if moment <= 0:
                break
            decoded = _decode(source, facts, moment)
            head = _trusted_head(decoded, start)
            if head:
                yield from head
                yield from decoded
                return
    yield from _decode(source, facts, None)


def _trusted_head(decoded: Iterator[_Decoded], start: int) -> list[_Decoded]:
    """The last picture that is not later than `start`, and the first later one; nothing where it cannot be trusted."""
    before: _Decoded | None = None
    for item in decoded:
        if before is None and not item.picture.key_frame:
            continue
        if item.number > start:
            return [before, item] if before else []
        if item.is_damaged:
            return []
        before = item
    return [before] if before else []


def _decode(source: Path, facts: SourceFacts, moment: Fraction | None) -> Iterator[_Decoded]:
    """What the decoder gives, from the key frame before `moment` (seconds after the first frame) or from the start."""
    with opened(source) as container:
        stream = picture_stream(container, facts.video_index)
        # Slices only: frame threads hide how errors of one picture reach the next, and make them depend on luck.
        stream.thread_type = ThreadType.SLICE
        time_base = ticks(stream)
        if moment is not None:
            container.seek(int((moment + facts.first_pts) / time_base), stream=stream)
        for count, picture in enumerate(decoded_pictures(container, stream)):
            number = count if picture.pts is None else number_of(picture.pts * time_base, facts)
            if 0 <= number < facts.frames:
                yield _Decoded(number, picture, picture.is_corrupt)


def number_of(moment: Fraction, facts: SourceFacts) -> int:
    """The frame number whose time is nearest to a presentation time in seconds."""
    return round((moment - facts.first_pts) * facts.rate)


def opened(source: Path) -> InputContainer:
    """The source as a container. Raises SourceError with the reason a person can act on."""
    try:
        return av.open(f"file:{source}", options=ONLY_RECORDINGS, metadata_errors="replace")
    except FileNotFoundError as error:
        raise SourceError(gettext_noop("There is no file “{name}”. Check its name and its folder."),
                          name=source.name) from error
    except PermissionError as error:
        raise SourceError(gettext_noop("“{name}” may not be read. Change its permissions."),
                          name=source.name) from error
    except (FFmpegError, ValueError, OSError) as error:
        raise SourceError(gettext_noop("“{name}” is not a video that can be read: its header is damaged or of an "
                                       "unknown kind. Play it elsewhere first, or fetch it again."),
                          name=source.name) from error


def picture_stream(container: InputContainer, index: int) -> VideoStream:
    """The picture stream of that index in the whole container."""
    stream = container.streams[index]
    assert isinstance(stream, VideoStream)  # noqa: S101 (a fact that was looked up before, told to the type checker)
    return stream


def ticks(stream: Stream) -> Fraction:
    """The unit of the stream's time stamps, in seconds."""
    return stream.time_base or Fraction(1, 1000)


def decoded_pictures(container: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    """Every picture the decoder can still make, to the very last one; damaged packets are stepped over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except FFmpegError:
            # The file ends in the middle of something; what was decoded so far still waits in the decoder.
            yield from _drained(stream)
            return
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _drained(stream: VideoStream) -> list[av.VideoFrame]:
    try:
        return stream.decode(None)
    except FFmpegError:
        return []
