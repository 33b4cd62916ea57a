"""What a pair reel must be, so that a player in a browser can name and show every frame of it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
from av.video.stream import VideoStream

MAX_GOP = 6
MAX_WIDTH = 4096


@dataclass(frozen=True, slots=True)
class Contract:
    """What is expected of one pair reel; the sides' raster in pixels, the rate in frames per second."""

    frames: int
    rate: Fraction
    side_width: int
    side_height: int
    has_sound: bool


def check_contract(path: Path, expected: Contract) -> list[str]:
    """The clauses that the file breaks, one sentence each; none for a good pair reel."""
    with av.open(str(path)) as container:
        if not container.streams.video:
            return ["It has no picture."]
        stream = container.streams.video[0]
        has_sound = bool(container.streams.audio)
        packets = [(packet.pts, packet.is_keyframe) for packet in container.demux(stream) if packet.size]
        clauses = [*_coding(stream), *_raster(stream, expected), *_times(stream, packets, expected)]
    if has_sound != expected.has_sound:
        clauses.append("The source has sound and it has none." if expected.has_sound else "It has sound from nowhere.")
    return [*clauses, *_wrapper(path)]


def _coding(stream: VideoStream) -> Iterator[str]:
    context = stream.codec_context
    if (context.name, context.profile, context.pix_fmt) != ("h264", "High", "yuv420p"):
        yield f"It is not H.264 High yuv420p, but {context.name} {context.profile} {context.pix_fmt}."
    if context.has_b_frames:
        yield "It has B-frames."
    tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
    if tags != (1, 1, 1, 1):
        yield f"It is not tagged as limited BT.709 (primaries, transfer, matrix, range are {tags})."


def _raster(stream: VideoStream, expected: Contract) -> Iterator[str]:
    raster = stream.codec_context.width, stream.codec_context.height
    if raster != (2 * expected.side_width, expected.side_height):
        yield f"Its raster is {raster[0]}×{raster[1]}, not twice {expected.side_width}×{expected.side_height}."
    if raster[0] > MAX_WIDTH:
        yield f"It is wider than {MAX_WIDTH} pixels."
    if (stream.sample_aspect_ratio or 1) != 1:
        yield f"Its pixels are not square ({stream.sample_aspect_ratio})."


def _times(stream: VideoStream, packets: list[tuple[int | None, bool]], expected: Contract) -> Iterator[str]:
    if len(packets) != expected.frames:
        yield f"It has {len(packets)} frames, not {expected.frames}."
    times = [pts * stream.time_base for pts, _ in packets if pts is not None and stream.time_base is not None]
    if not times:
        yield "Its pictures have no time."
        return
    if times[0] != 0:
        yield f"Its first picture is due at {times[0]} s, not at 0."
    steps = {later - earlier for earlier, later in pairwise(times)}
    if steps - {1 / expected.rate}:
        yield f"Its pictures are not each 1/({expected.rate}) s after the one before."
    keys = [index for index, (_, is_key) in enumerate(packets) if is_key] + [len(packets)]
    longest = max((later - earlier for earlier, later in pairwise(keys)), default=0)
    if keys[0] != 0 or longest > MAX_GOP:
        yield f"A group of pictures has {longest} frames; {MAX_GOP} is the most."


def _wrapper(path: Path) -> Iterator[str]:
    order = list(_boxes(path))
    if b"moov" not in order or b"mdat" in order[:order.index(b"moov")]:
        yield "Its index is not at the start of the file."
    with av.open(str(path), options={"ignore_editlist": "1"}) as raw:
        first = next((packet.pts for packet in raw.demux(raw.streams.video[0]) if packet.size), None)
    if first != 0:
        yield "An edit list moves its first picture."


def _boxes(path: Path) -> Iterator[bytes]:
    """Names of the file's outermost boxes, in order."""
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, name = struct.unpack(">I4s", header)
            yield name
            if size == 1:
                size = struct.unpack(">Q", file.read(8))[0] - 8
            if size < 8:
                return
            file.seek(size - 8, 1)
