"""Clips whose pictures carry their own frame number, so that a picture can be asked which frame it is."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BITS = 10
BAR = 16
WIDTH, HEIGHT = BITS * BAR, 96
LEFT_GREY, RIGHT_GREY = 60, 180


def side(number: int, grey: int) -> np.ndarray:
    """The upper half: the number in bars, the highest bit first. The lower half: which side this is."""
    picture = np.full((HEIGHT, WIDTH), grey, np.uint8)
    for bit in range(BITS):
        is_set = number >> (BITS - 1 - bit) & 1
        picture[: HEIGHT // 2, bit * BAR:(bit + 1) * BAR] = 235 if is_set else 16
    return picture


def number_in(picture: np.ndarray) -> int:
    """The number in a grey picture of any size whose upper half holds the bars."""
    height, width = picture.shape
    line = picture[height // 4]
    bits = [line[int((bit + 0.5) * width / BITS)] > 127 for bit in range(BITS)]
    return sum(1 << (BITS - 1 - bit) for bit, is_set in enumerate(bits) if is_set)


def write_pair_reel(path: Path, frames: int, rate: Fraction = Fraction(30000, 1001), gop: int = 6) -> Path:
    """A pair reel that keeps the contract when the GOP is 6 at most: H.264, no B-frames, constant rate, faststart."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 2 * WIDTH, HEIGHT, "yuv420p"
        stream.options = {"crf": "12", "preset": "ultrafast",
                          "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes=0:ref=1"}
        _encode(container, stream, [np.hstack([side(n, LEFT_GREY), side(n, RIGHT_GREY)]) for n in range(frames)], rate)
    return path


def write_lossless(path: Path, frames: int, grey: int, rate: Fraction = Fraction(30000, 1001)) -> Path:
    """A source or master in FFV1."""
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("ffv1", rate=rate)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        _encode(container, stream, [side(n, grey) for n in range(frames)], rate)
    return path


def _encode(container: av.container.OutputContainer, stream: av.video.stream.VideoStream, pictures: list[np.ndarray],
            rate: Fraction) -> None:
    stream.codec_context.time_base = 1 / rate
    for number, picture in enumerate(pictures):
        colourless = np.full((picture.shape[0] // 2, picture.shape[1]), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack([picture, colourless]), format="yuv420p")
        frame.pts, frame.time_base = number, 1 / rate
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
