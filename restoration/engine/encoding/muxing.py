"""One output file: picture and sound written in step, so that nothing waits in memory."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from restoration.engine.encoding.fairness import fairly_scheduled


class Track:
    """Sound that is fed to its encoder up to a given moment."""

    def __init__(self, container: OutputContainer, stream: AudioStream, frames: Iterator[AudioFrame]) -> None:
        self._container, self._stream, self._frames = container, stream, frames
        self.seconds = Fraction(0)

    def feed(self, until: Fraction | None) -> None:
        """Encode sound until that moment (seconds), or all that is left."""
        while until is None or self.seconds <= until:
            frame = next(self._frames, None)
            if frame is None:
                break
            self.seconds = Fraction((frame.pts or 0) + frame.samples, frame.sample_rate)
            self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self.feed(None)
        self._container.mux(self._stream.encode(None))


class Muxer:
    """Numbers the pictures, keeps every sound track about a second ahead of them, and flushes in the end.

    changed: what is done to each coded picture before it is written.
    """

    def __init__(self, container: OutputContainer, picture: VideoStream, rate: Fraction, tracks: list[Track],
                 changed: Callable[[Packet], Packet] | None = None) -> None:
        self._container, self._picture, self._rate, self._tracks = container, picture, rate, tracks
        self._changed = changed
        self.frames = 0
        with fairly_scheduled():
            container.start_encoding()

    def write(self, picture: VideoFrame) -> None:
        for track in self._tracks:
            track.feed(self.frames / self._rate + 1)
        picture.pts, picture.time_base = self.frames, 1 / self._rate
        picture.pict_type = 0
        self._coded(self._picture.encode(picture))
        self.frames += 1

    def finish(self) -> None:
        self._coded(self._picture.encode(None))
        for track in self._tracks:
            track.finish()

    def _coded(self, packets: list[Packet]) -> None:
        self._container.mux([self._changed(packet) for packet in packets] if self._changed else packets)


def picture_stream(container: OutputContainer, codec: str, rate: Fraction, width: int, height: int, pixel_format: str,
                   *, colour: tuple[int, int, int, int], options: dict[str, str]) -> VideoStream:
    """A video stream with exact rate and colour tags (primaries, transfer, matrix, range as FFmpeg's numbers)."""
    stream: Any = container.add_stream(codec, rate=rate, options=options)
    stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
    stream.time_base = 1 / rate
    context = stream.codec_context
    context.time_base = 1 / rate
    context.color_primaries, context.color_trc, context.colorspace, context.color_range = colour
    context.thread_type = "AUTO"
    return stream
