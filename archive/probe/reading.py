"""Reading a recording: open, walk its packets, decode some frames at both ends. Runs in the child."""

import re
import sys
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.sidedata.sidedata import Type
from av.video.stream import VideoStream

from archive.containers import PICTURES, main_picture, open_recording
from archive.errors import gettext_noop
from archive.probe.facts import LONGEST_SECONDS, ProbeError, ProbeResult
from archive.probe.remarks import remarks
from archive.probe.streams import describe, timecode, wrapper_name
from archive.upright import AS_CODED, Turn, asked_of

FRAMES_TO_DECODE = 5
PACKETS_TO_TRY = 300
LARGEST_SIDE = 16384
INDEXED = ("mov", "matroska", "avi", "mxf")  # Elsewhere a seek may land behind the last key frame.
STILL_BRANDS = {"avif", "heic", "heix", "mif1"}


@dataclass(slots=True)
class Walk:
    """What one pass over the packets found; times are exact seconds."""

    decoded: int = 0
    is_complete: bool = False
    picture_times: list[Fraction] = field(default_factory=list)
    picture_end: Fraction = Fraction(0)
    sound_end: Fraction | None = None
    last_key: int | None = None
    broken_packets: int = 0
    damaged_at_end: int = 0
    is_end_readable: bool = True
    group_timecode: int = 0
    turn: Turn = AS_CODED


def read(path: Path, name: str, seconds: float) -> ProbeResult:
    """The facts. `seconds`: how long the packets may be walked; what lies beyond is taken from the header. Raises
    ProbeError."""
    container = _open(path, name)
    stream = _picture(container, name)
    walk = _walk(container, stream, time.monotonic() + seconds)
    if walk.decoded == 0:
        _refuse_undecodable(walk, name)
    if walk.is_complete and container.format.name.startswith(INDEXED):
        walk.is_end_readable = _decodes_at(container, stream, walk.last_key)
    wrapper = wrapper_name(container, path)
    tracks = tuple(describe(one, walk, is_main=one.index == stream.index) for one in container.streams)
    duration = walk.picture_end - min(walk.picture_times) if walk.is_complete else None
    if duration is None and container.duration:
        duration = Fraction(container.duration, av.time_base)
    _refuse_length(duration, name)
    return ProbeResult(
        wrapper=wrapper, duration_seconds=None if duration is None else f"{float(duration):.6f}",
        start_timecode=timecode(container, stream, walk), first_pts=str(min(walk.picture_times)), tracks=tracks,
        remarks=remarks(name, wrapper, container, stream, walk, tracks))


def _open(path: Path, name: str) -> InputContainer:
    try:
        return open_recording(path)
    except PermissionError:
        raise ProbeError(gettext_noop("“{name}” may not be read. Change its permissions."), name=name) from None
    except (av.FFmpegError, OSError):
        with path.open("rb") as file:
            match = re.match(rb"YUV4MPEG2 W(\d{1,9}) H(\d{1,9})", file.read(64))
        if match:
            _refuse_size(int(match[1]), int(match[2]), name)
        raise ProbeError(gettext_noop("“{name}” is not a video that can be read: it is something else, or its header "
                                      "is damaged. Choose another file, or fetch it again."), name=name) from None


def _picture(container: InputContainer, name: str) -> VideoStream:
    brand = container.metadata.get("major_brand", "").strip()
    if container.format.name in PICTURES or brand in STILL_BRANDS:
        raise ProbeError(gettext_noop("“{name}” is a picture, not a recording. Choose a video file."), name=name)
    stream = main_picture(container)
    if stream is None:
        kinds = ", ".join(sorted({one.type for one in container.streams})) or "—"
        raise ProbeError(gettext_noop("“{name}” has no moving picture, only: {kinds}. Choose a video file."),
                         name=name, kinds=kinds)
    context = stream.codec_context
    if context is None:
        raise ProbeError(gettext_noop("The picture of “{name}” is coded in a way that no decoder here knows. Ask where "
                                      "it came from for a copy in another format."), name=name)
    _refuse_size(context.width, context.height, name)
    context.thread_count = 1
    return stream


def _refuse_size(width: int, height: int, name: str) -> None:
    if max(width, height) > LARGEST_SIDE:
        raise ProbeError(gettext_noop("“{name}” claims a picture of {width}×{height}, which no recording has: its "
                                      "header is damaged. Fetch it again from where it came."),
                         name=name, width=width, height=height)


def _refuse_length(duration: Fraction | None, name: str) -> None:
    if duration is not None and duration > LONGEST_SECONDS:
        raise ProbeError(gettext_noop("“{name}” claims to last {seconds} s, which no recording does: its time stamps "
                                      "are damaged. Fetch it again from where it came."),
                         name=name, seconds=int(duration))


def _refuse_undecodable(walk: Walk, name: str) -> None:
    if not walk.picture_times:
        raise ProbeError(gettext_noop("“{name}” describes a recording but holds no picture: it is incomplete. Fetch it "
                                      "again from where it came."), name=name)
    raise ProbeError(gettext_noop("No picture of “{name}” can be decoded: it is encrypted, damaged or in a format "
                                  "nobody here reads. Ask where it came from for an open copy."), name=name)


def _walk(container: InputContainer, stream: VideoStream, deadline: float) -> Walk:
    walk = Walk()
    tried = 0
    packets = container.demux([one for one in container.streams if one.type in ("video", "audio")
                               and one.codec_context is not None])
    while time.monotonic() < deadline:
        try:
            packet = next(packets, None)
        except (av.FFmpegError, OSError):
            walk.broken_packets += 1
            packet = None
        if packet is None:
            walk.is_complete = True
            # A frame that was cut off is none.
            del walk.picture_times[max(1, len(walk.picture_times) - walk.damaged_at_end):]
            break
        if packet.stream.index == stream.index and walk.decoded < FRAMES_TO_DECODE and tried < PACKETS_TO_TRY:
            tried += 1
            _decode(stream, packet, walk)
        _note(walk, packet, packet.stream.index == stream.index)
    return walk


def _note(walk: Walk, packet: av.Packet, is_picture: bool) -> None:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or not packet.size or packet.time_base is None:
        return
    moment = stamp * Fraction(packet.time_base)
    end = moment + (packet.duration or 0) * Fraction(packet.time_base)
    if is_picture:
        walk.picture_times.append(moment)
        walk.damaged_at_end = walk.damaged_at_end + 1 if packet.is_corrupt else 0
        walk.picture_end = walk.picture_end if packet.is_corrupt else max(walk.picture_end, end)
        walk.broken_packets += packet.is_corrupt
        if packet.is_keyframe:
            walk.last_key = stamp
    elif packet.stream.type == "audio":
        walk.sound_end = max(walk.sound_end or end, end)


def _decode(stream: VideoStream, packet: av.Packet, walk: Walk) -> None:
    try:
        frames = stream.codec_context.decode(packet)
    except (av.FFmpegError, OSError):
        walk.broken_packets += 1
        return
    if frames and not walk.decoded:
        walk.group_timecode, walk.turn = _group_timecode(frames[0]), asked_of(frames[0])
    walk.decoded += len(frames)


def _group_timecode(frame: av.VideoFrame) -> int:
    """The 25 bits that begin its group of pictures; 0 where there are none."""
    bits: Any = frame.side_data.get(Type.GOP_TIMECODE.name)
    return int.from_bytes(bytes(bits)[:4], sys.byteorder) if bits else 0


def _decodes_at(container: InputContainer, stream: VideoStream, key: int | None) -> bool:
    """Whether the recording's last run of frames can be decoded, from its last key frame to the end."""
    try:
        container.seek(key or 0, stream=stream, backward=True)
        stream.codec_context.flush_buffers()
        return any(container.decode(stream))
    except (av.FFmpegError, OSError):
        return False
