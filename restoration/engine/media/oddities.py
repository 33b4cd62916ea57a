"""What is worth knowing of a source that can be used all the same: one remark for each oddity."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer

from restoration.engine.errors import gettext_noop
from restoration.engine.facts import WIDE_RANGE, Remark
from restoration.engine.media.upright import AS_CODED, Turn

_WRAPPERS = {  # what a name promises, by the names FFmpeg gives
    "mp4": "mov", "mov": "mov", "m4v": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi", "mpg": "mpeg",
    "mpeg": "mpeg", "vob": "mpeg", "ts": "mpegts", "m2ts": "mpegts", "mts": "mpegts", "mxf": "mxf", "wmv": "asf",
    "y4m": "yuv4mpegpipe", "dv": "dv", "flv": "flv", "ogv": "ogg",
}


def on_sound(container: InputContainer) -> Iterator[Remark]:
    """Sound of a kind that no decoder knows."""
    for stream in container.streams.audio:
        if stream.codec_context is None:
            yield Remark(text=gettext_noop("Sound stream {index} is of a kind that is not known here; it cannot be "
                                           "carried into a master. Keep the source."), values={"index": stream.index})


def on_wrapper(source: Path, container: InputContainer) -> Iterator[Remark]:
    promised = _WRAPPERS.get(source.suffix.lower().lstrip("."))
    if promised and promised not in container.format.name.split(","):
        yield Remark(text=gettext_noop("Its name says {suffix}, its contents are {wrapper}; it was read as what it "
                                       "is."), values={"suffix": source.suffix, "wrapper": container.format.name})


def on_time(*, frames: int, promised: int, rate: Fraction, first: Fraction, is_variable: bool,
            sound: Fraction | None) -> Iterator[Remark]:
    """frames: how many there are; promised: by the header; first, sound: when the picture begins and the sound ends,
    in seconds of the wrapper's clock."""
    ends_early = not is_variable and promised > frames + max(2, promised // 50)
    if ends_early:
        yield Remark(text=gettext_noop("It ends early: {found} of the {promised} frames its header promises are there. "
                                       "Fetch it again if you can."), values={"found": frames, "promised": promised})
    if is_variable:
        yield Remark(text=gettext_noop("Its frames come at uneven times; they are read at a constant {rate} frames a "
                                       "second, repeating or leaving out frames where needed."),
                     values={"rate": f"{float(rate):.6g}"})
    if first != 0:
        yield Remark(text=gettext_noop("Its picture starts at {seconds} s; the sound is kept in step with it."),
                     values={"seconds": f"{float(first):.3f}"})
    longer = sound - first - frames / rate if sound is not None else Fraction(0)
    if longer > 1 and not ends_early:
        yield Remark(text=gettext_noop("The sound goes on for {seconds} s after the picture; it is kept whole."),
                     values={"seconds": f"{float(longer):.1f}"})


def on_turn(asked: Turn, done: Turn) -> Iterator[Remark]:
    """What the file asks players to do with its picture, and what of it is done before anything is restored."""
    if asked == AS_CODED:
        return
    if asked != done and asked.lays_lines_upright:
        text = gettext_noop("It asks players to turn its picture by {degrees}° anticlockwise, but each of its frames "
                            "holds two fields, whose lines would become columns; it is restored lying as it was coded.")
    elif asked != done:
        text = gettext_noop("It asks players to turn its picture by {degrees}°; it is restored lying as it was coded.")
    elif not asked.is_mirrored:
        text = gettext_noop("It asks players to turn its picture by {degrees}° anticlockwise; it was turned so, and is "
                            "restored upright.")
    elif asked.degrees:
        text = gettext_noop("It asks players to turn its picture by {degrees}° anticlockwise and then to exchange left "
                            "and right; both were done, and it is restored as players show it.")
    else:
        text = gettext_noop("It asks players to exchange left and right of its picture; that was done, and it is "
                            "restored as players show it.")
    yield Remark(text=text, values={"degrees": asked.degrees} if asked.degrees else {})


def on_picture(width: int, height: int, frames: int, *, transfer: str) -> Iterator[Remark]:
    """width, height: of the upright picture; transfer: by FFmpeg's name."""
    if transfer in WIDE_RANGE:
        yield Remark(text=gettext_noop("Its range is wide ({transfer}). Repairs and the master keep its numbers; what "
                                       "is made for viewing shows them as ordinary ones, too flat and too grey."),
                     values={"transfer": WIDE_RANGE[transfer]})
    if frames == 1:
        yield Remark(text=gettext_noop("It holds one single frame."))
    if width % 2 or height % 2:
        yield Remark(text=gettext_noop("Its picture is {width}×{height}, an odd size; what is made for viewing is "
                                       "even."), values={"width": width, "height": height})
