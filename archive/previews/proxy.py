"""The viewing proxy: H.264 and AAC that every browser plays and seeks in, in square pixels, whole frames."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from av.filter import Graph
from av.video.stream import VideoStream

from archive.previews.colour import BT709, LIMITED, matrix_of, plainly, scaled, source_of
from archive.previews.sound import SAMPLE_RATE
from archive.upright import Turn

LINES = 720
FRAMES_BETWEEN_KEYS = 12
LEAST_TICKS = 12800
LEAST_LINES_TO_DEINTERLACE = 8
ENCODING = {"preset": "veryfast", "crf": "23", "g": str(FRAMES_BETWEEN_KEYS), "bf": "0", "x264-params": "scenecut=0"}


def viewing_size(stream: VideoStream, turn: Turn) -> tuple[int, int]:
    """Even, upright, in square pixels, of 720 lines at most."""
    context = stream.codec_context
    pixel = Fraction(stream.sample_aspect_ratio or 1) or Fraction(1)
    shape, lines = pixel * Fraction(context.width, context.height), context.height
    if turn.lays_lines_upright:
        shape, lines = 1 / shape, context.width
    height = max(min(LINES, lines) // 2 * 2, 2)
    return max(round(height * shape / 2) * 2, 2), height


class Proxy:
    """Frames and sound go in, one file comes out, upright. The first frame's time stamp is 0."""

    def __init__(self, path: Path, source: VideoStream, *, turn: Turn, has_sound: bool) -> None:
        self.width, self.height = viewing_size(source, turn)
        self._turn = turn
        self.frames = 0
        self._rate = Fraction(source.guessed_rate or source.average_rate or 25)
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        self._picture = self._container.add_stream("libx264", rate=self._rate, options=ENCODING)
        self._picture.width, self._picture.height, self._picture.pix_fmt = self.width, self.height, "yuv420p"
        self._tick = Fraction(1, self._rate.numerator * -(-LEAST_TICKS // self._rate.numerator))
        self._picture.codec_context.time_base = self._tick
        self._sound = self._container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo") if has_sound else None
        self._graph: Graph | None = None
        self._matrix = BT709
        self._last = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if error is None and self.frames:
            for stream in (self._picture, self._sound):
                if stream is not None:
                    self._container.mux(stream.encode(None))
        self._container.close()

    def show(self, frame: av.VideoFrame | None, beginning: Fraction) -> Iterator[av.VideoFrame]:
        """Encode a frame (None: the end) and give out what was encoded, as it is seen."""
        for shown in self._as_viewed(frame):
            moment = self.frames / self._rate
            if shown.pts is not None and shown.time_base is not None:
                moment = shown.pts * shown.time_base - beginning
            stamp = round(self._on_beat(moment) / self._tick)
            if stamp <= self._last:
                continue
            shown.pts, shown.time_base, shown.pict_type = stamp, self._tick, 0
            self._last, self.frames = stamp, self.frames + 1
            self._container.mux(self._picture.encode(shown))
            yield shown

    def hear(self, frame: av.AudioFrame) -> None:
        if self._sound is not None:
            self._container.mux(self._sound.encode(frame))

    def _on_beat(self, moment: Fraction) -> Fraction:
        """The frame's exact place, where the source's clock was only too coarse for it; milliseconds are."""
        number = round(moment * self._rate)
        return number / self._rate if abs(moment * self._rate - number) < Fraction(1, 4) else moment

    def _as_viewed(self, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        if self._graph is None and frame is not None:
            self._matrix = matrix_of(frame, lines=min(frame.width, frame.height))
            self._say_colour()
            self._graph = self._make_graph(plainly(frame, self._matrix))
        if self._graph is None:
            return
        self._graph.vpush(frame and plainly(frame, self._matrix))
        while True:
            try:
                yield self._graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return

    def _say_colour(self) -> None:
        """Without a word of it players go by the proxy's lines, which are not the source's."""
        context = self._picture.codec_context
        context.colorspace, context.color_range = self._matrix, LIMITED

    def _make_graph(self, frame: av.VideoFrame) -> Graph:
        graph, matrix = Graph(), self._matrix
        whole = min(frame.width, frame.height) >= LEAST_LINES_TO_DEINTERLACE
        steps: list[Any] = [
            source_of(graph, frame, matrix, frame.time_base or self._tick),
            *([graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")] if whole else []),
            # Behind what makes whole frames of fields, whose lines must still be lines there.
            *(graph.add(name, arguments) for name, arguments in self._turn.filters),
            graph.add(*scaled(self.width, self.height, matrix)), graph.add("setsar", "1"),
            graph.add("format", "yuv420p"), graph.add("buffersink")]
        graph.link_nodes(*steps).configure()
        return graph
