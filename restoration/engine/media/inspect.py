"""What a source is, without decoding all of it; or one clear sentence why it cannot be used."""

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from restoration.engine.errors import SourceError, gettext_noop
from restoration.engine.facts import Remark, SourceFacts, StreamFacts
from restoration.engine.media import color, timing, upright
from restoration.engine.media.labels import start_timecode
from restoration.engine.media.oddities import on_picture, on_sound, on_time, on_turn, on_wrapper
from restoration.engine.media.reader import decoded_pictures, opened, picture_stream, ticks

LONGEST_SIDE = 16384
MOST_PIXELS = 100_000_000
_HEAD = 12
_FASTEST = Fraction(240)
# Frames for each picture there is, and seconds without any, beyond which a time stamp must be wrong.
_MOST_REPEATS, _LONGEST_PAUSE = 50, 6 * 3600
# In frames: DVD film with its repeated fields marked lies a fifth of a frame off.
_FAR = Fraction(3, 10)
_STILLS = {"image2", "ico", "gif", "avif"}
_TAGGED_END = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")
# Hidden pictures, sent only to be referred to, have packets of their own in VP8.
_WITH_HIDDEN_PICTURES = {"vp8"}


def inspect(source: Path) -> SourceFacts:
    """Read the headers, count the frames packet by packet, decode the first ones for what only they know.

    Raises SourceError: not there, empty, no video, a still picture, impossible size, nothing that can be decoded.
    """
    _refuse_what_is_no_file(source)
    remarks: list[Remark] = []
    with opened(source) as container:
        _refuse_stills(source, container)
        stream = _chosen(source, container, remarks)
        _refuse_impossible_sizes(source, stream)
        remarks.extend(on_wrapper(source, container))
        remarks.extend(on_sound(container))
        streams = tuple(_stream_facts(each) for each in container.streams)
        claimed, claimed_length, sound = stream.frames, _length_of(stream), _sound_end(container)
        times = _packet_times(container, stream)
        index, time_base = stream.index, ticks(stream)
    head = _head(source, index)
    if not head:
        raise SourceError(gettext_noop("No picture of “{name}” can be decoded: it is encrypted, damaged or has no "
                                       "picture data. Fetch it again, or ask for an open copy."), name=source.name)
    is_seekable = times is not None
    if times is None or streams[index].codec in _WITH_HIDDEN_PICTURES:
        times = _decoded_times(source, index, time_base)
    first = head[0].pts * time_base if head[0].pts is not None else Fraction(0)
    times = [moment for moment in times if moment >= first] or [first]
    with opened(source) as container:
        stream = picture_stream(container, index)
        rate, is_variable = _rate(stream, times)
        described = _described(stream, head[0], rate)
        start, drop = start_timecode(container, stream, head[0], rate)
    frames = round((times[-1] - times[0]) * rate) + 1
    _refuse_impossible_times(source, frames, len(times), rate)
    remarks.extend(on_time(frames=frames, promised=max(claimed, round((claimed_length or 0) * rate)), rate=rate,
                           first=times[0], is_variable=is_variable, sound=sound))
    coded = SourceFacts(
        name=source.name, rate=rate, frames=frames, duration=frames / rate, first_pts=times[0],
        is_variable_rate=is_variable, is_seekable=is_seekable, scan=_scan(head), field_order=_field_order(stream, head),
        start_timecode=start, drop_frame=drop, streams=streams, video_index=index, **described)
    return _upright(coded, head[0], remarks)


def _upright(coded: SourceFacts, picture: av.VideoFrame, remarks: list[Remark]) -> SourceFacts:
    """The facts of the source as it is read, with all remarks, from those of its pictures as they are coded."""
    asked = upright.asked_of(picture)
    turn = upright.as_far_as_possible(asked, has_fields=coded.scan != "progressive")
    facts = upright.as_shown(coded, turn)
    remarks.extend(on_turn(asked, turn))
    remarks.extend(on_picture(facts.width, facts.height, facts.frames, transfer=facts.transfer))
    return facts.model_copy(update={"remarks": tuple(remarks)})


def _refuse_what_is_no_file(source: Path) -> None:
    if not source.exists():
        raise SourceError(gettext_noop("There is no file “{name}”. Check its name and its folder."),
                          name=source.name)
    if source.is_dir():
        raise SourceError(gettext_noop("“{name}” is a folder. Name one video file."), name=source.name)
    if source.stat().st_size == 0:
        raise SourceError(gettext_noop("“{name}” is empty (0 bytes). Fetch it again from where it came."),
                          name=source.name)


def _refuse_stills(source: Path, container: InputContainer) -> None:
    name = container.format.name
    brand = container.metadata.get("major_brand", "")
    if name.endswith("_pipe") or name in _STILLS or brand in {"avif", "mif1", "heic", "heix"}:
        raise SourceError(gettext_noop("“{name}” is a picture, not a recording. Choose a video file."),
                          name=source.name)


def _chosen(source: Path, container: InputContainer, remarks: list[Remark]) -> VideoStream:
    """The largest picture stream, those marked as default first."""
    streams = [stream for stream in container.streams.video
               if not stream.disposition & Disposition.attached_pic]
    if not streams:
        raise SourceError(gettext_noop("“{name}” has no picture, only {kinds}. Choose a video file."),
                          name=source.name, kinds=", ".join(sorted({each.type for each in container.streams})) or "-")
    best = max(streams, key=lambda each: (bool(each.disposition & Disposition.default),
                                          each.codec_context.width * each.codec_context.height, -each.index))
    if len(streams) > 1:
        remarks.append(Remark(
            text=gettext_noop("It holds {count} pictures; stream {index} ({width}×{height}) was used."),
            values={"count": len(streams), "index": best.index, "width": best.codec_context.width,
                    "height": best.codec_context.height}))
    return best


def _refuse_impossible_sizes(source: Path, stream: VideoStream) -> None:
    width, height = stream.codec_context.width, stream.codec_context.height
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise SourceError(gettext_noop("“{name}” claims a picture of {width}×{height}, which no recording has: its "
                                       "header is damaged. Fetch it again from where it came."),
                          name=source.name, width=width, height=height)


def _refuse_impossible_times(source: Path, frames: int, pictures: int, rate: Fraction) -> None:
    """One damaged time stamp would make a recording of years out of a few pictures."""
    if frames > _MOST_REPEATS * pictures + _LONGEST_PAUSE * rate:
        raise SourceError(gettext_noop("“{name}” spreads {pictures} pictures over {hours} hours: a time stamp in it is "
                                       "damaged. Wrap it anew or fetch it again."),
                          name=source.name, pictures=pictures, hours=round(frames / rate / 3600))


def _stream_facts(stream: Stream) -> StreamFacts:
    kind = "data" if stream.type == "unknown" else stream.type
    context: Any = stream.codec_context
    detail: dict[str, Any] = {key: stream.metadata[key] for key in ("language", "title") if key in stream.metadata}
    if kind == "video":
        detail |= {"width": context.width, "height": context.height, "pixel_format": context.pix_fmt}
    elif kind == "audio" and context is not None:
        detail |= {"sample_rate": context.sample_rate, "layout": context.layout.name,
                   "channels": context.layout.nb_channels, "sample_format": context.format and context.format.name}
    return StreamFacts(index=stream.index, kind=kind, codec=context.name if context else "unknown", detail=detail)


def _length_of(stream: Stream) -> Fraction | None:
    """In seconds, as the header states it. Matroska writes when the stream ends, into a tag."""
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    end = _TAGGED_END.match(stream.metadata.get("DURATION", ""))
    if end is None:
        return None
    seconds = int(end[1]) * 3600 + int(end[2]) * 60 + Fraction(end[3])
    return max(seconds - (stream.start_time or 0) * ticks(stream), Fraction(0)) or None


def _sound_end(container: InputContainer) -> Fraction | None:
    lengths = {each: _length_of(each) for each in container.streams.audio}
    return max(((each.start_time or 0) * ticks(each) + length for each, length in lengths.items() if length),
               default=None)


def _packet_times(container: InputContainer, stream: VideoStream) -> list[Fraction] | None:
    """When each picture is shown, in seconds, sorted; None where packets do not say so."""
    times: list[Fraction] = []
    has_all = True
    trailing_damage = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            break
        if packet is None:
            break
        if not packet.size or packet.is_discard:
            continue
        trailing_damage = trailing_damage + 1 if packet.is_corrupt else 0
        has_all = has_all and packet.pts is not None
        times.append((packet.pts or 0) * ticks(stream))
    return sorted(times[:len(times) - trailing_damage]) if has_all and times else None


def _head(source: Path, index: int) -> list[av.VideoFrame]:
    """The first pictures that decode."""
    found: list[av.VideoFrame] = []
    with opened(source) as container:
        stream = picture_stream(container, index)
        for picture in decoded_pictures(container, stream):
            found.append(picture)
            if len(found) == _HEAD:
                break
    return found


def _decoded_times(source: Path, index: int, time_base: Fraction) -> list[Fraction]:
    """As _packet_times, from every decoded picture; counted at the stated rate where pictures carry no time."""
    with opened(source) as container:
        stream = picture_stream(container, index)
        rate = stream.guessed_rate or stream.average_rate or Fraction(25)
        pictures = enumerate(decoded_pictures(container, stream))
        return sorted(picture.pts * time_base if picture.pts is not None else count / rate
                      for count, picture in pictures)


def _rate(stream: VideoStream, times: list[Fraction]) -> tuple[Fraction, bool]:
    """The constant rate at which every picture has a number of its own, and whether there is none."""
    said = (stream.average_rate, stream.codec_context.framerate, stream.guessed_rate, stream.base_rate)
    stated = [Fraction(rate) for rate in said if rate and 1 <= rate <= _FASTEST]
    if len(times) < 2 or times[-1] == times[0]:
        return (timing.nearest_standard(stated[0]) if stated else Fraction(25)), False
    mean = timing.nearest_standard((len(times) - 1) / (times[-1] - times[0]))
    candidates = [*(timing.nearest_standard(rate) for rate in stated), mean]
    usual = Counter(later - earlier for earlier, later in pairwise(times) if later > earlier)
    most_frequent = timing.nearest_standard(1 / usual.most_common(1)[0][0])
    if most_frequent <= _FASTEST:
        candidates.append(most_frequent)
    best = min(dict.fromkeys(candidates), key=lambda rate: _misfits(times, rate))
    misfits = _misfits(times, best)
    if misfits <= max(2, len(times) // 50):
        return best, False
    # Where no time between pictures is usual, the most frequent may be long, and would leave pictures out.
    return (max(most_frequent, mean) if most_frequent <= _FASTEST else mean), True


def _misfits(times: list[Fraction], rate: Fraction) -> int:
    """How many numbers have no picture or more than one, and how many pictures lie far from their number."""
    places = [(moment - times[0]) * rate for moment in times]
    numbers = [round(place) for place in places]
    gaps = sum(min(abs(later - earlier - 1), 50) for earlier, later in pairwise(numbers))
    return gaps + sum(abs(place - number) > _FAR for place, number in zip(places, numbers, strict=True))


def _scan(head: Iterable[av.VideoFrame]) -> Literal["progressive", "interlaced", "mixed"]:
    flags = {picture.interlaced_frame for picture in head}
    return "mixed" if len(flags) == 2 else "interlaced" if flags == {True} else "progressive"


def _field_order(stream: VideoStream, head: list[av.VideoFrame]) -> Literal["tff", "bff"] | None:
    """What the header says; the analysis measures it."""
    if _scan(head) == "progressive":
        return None
    if stream.codec_context.name == "dvvideo":
        return "bff"
    # AVFieldOrder: 2 and 5 (bottom coded first) are displayed with the top field first, 3 and 4 with the bottom one.
    order = {2: "tff", 5: "tff", 3: "bff", 4: "bff"}.get(stream.codec_context.field_order)
    return cast(Literal["tff", "bff"] | None, order)


def _described(stream: VideoStream, picture: av.VideoFrame, rate: Fraction) -> dict[str, Any]:
    form = picture.format
    matrix, primaries, transfer = _colour(picture, rate)
    # Grey that says nothing is full range to FFmpeg, which shows the original beside the master.
    is_grey = len(form.components) < 3 and picture.color_range != 1
    is_full = picture.color_range == 2 or form.name.startswith("yuvj") or form.is_rgb or form.has_palette or is_grey
    return {
        "width": picture.width, "height": picture.height,
        "pixel_aspect": _pixel_aspect(stream), "pixel_format": form.name,
        "bit_depth": max(component.bits for component in form.components),
        "matrix": matrix, "primaries": primaries, "transfer": transfer, "range": "pc" if is_full else "tv",
    }


def _pixel_aspect(stream: VideoStream) -> Fraction:
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    return Fraction(aspect) if aspect and Fraction(1, 8) <= aspect <= 8 else Fraction(1)


def _colour(picture: av.VideoFrame, rate: Fraction) -> tuple[str, str, str]:
    """As tagged; where nothing is said, what the raster implies: 625 lines, 525 lines, or high definition."""
    if picture.height >= 720:
        matrix = primaries = transfer = "bt709"
    elif picture.height in (288, 576, 608) or (rate in (25, 50) and picture.height <= 576):
        matrix, primaries, transfer = "bt470bg", "bt470bg", "smpte170m"
    else:
        matrix = primaries = transfer = "smpte170m"
    tagged = color.name_of(picture.colorspace, color.MATRICES)
    return (tagged or matrix, color.name_of(picture.color_primaries, color.PRIMARIES) or primaries,
            color.name_of(picture.color_trc, color.TRANSFERS) or transfer)
