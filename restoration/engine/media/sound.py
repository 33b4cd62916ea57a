"""The source's sound, bit for bit, in step with the picture.

Packets are copied where Matroska can hold them as they are. They are decoded to PCM of the same sample format where it
cannot, where the decoder must skip samples that only the source's wrapper knows of (an edit list), and where a range of
frames is cut out: PCM alone can be cut at a sample. Zero is the first frame of the picture; sound that begins before it
keeps its negative time.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from restoration.engine.facts import SourceFacts
from restoration.engine.media.reader import opened

HELD_BY_MATROSKA = {"aac", "ac3", "eac3", "mp2", "mp3", "mp1", "flac", "vorbis", "opus", "dts", "dca", "truehd", "mlp",
                    "alac", "wavpack", "tta", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le",
                    "pcm_s32be", "pcm_u8", "pcm_f32le", "pcm_f64le"}
_PCM = {"u8": "pcm_u8", "s16": "pcm_s16le", "s32": "pcm_s32le", "flt": "pcm_f32le", "dbl": "pcm_f64le"}
# A Matroska block can lie this far before its cluster, and the first cluster lies at zero.
EARLIEST = Fraction(-30)

# A packet and its moment in seconds.
Timed = tuple[Fraction, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """What to keep, in seconds from the first frame kept; all of it where `end` is None."""

    zero: Fraction
    start: Fraction = Fraction(0)
    end: Fraction | None = None

    @property
    def is_cut(self) -> bool:
        return self.end is not None


def window(facts: SourceFacts, frames: tuple[Fraction, Fraction] | None) -> Window:
    """The sound that belongs to a range of source frames and parts of them; to the whole source where None."""
    if frames is None or frames == (0, facts.frames):
        return Window(zero=facts.first_pts)
    start, end = frames
    return Window(zero=facts.first_pts + start / facts.rate, end=(end - start) / facts.rate)


class Carrier:
    """Carries every sound stream of a source into an output: first name the streams, then take the packets.

    `packets()` yields (seconds, packet) of all streams, in order of time within each stream.
    """

    def __init__(self, source: Path, target: OutputContainer, chosen: Window) -> None:
        self._source = source
        self._window = chosen
        self._stack = ExitStack()
        self._tracks: list[Iterator[Timed]] = []
        with opened(source) as container:
            indexes = [stream.index for stream in container.streams.audio if stream.codec_context is not None]
        for index in indexes:
            container = self._stack.enter_context(opened(source))
            self._tracks.append(self._track(container, container.streams[index], target))

    def __enter__(self) -> "Carrier":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def tracks(self) -> list[Iterator[Timed]]:
        return self._tracks

    def _track(self, container: InputContainer, stream: Any,
               target: OutputContainer) -> Iterator[Timed]:
        if not self._window.is_cut and _can_be_copied(self._source, stream):
            copy: Any = target.add_stream_from_template(stream)
            _name(copy, stream)
            return _copied(container, stream, copy, self._window)
        codec = _PCM[_packed(stream)]
        pcm: Any = target.add_stream(codec, rate=stream.rate)
        pcm.codec_context.layout = stream.layout.name
        pcm.codec_context.time_base = Fraction(1, stream.rate)
        _name(pcm, stream)
        return _decoded(container, stream, pcm, self._window)


def _name(own: Any, source: AudioStream) -> None:
    for key in ("language", "title"):
        if key in source.metadata:
            own.metadata[key] = source.metadata[key]


def _packed(stream: AudioStream) -> str:
    name = stream.codec_context.format.name
    return name.removesuffix("p") if name.removesuffix("p") in _PCM else "flt"


def _can_be_copied(source: Path, stream: AudioStream) -> bool:
    name = stream.codec_context.name
    if name not in HELD_BY_MATROSKA:
        return False
    if name in ("opus", "vorbis"):
        return True
    with opened(source) as container:
        head = islice(container.demux(container.streams[stream.index]), 3)
        return not any(packet.has_sidedata("skip_samples") for packet in head)


def _copied(container: InputContainer, stream: Any, copy: Any,
            chosen: Window) -> Iterator[Timed]:
    offset = round(chosen.zero / stream.time_base)
    for packet in _packets(container, stream):
        if not packet.size or packet.pts is None:
            continue
        packet.pts -= offset
        packet.dts = packet.pts
        moment = packet.pts * stream.time_base
        if moment >= EARLIEST:
            packet.stream = copy
            yield moment, packet


def _packets(container: InputContainer, stream: Any) -> Iterator[Packet]:
    packets = container.demux(stream)
    while True:
        try:
            yield next(packets)
        except (StopIteration, FFmpegError):
            return


def _decoded(container: InputContainer, stream: Any, pcm: Any,
             chosen: Window) -> Iterator[Timed]:
    rate, packed = stream.rate, _packed(stream)
    resampler = av.AudioResampler(format=packed, layout=stream.layout.name, rate=rate)
    for start, samples in _samples(container, stream, resampler, chosen, rate):
        frame = av.AudioFrame.from_ndarray(samples, format=packed, layout=stream.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        for packet in pcm.encode(frame):
            yield Fraction(start, rate), packet
    for packet in pcm.encode(None):
        yield packet.pts * packet.time_base, packet


def _samples(container: InputContainer, stream: Any, resampler: av.AudioResampler, chosen: Window,
             rate: int) -> Iterator[tuple[int, np.ndarray]]:
    """(number of the first sample from zero, samples [1, n * channels]) within the window."""
    channels = stream.layout.nb_channels
    first = round((chosen.start if chosen.is_cut else EARLIEST) * rate)
    last = None if chosen.end is None else round(chosen.end * rate)
    due: int | None = None
    for packet in _packets(container, stream):
        for frame in _frames(packet):
            start = due if frame.pts is None else round((frame.pts * frame.time_base - chosen.zero) * rate)
            # Wrappers that count milliseconds are off by some samples; a decoder's frames follow each other.
            if due is not None and start is not None and abs(start - due) <= rate // 500:
                start = due
            start = start or 0
            due = start + frame.samples
            for part in resampler.resample(frame):
                data = part.to_ndarray()
                low = max(0, first - start)
                high = part.samples if last is None else min(part.samples, last - start)
                if low < high:
                    yield start + low, np.ascontiguousarray(data[:, low * channels:high * channels])


def _frames(packet: Packet) -> list[Any]:
    try:
        return packet.decode()
    except FFmpegError:
        return []
