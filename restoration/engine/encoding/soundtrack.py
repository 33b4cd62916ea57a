"""Sound on its way to an encoder, in step with the picture."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.filter import Graph

AAC_RATE = 48000
AAC_FRAME = 1024
_GAPS_PER_SECOND = 100


def exact(container: InputContainer, stream: AudioStream, sample_format: str) -> Iterator[AudioFrame]:
    """Every sample from the file's zero on as it is, packed as `sample_format` ("s16" or "s32"); `pts` counts samples
    from that zero. Sound before it, which a master may have, belongs to no picture and is dropped; where sound is
    missing there is silence, so that what follows stays in step."""
    resampler = av.AudioResampler(format=sample_format)
    position: int | None = None
    for frame in container.decode(stream):
        due = round((frame.pts or 0) * (frame.time_base or Fraction(0)) * stream.rate)
        if position is None:
            position = due
        # Wrappers that count milliseconds are off by some samples: less than that is no gap.
        elif frame.pts is not None and due - position > stream.rate // _GAPS_PER_SECOND:
            yield from _silence(frame, sample_format, position, due)
            position = due
        for packed in resampler.resample(frame):
            kept = packed if position >= 0 else _without_first(packed, -position)
            if kept is not None:
                kept.pts, kept.time_base = max(0, position), Fraction(1, stream.rate)
                yield kept
            position += packed.samples


def _silence(like: AudioFrame, sample_format: str, start: int, end: int) -> Iterator[AudioFrame]:
    """Packed frames of silence from sample `start` to `end`, a second at most each; before zero there are none."""
    for place in range(max(0, start), end, like.sample_rate):
        count = min(like.sample_rate, end - place)
        samples = np.zeros((1, count * like.layout.nb_channels), np.int16 if sample_format == "s16" else np.int32)
        quiet = AudioFrame.from_ndarray(samples, format=sample_format, layout=like.layout.name)
        quiet.sample_rate, quiet.pts, quiet.time_base = like.sample_rate, place, Fraction(1, like.sample_rate)
        yield quiet


def _without_first(packed: AudioFrame, count: int) -> AudioFrame | None:
    """The packed frame without its first samples; None where none is left."""
    if count >= packed.samples:
        return None
    samples: Any = np.ascontiguousarray(packed.to_ndarray()[:, count * packed.layout.nb_channels:])
    rest = AudioFrame.from_ndarray(samples, format=packed.format.name, layout=packed.layout.name)
    rest.sample_rate = packed.sample_rate
    return rest


def stereo(container: InputContainer, stream: AudioStream, *, zero: Fraction = Fraction(0),
           duration: Fraction | None = None) -> Iterator[AudioFrame]:
    """Stereo float frames of 1024 samples at 48 kHz that begin at the moment `zero` (seconds of the file).

    Sound that begins late is led by silence, sound before `zero` is dropped, sound beyond `duration` too.
    """
    graph = _graph(stream, duration)
    for frame in container.decode(stream):
        if frame.pts is None or frame.time_base is None:
            continue
        frame.pts = round((frame.pts * frame.time_base - zero) * stream.rate)
        frame.time_base = Fraction(1, stream.rate)
        try:
            graph.push(frame)
        except av.EOFError:
            # The trim wants no more: the duration is full.
            break
        yield from _ready(graph)
    else:
        graph.push(None)
    yield from _ready(graph)


def _graph(stream: AudioStream, duration: Fraction | None) -> Graph:
    graph = Graph()
    last = graph.add_abuffer(sample_rate=stream.rate, format=stream.format.name, layout=stream.layout.name,
                             time_base=Fraction(1, stream.rate))
    trim = [("atrim", f"end_sample={round(duration * AAC_RATE)}")] if duration is not None else []
    for name, arguments in [("aresample", f"{AAC_RATE}:async=1:first_pts=0"),
                            ("aformat", "sample_fmts=fltp:channel_layouts=stereo"), *trim,
                            ("asetnsamples", f"n={AAC_FRAME}:p=0")]:
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    return graph


def _ready(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield frame
