"""One stream, described."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from av.container import InputContainer
from av.video.stream import VideoStream

from archive.probe.facts import LONGEST_SECONDS, LONGEST_TEXT, TrackFacts
from archive.upright import AS_CODED, Turn

if TYPE_CHECKING:
    from archive.probe.reading import Walk

KINDS = {"video": "picture", "audio": "sound", "subtitle": "text"}
RATES = tuple(Fraction(rate * thousand, thousand + slow) for rate in (24, 25, 30, 48, 50, 60)
              for thousand, slow in ((1000, 0), (1000, 1)) if not (slow and rate in (25, 50)))
# AV_FIELD_*: the middle letters of TB and BT say in which order the fields are shown.
FIELD_ORDERS = {1: "progressive", 2: "tff", 3: "bff", 4: "bff", 5: "tff"}
# ISO/IEC 23091-2 numbers by FFmpeg's names.
PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
             11: "smpte431", 12: "smpte432"}
TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 13: "iec61966-2-1",
             14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 18: "arib-std-b67"}
MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
            10: "bt2020c"}
RANGES = {1: "tv", 2: "pc"}
WRAPPERS = {"avi": "AVI", "mpeg": "MPEG program stream", "mpegts": "MPEG transport stream", "mxf": "MXF",
            "mpegvideo": "MPEG video", "yuv4mpegpipe": "YUV4MPEG2", "dv": "DV", "asf": "ASF", "flv": "FLV",
            "ogg": "Ogg"}
TAGGED_END = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")
TIMECODE = re.compile(r"\d\d:\d\d:\d\d[:;.]\d\d")


def describe(stream: Any, walk: "Walk", *, is_main: bool) -> TrackFacts:
    context = stream.codec_context
    duration = None if stream.duration is None else stream.duration * Fraction(stream.time_base)
    is_possible = duration is not None and 0 <= duration <= LONGEST_SECONDS
    facts: dict[str, Any] = {
        "index": stream.index, "kind": KINDS.get(stream.type, "data"), "codec": context.name if context else "unknown",
        "profile": (context and stream.profile) or "", "language": stream.language or "",
        "bit_rate": (context and context.bit_rate) or None,
        "duration_seconds": f"{float(duration or 0):.6f}" if is_possible else None}
    if context is None:
        return _fitting(facts)
    if stream.type == "video":
        facts |= _picture_facts(stream, walk.turn if is_main else AS_CODED)
        if is_main:
            found = len(walk.picture_times)
            is_cut_off = walk.is_complete and stream.frames > found
            facts |= {"frames": found if walk.is_complete else stream.frames or None,
                      "is_variable_rate": not is_cut_off and is_uneven(walk.picture_times)}
            if walk.is_complete:
                facts["duration_seconds"] = f"{float(walk.picture_end - min(walk.picture_times)):.6f}"
    elif stream.type == "audio":
        facts |= {"sample_rate": context.sample_rate, "channels": context.channels,
                  "channel_layout": context.layout.name}
    return _fitting(facts)


def _fitting(facts: dict[str, Any]) -> TrackFacts:
    """Whatever a header says at length is cut where its column ends."""
    for name, longest in LONGEST_TEXT.items():
        if len(facts.get(name, "")) > longest:
            facts[name] = facts[name][:longest - 1] + "…"
    return TrackFacts(**facts)


def promised_frames(stream: VideoStream, walk: "Walk") -> int:
    """How many there should be, as the header says; 0 where it does not. Matroska writes when the stream ends, into a
    tag: then as many more as the stream should be longer, within the two that its times may be off."""
    end = TAGGED_END.match(stream.metadata.get("DURATION", ""))
    found, first = len(walk.picture_times), min(walk.picture_times)
    if stream.frames or end is None or walk.picture_end <= first:
        return stream.frames
    seconds = int(end[1]) * 3600 + int(end[2]) * 60 + Fraction(end[3]) - first
    promised = round(found * seconds / (walk.picture_end - first))
    return promised if promised - found > 2 else found


def ratio_text(ratio: Fraction) -> str:
    """16:11. What two damaged numbers make is brought down to a ratio that can be written."""
    text = f"{ratio.numerator}:{ratio.denominator}"
    if len(text) > LONGEST_TEXT["display_aspect"]:
        near = max(ratio.limit_denominator(99), Fraction(1, 99))
        text = f"{near.numerator}:{near.denominator}"
    return text


def exact_rate(rate: Fraction | None) -> Fraction | None:
    """What FFmpeg infers from the times of a short file, 19001/317, is a rate in use all but some millionths."""
    if rate is None:
        return None
    near = min(RATES, key=lambda standard: abs(standard - rate))
    return near if abs(near - rate) < near / 10_000 else rate


def _picture_facts(stream: VideoStream, turn: Turn) -> dict[str, Any]:
    """Its raster and pixels as coded, its shape as shown."""
    context = stream.codec_context
    pixel = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
    rate = exact_rate(stream.guessed_rate or stream.average_rate)
    shape = pixel * Fraction(context.width, context.height)
    return {
        "width": context.width, "height": context.height,
        "rate_numerator": rate.numerator if rate else None, "rate_denominator": rate.denominator if rate else None,
        "frames": stream.frames or None, "field_order": FIELD_ORDERS.get(int(context.field_order), "unknown"),
        "pixel_aspect": ratio_text(pixel),
        "display_aspect": ratio_text(1 / shape if turn.lays_lines_upright else shape),
        "pixel_format": context.format.name if context.format else "",
        "bit_depth": context.format.components[0].bits if context.format else None,
        "color_primaries": PRIMARIES.get(int(context.color_primaries), ""),
        "color_transfer": TRANSFERS.get(int(context.color_trc), ""),
        "color_matrix": MATRICES.get(int(context.colorspace), ""),
        "color_range": RANGES.get(int(context.color_range), ""),
    }


def is_uneven(times: list[Fraction]) -> bool:
    """Whether more than one in a hundred frames stays a tenth longer or shorter than most do, and over 2 ms."""
    ordered = sorted(set(times))
    steps = sorted(after - before for before, after in pairwise(ordered))
    if len(steps) < 2:
        return False
    usual = steps[len(steps) // 2]
    tolerance = max(usual / 10, Fraction(1, 500))
    return sum(abs(step - usual) > tolerance for step in steps) * 100 > len(steps)


def timecode(container: InputContainer, stream: VideoStream, walk: "Walk") -> str:
    """Where the recording begins, as the label of its wrapper says, or that of its first group of pictures (MPEG);
    empty where it has none. Matroska spells the name of the label in capitals."""
    for metadata in (stream.metadata, *(one.metadata for one in container.streams), container.metadata):
        for key, label in metadata.items():
            if key.lower() == "timecode" and TIMECODE.fullmatch(label):
                return label
    return group_timecode(walk.group_timecode)


def group_timecode(bits: int) -> str:
    """ISO/IEC 13818-2, 6.3.8: drop-frame flag, hours, minutes, a marker, seconds, pictures. Every MPEG stream has one;
    at nought it says that nobody set it."""
    hours, minutes, seconds, pictures = bits >> 19 & 31, bits >> 13 & 63, bits >> 6 & 63, bits & 63
    if not (hours or minutes or seconds or pictures) or hours > 23 or minutes > 59 or seconds > 59:
        return ""
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if bits >> 24 & 1 else ':'}{pictures:02}"


def wrapper_name(container: InputContainer, path: Path) -> str:
    format_name = container.format.name
    if format_name.startswith("mov"):
        return "MP4" if container.metadata.get("major_brand", "qt").strip() != "qt" else "QuickTime"
    if format_name.startswith("matroska"):
        with path.open("rb") as file:
            return "WebM" if b"webm" in file.read(64) else "Matroska"
    return WRAPPERS.get(format_name, format_name)[:100]
