"""The master: segments joined packet by packet, with the source's sound, checked by reading it back."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import av

from restoration.engine.errors import EncodingError, gettext_noop
from restoration.engine.facts import MasterFacts, SourceFacts
from restoration.engine.journal import Piece, in_one_go
from restoration.engine.media import sound, timing
from restoration.engine.media.aspect import ROOM, write_pixel_aspect
from restoration.engine.media.inspect import inspect
from restoration.engine.media.whole import ALIKE, written_whole

# Matroska states the length of a frame, and FFmpeg reads it back as a rate with a numerator up to this. Where nothing
# is stated FFmpeg infers the rate from times in milliseconds: 59.94 and 60 differ only in a file of some length.
_LARGEST_NUMERATOR = 30000
_LONG_ENOUGH = Fraction(10)  # seconds


def join(source: Path, facts: SourceFacts, segments: Sequence[Path | Piece], target: Path, *, rate: Fraction,
         frames: int, kept: tuple[Fraction, Fraction] | None, pixel_aspect: Fraction, start_timecode: str | None,
         on_frame: Callable[[int], None] = lambda count: None) -> MasterFacts:
    """Copy the packets of the segments, in order, to `target`, frame n at exactly n / rate, and the sound beside them.
    What an earlier master holds already is copied from there: every frame is coded on its own. The same packets give
    the same bytes.

    kept: the range in source frames, where not all. on_frame hears the count after each frame, and may raise to stop.
    Raises EncodingError where the file does not come out with `frames` frames at `rate` from time 0, with the shape of
    pixels it should have; DiskFullError.
    """
    with written_whole(target) as partial:
        pieces = [each if isinstance(each, Piece) else Piece(each) for each in segments]
        _write(source, partial, pieces, rate=rate, chosen=sound.window(facts, kept), timecode=start_timecode,
               room_for_aspect=pixel_aspect != 1, states_rate=_states_rate(rate, frames), on_frame=on_frame)
        if pixel_aspect != 1:
            write_pixel_aspect(partial, pixel_aspect)
        return _checked(partial, target.name, rate, frames, pixel_aspect)


def _write(source: Path, partial: Path, pieces: Sequence[Piece], *, rate: Fraction, chosen: sound.Window,
           timecode: str | None, room_for_aspect: bool, states_rate: bool, on_frame: Callable[[int], None]) -> None:
    # Sound before the first frame keeps its negative time: nothing is shifted to make room for it.
    with av.open(str(partial), "w", format="matroska",
                 options={"avoid_negative_ts": "disabled", **ALIKE}) as container:
        with av.open(str(pieces[0].file)) as first:
            picture = _picture_stream(container, first.streams.video[0], rate if states_rate else Fraction(0))
        if timecode:
            picture.metadata["timecode"] = timecode
        if room_for_aspect:
            picture.metadata["title"] = ROOM
        with sound.Carrier(source, container, chosen) as carrier:
            pictures = _pictures(pieces, picture, rate, on_frame)
            for _, packet in heapq.merge(pictures, *carrier.tracks, key=lambda each: each[0]):
                container.mux(packet)


def _picture_stream(container: Any, template: Any, rate: Fraction) -> Any:
    stream = container.add_stream_from_template(template)
    stream.codec_context.framerate = rate
    return stream


def _states_rate(rate: Fraction, frames: int) -> bool:
    return rate.numerator <= _LARGEST_NUMERATOR or frames / rate < _LONG_ENOUGH


def _pictures(pieces: Sequence[Piece], stream: Any, rate: Fraction,
              on_frame: Callable[[int], None]) -> Iterator[sound.Timed]:
    number, header = 0, None
    for piece in in_one_go(pieces):
        with av.open(str(piece.file)) as container:
            own = container.streams.video[0]
            header = header or own.codec_context.extradata
            if own.codec_context.extradata != header:
                raise EncodingError(gettext_noop("The segment “{name}” was written differently from the others."),
                                    name=piece.file.name)
            for packet in _coded(container, own, piece, rate):
                packet.stream, packet.time_base = stream, 1 / rate
                packet.pts = packet.dts = number
                packet.duration = 1
                yield number / rate, packet
                number += 1
                on_frame(number)


def _coded(container: Any, stream: Any, piece: Piece, rate: Fraction) -> Iterator[Any]:
    """The packets of a piece. Matroska keeps milliseconds: the nearest frame is the one that was meant."""
    if piece.frames is None:
        yield from (packet for packet in container.demux(stream) if packet.size)
        return
    if piece.frames.start:
        container.seek(floor(piece.frames.start / rate / stream.time_base), stream=stream)
    missing = iter(piece.frames)
    wanted = next(missing, None)
    for packet in container.demux(stream):
        number = round(packet.pts * stream.time_base * rate) if packet.size else -1
        if wanted is None or number > wanted:
            break
        if number == wanted:
            yield packet
            wanted = next(missing, None)
    if wanted is not None:
        raise EncodingError(gettext_noop("The master “{name}” does not hold frame {frame}, which was to be copied from "
                                         "it."), name=piece.file.name, frame=wanted)


def _checked(path: Path, name: str, rate: Fraction, frames: int, pixel_aspect: Fraction) -> MasterFacts:
    facts = inspect(path)
    # FFmpeg reduces the shape of pixels to terms below 256.
    if abs(facts.pixel_aspect - pixel_aspect) > pixel_aspect / 200:
        raise EncodingError(gettext_noop("“{name}” came out with pixels of {found} instead of {expected}."), name=name,
                            found=str(facts.pixel_aspect), expected=str(pixel_aspect))
    problems = (facts.frames != frames, facts.first_pts != 0, timing.nearest_standard(facts.rate) != rate
                and abs(facts.rate - rate) > rate / 2000)
    if any(problems):
        raise EncodingError(gettext_noop("“{name}” came out with {frames} frames at {rate} a second from {start} s "
                                         "instead of {expected} at {expected_rate}."), name=name, frames=facts.frames,
                            rate=str(facts.rate), start=float(facts.first_pts), expected=frames,
                            expected_rate=str(rate))
    return MasterFacts(
        name=name, frames=facts.frames, width=facts.width, height=facts.height, rate=rate,
        pixel_aspect=facts.pixel_aspect, pixel_format=facts.pixel_format, scan=facts.scan,
        field_order=facts.field_order, matrix=facts.matrix, primaries=facts.primaries, transfer=facts.transfer,
        start_timecode=facts.start_timecode, drop_frame=facts.drop_frame,
        sound_streams=sum(stream.kind == "audio" for stream in facts.streams), size_bytes=path.stat().st_size)
