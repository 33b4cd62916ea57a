"""Small real recordings, good ones and ones with one fault each."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

NTSC = Fraction(30000, 1001)


def record(path: Path, *, frames: int = 12, size: tuple[int, int] = (96, 64), rate: Fraction = NTSC, seed: int = 0,
           codec: str = "ffv1", pixel_format: str = "yuv444p", format: str | None = None, sound_seconds: float = 0.0,
           sound_layout: str = "stereo", first: int = 0, last: int | None = None, uneven: bool = False, black: int = 0,
           moving: bool = True, pixel_aspect: Fraction | None = None, timecode: str = "") -> Path:
    """A recording at `path`, of a wrapper that follows from its suffix unless `format` says another.

    first, last: the time stamps of the first and of the last frame, in frames; uneven: every other frame comes half a
    frame late; black: so many black frames at the beginning.
    """
    with av.open(str(path), "w", format=format) as container:
        picture = container.add_stream(codec, rate=rate)
        picture.width, picture.height, picture.pix_fmt = *size, pixel_format
        if timecode:
            picture.metadata["timecode"] = container.metadata["timecode"] = timecode
        ticks = 2 if uneven else 1
        picture.codec_context.time_base = 1 / (rate * ticks)
        if pixel_aspect:
            picture.codec_context.sample_aspect_ratio = pixel_aspect
        sound = container.add_stream("pcm_s16le", rate=48000, layout=sound_layout) if sound_seconds else None
        for number in range(frames):
            image = _image(number if moving else 0, size, seed, number < black)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pixel_format)
            stamp = last if last is not None and number == frames - 1 else number + first
            frame.pts = stamp * ticks + (number % 2 if uneven else 0)
            frame.time_base = picture.codec_context.time_base
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if sound is not None:
            container.mux(sound.encode(_tone(sound_seconds, sound_layout)))
            container.mux(sound.encode(None))
    return path


def label_group(path: Path, *, hours: int, minutes: int, seconds: int, pictures: int, drops: bool = False) -> Path:
    """Write a timecode into the first group of pictures of an MPEG-2 recording: 25 bits after its start code
    (ISO/IEC 13818-2, 6.2.2.6)."""
    content = bytearray(path.read_bytes())
    place = content.index(b"\0\0\1\xb8") + 4
    bits = drops << 24 | hours << 19 | minutes << 13 | 1 << 12 | seconds << 6 | pictures
    rest = int.from_bytes(content[place:place + 4], "big") & 0x7F
    content[place:place + 4] = (bits << 7 | rest).to_bytes(4, "big")
    path.write_bytes(content)
    return path


def sound_only(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        sound = container.add_stream("pcm_s16le", rate=48000, layout="stereo")
        container.mux(sound.encode(_tone(0.5)))
        container.mux(sound.encode(None))
    return path


def _image(number: int, size: tuple[int, int], seed: int, is_black: bool) -> np.ndarray:
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    if not is_black:
        image[:] = np.random.default_rng(seed).integers(60, 200, (height, width, 3))
        image[:, (number * 3) % width] = 255
    return image


def _tone(seconds: float, layout: str = "stereo") -> av.AudioFrame:
    wave = (np.sin(np.arange(round(seconds * 48000)) * 0.05) * 12000).astype(np.int16)
    channels = av.AudioLayout(layout).nb_channels
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, channels)[None], format="s16", layout=layout)
    frame.sample_rate, frame.pts = 48000, 0
    return frame
