"""Small clips whose truth is known: made, damaged in one known way each, and written as real files.

A clip is a float32 tensor [T, 3, H, W] on the scale of Frame.planes: Y' 0..1, Cb and Cr -0.5..0.5. Sizes are
(width, height), as one says them. Everything is the same on every run: what is random has a seed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import pi
from pathlib import Path

import av
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

NTSC = Fraction(30000, 1001)
FIELDS = Fraction(60000, 1001)


# Scenes ---------------------------------------------------------------------------------------------------------------


def scene(frames: int, size: tuple[int, int] = (96, 64), seed: int = 0, *, speed: tuple[float, float] = (1.3, 0.4),
          flat: float = 0.0, brightness: float = 0.5, rate: float = 1.0) -> Tensor:
    """A textured background and four discs, each with its own sub-pixel motion, true at any moment.

    speed is the background's, in pixels per frame; rate > 1 makes more moments of the same motion (2.5 makes 59.94
    moments of a 24 film); flat is the share of the picture, at the left, that is a standing even wall.
    """
    return torch.stack([moment(number / rate, size, seed, speed=speed, flat=flat, brightness=brightness)
                        for number in range(frames)])


def moment(time: float, size: tuple[int, int] = (96, 64), seed: int = 0, *, speed: tuple[float, float] = (1.3, 0.4),
           flat: float = 0.0, brightness: float = 0.5) -> Tensor:
    """The scene at one moment, counted in frames: planes [3, H, W]."""
    width, height = size
    dice = np.random.default_rng(seed)
    y, x = torch.meshgrid(torch.arange(height, dtype=torch.float32), torch.arange(width, dtype=torch.float32),
                          indexing="ij")
    planes = _texture(x - speed[0] * time, y - speed[1] * time, dice, brightness)
    for _ in range(4):
        planes = _with_disc(planes, x, y, time, dice)
    if flat:
        wall = torch.tensor([brightness, *dice.uniform(-0.1, 0.1, 2)], dtype=torch.float32)[:, None, None]
        planes = torch.where(x < flat * width, wall, planes)
    return planes


def _texture(x: Tensor, y: Tensor, dice: np.random.Generator, brightness: float) -> Tensor:
    """Waves of up to a quarter cycle per pixel in luma, slow ones in colour."""
    luma = torch.full_like(x, brightness)
    for _ in range(16):
        fx, fy = dice.uniform(-0.25, 0.25, 2)
        strength = 0.2 * brightness * dice.uniform(0.3, 1) / (1 + 12 * np.hypot(fx, fy))
        luma = luma + strength * torch.cos(2 * pi * (fx * x + fy * y) + dice.uniform(0, 2 * pi))
    colour = [dice.uniform(-0.08, 0.08) + 0.06 * torch.cos(0.05 * x * dice.uniform(-1, 1)
                                                          + 0.05 * y * dice.uniform(-1, 1) + dice.uniform(0, 2 * pi))
              for _ in range(2)]
    return torch.stack([luma, *colour])


def _with_disc(planes: Tensor, x: Tensor, y: Tensor, time: float, dice: np.random.Generator) -> Tensor:
    height, width = x.shape
    place, step = dice.uniform(0.15, 0.85, 2) * (width, height), dice.uniform(-2, 2, 2)
    radius = dice.uniform(0.08, 0.2) * height
    look = torch.tensor([dice.uniform(0.05, 0.95), *dice.uniform(-0.25, 0.25, 2)], dtype=torch.float32)[:, None, None]
    middle = [_bounce(start + speed * time, limit)
              for start, speed, limit in zip(place, step, (width, height), strict=True)]
    inside = (radius - torch.hypot(x - middle[0], y - middle[1]) + 0.5).clamp(0, 1)
    return planes + inside * (look - planes)


def _bounce(position: float, limit: float) -> float:
    """There and back between 0 and limit."""
    return float(limit - abs(position % (2 * limit) - limit))


def even(frames: int, size: tuple[int, int] = (96, 64), luma: float = 0.0) -> Tensor:
    """One even grey; black by default."""
    clip = torch.zeros(frames, 3, size[1], size[0])
    clip[:, 0] = luma
    return clip


# Frame numbers in the picture -----------------------------------------------------------------------------------------


def numbered(clip: Tensor, first: int = 0) -> Tensor:
    """The clip with each frame's number as a 16-bit barcode along the top, readable after any sane restoration."""
    marked, cell = clip.clone(), clip.shape[-1] / 16
    tall = max(4, clip.shape[-2] // 8)
    for index in range(len(clip)):
        for bit in range(16):
            stripe = marked[index, :, :tall, round(bit * cell):round((bit + 1) * cell)]
            stripe[0] = 0.9 if (first + index) >> (15 - bit) & 1 else 0.1
            stripe[1:] = 0
    return marked


def number_of(planes: Tensor) -> int:
    """The barcode's number in planes [3, H, W] of any size."""
    height, width = planes.shape[-2:]
    cell, tall = width / 16, max(4, height // 8)
    middle = planes[0, tall // 4:max(tall // 4 + 1, tall * 3 // 4)].mean(0)
    bits = [middle[round((bit + 0.3) * cell):max(round((bit + 0.7) * cell), round((bit + 0.3) * cell) + 1)].mean() > 0.5
            for bit in range(16)]
    return sum(int(is_set) << (15 - bit) for bit, is_set in enumerate(bits))


# Fields ---------------------------------------------------------------------------------------------------------------


def interlace(moments: Tensor, order: str = "tff") -> Tensor:
    """Two moments to a frame: [2T, 3, H, W] at the fields' rate becomes [T, 3, H, W]."""
    first, second = moments[0::2], moments[1::2]
    first = first[:len(second)]
    frames = second.clone()
    parity = 0 if order == "tff" else 1
    frames[:, :, parity::2] = first[:, :, parity::2]
    return frames


def telecine(film: Tensor, order: str = "tff", *, breaks: Iterable[int] = (), phase: int = 0) -> Tensor:
    """2:3 pulldown: four film frames become five. At each film frame number in breaks the cadence starts anew, as it
    does where a tape was edited. phase: how many fields of the cadence had passed when the tape began."""
    fields: list[tuple[int, int]] = []
    start, phase_from = 0, set(breaks)
    for number in range(len(film)):
        if number in phase_from:
            start = number
            fields = fields[:len(fields) // 2 * 2]
        fields += [(number, 0)] * (2 + (number - start) % 2)
    fields = fields[phase:]
    first = 0 if order == "tff" else 1
    frames = []
    for one, two in zip(fields[0::2], fields[1::2], strict=False):
        frame = film[two[0]].clone()
        frame[:, first::2] = film[one[0]][:, first::2]
        frames.append(frame)
    return torch.stack(frames)


# A turned camera ------------------------------------------------------------------------------------------------------


def lying(clip: Tensor, turned: int, *, is_mirrored: bool = False) -> Tensor:
    """What a camera codes that asks players to turn it by so many degrees anticlockwise, and then, where it
    `is_mirrored`, to exchange left and right, for the clip to be seen."""
    return (clip.flip(-1) if is_mirrored else clip).rot90(-turned // 90, (-2, -1))


# Shots and light ------------------------------------------------------------------------------------------------------


def dissolve(one: Tensor, two: Tensor, length: int) -> Tensor:
    """one, then two, the last `length` frames of one mixed with the first of two."""
    share = torch.linspace(0, 1, length + 2)[1:-1, None, None, None]
    return torch.cat([one[:-length], one[-length:] * (1 - share) + two[:length] * share, two[length:]])


def fade_out(clip: Tensor, length: int) -> Tensor:
    """The last `length` frames sink into black."""
    return _scaled(clip, len(clip) - length, torch.linspace(1, 0, length + 1)[1:])


def fade_in(clip: Tensor, length: int) -> Tensor:
    """The first `length` frames rise from black."""
    return _scaled(clip, 0, torch.linspace(0, 1, length + 1)[:-1])


def _scaled(clip: Tensor, start: int, gains: Tensor) -> Tensor:
    changed = clip.clone()
    changed[start:start + len(gains)] *= gains[:, None, None, None]
    return changed


def flash(clip: Tensor, at: int, frames: int = 1, *, gain: float = 2.0, lift: float = 0.35) -> Tensor:
    """A photo flash: for some frames everything is brighter, up to white."""
    changed = clip.clone()
    lit = changed[at:at + frames]
    lit[:, 0] = (lit[:, 0] * gain + lift).clamp(0, 1)
    lit[:, 1:] *= 1 - lift
    return changed


def strobe(clip: Tensor, at: int, frames: int, period: int = 3) -> Tensor:
    """Flashes again and again, one frame in each period."""
    for number in range(at, at + frames, period):
        clip = flash(clip, number)
    return clip


def wash(clip: Tensor, at: int, colour: tuple[float, float] = (0.25, -0.2), gain: float = 0.6,
         length: int = 1) -> Tensor:
    """The stage light turns to another colour within `length` frames and stays there."""
    share = ((torch.arange(len(clip)) - at + 1) / length).clamp(0, 1)[:, None, None]
    changed = clip.clone()
    changed[:, 0] *= 1 - share * (1 - gain)
    for plane, offset in zip((1, 2), colour, strict=True):
        tinted = changed[:, plane] * (1 - share * 0.5) + share * offset * changed[:, 0] * 2
        changed[:, plane] = tinted.clamp(-0.5, 0.5)
    return changed


def whip_pan(frames: int, size: tuple[int, int] = (96, 64), seed: int = 0, *, pan: int = 6,
             speed: float = 0.25) -> Tensor:
    """A camera torn round in the middle of the clip: for `pan` frames it moves by `speed` of the width per frame, and
    the shutter smears what it sees."""
    width = size[0]
    wide = torch.cat([moment(0, size, seed + part, speed=(0, 0)) for part in range(2 + int(pan * speed))], dim=-1)
    start, place, clip = (frames - pan) // 2, 0.0, []
    for number in range(frames):
        step = speed * width if start <= number < start + pan else 0.4
        exposure = [_crop(wide, place + step * part / 8, width) for part in range(4)]
        clip.append(torch.stack(exposure).mean(0))
        place = min(place + step, wide.shape[-1] - width - 1.0)
    return torch.stack(clip)


def _crop(wide: Tensor, left: float, width: int) -> Tensor:
    whole = min(int(left), wide.shape[-1] - width - 1)
    share = left - whole
    return wide[..., whole:whole + width] * (1 - share) + wide[..., whole + 1:whole + 1 + width] * share


# Noise ----------------------------------------------------------------------------------------------------------------


def noisy(clip: Tensor, luma: float | Callable[[Tensor], Tensor], chroma: float = 0.0, *, seed: int = 0,
          coarse: int = 1) -> Tensor:
    """Gaussian noise of a known standard deviation on the 0..1 scale; luma may be a function of the luma plane.
    coarse > 1 makes clumps of that many pixels, as grain does, at the same standard deviation."""
    dice = torch.Generator().manual_seed(seed)
    changed = clip.clone()
    sigma = luma(clip[:, 0]) if callable(luma) else luma
    changed[:, 0] += sigma * _clumps(clip[:, 0].shape, dice, coarse)
    for plane in (1, 2):
        changed[:, plane] += chroma * _clumps(clip[:, plane].shape, dice, coarse)
    return changed


def _clumps(shape: torch.Size, dice: torch.Generator, coarse: int) -> Tensor:
    noise = torch.randn(shape, generator=dice)
    if coarse == 1:
        return noise
    small = avg_pool2d(noise[:, None], 3, 1, 1) if coarse == 2 else interpolate(
        noise[:, None, ::coarse, ::coarse], size=shape[-2:], mode="bilinear")
    return small[:, 0] / small.std()


# Files ----------------------------------------------------------------------------------------------------------------

CODECS = {".mkv": ("ffv1", "pcm_s16le"), ".mov": ("prores_ks", "pcm_s16le"), ".mp4": ("libx264", "aac"),
          ".mpg": ("mpeg2video", "mp2"), ".ts": ("mpeg2video", "mp2"), ".avi": ("ffv1", "pcm_s16le")}


@dataclass(frozen=True)
class Sound:
    """A 440 Hz tone, which begins `late` seconds after the picture."""

    seconds: float
    late: float = 0.0
    rate: int = 48000


def write(path: Path, clip: Tensor, rate: Fraction = Fraction(25), *, codec: str | None = None,
          pixel_format: str = "yuv420p", fields: str | None = None, pixel_aspect: Fraction = Fraction(1),
          timecode: str | None = None, first_pts: int = 0, ticks: Sequence[int] | None = None,
          sound: Sound | None = None, options: dict[str, str] | None = None, turned: float = 0,
          is_mirrored: bool = False) -> Path:
    """The clip as a real file: FFV1 in .mkv, ProRes in .mov, MPEG-2 in .mpg and .ts, H.264 in .mp4, unless told
    otherwise.

    fields: "tff" or "bff" when each frame carries two moments; it is flagged so and its colour is halved field by
    field. first_pts: the first frame's time in frames. ticks: each frame's time in frames, where they are not even.
    turned, is_mirrored: by how many degrees anticlockwise players are asked to turn it, and whether to exchange left
    and right then.
    """
    video_codec, sound_codec = CODECS[path.suffix]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec or video_codec, rate=rate, options=options or {})
        stream.width, stream.height, stream.pix_fmt = clip.shape[-1], clip.shape[-2], pixel_format
        stream.time_base = 1 / rate
        stream.codec_context.time_base = 1 / rate
        stream.codec_context.sample_aspect_ratio = pixel_aspect
        if turned or is_mirrored:
            stream.set_display_rotation(turned, hflip=is_mirrored)
        if stream.codec_context.name == "mpeg2video":
            stream.bit_rate = 8_000_000
        if fields:
            stream.options = {**(options or {}), "flags": "+ildct+ilme",
                              "field_order": "tt" if fields == "tff" else "bb", "top": "1" if fields == "tff" else "0"}
        if timecode:
            stream.metadata["timecode"] = timecode
        voice = container.add_stream(sound_codec, rate=sound.rate) if sound else None
        for index, planes in enumerate(clip):
            frame = picture(planes, pixel_format, fields=bool(fields))
            frame.time_base, frame.pts = 1 / rate, first_pts + (ticks[index] if ticks else index)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound and voice:
            for tone in _tone(sound):
                container.mux(voice.encode(tone))
            container.mux(voice.encode())
    return path


def picture(planes: Tensor, pixel_format: str = "yuv420p", *, fields: bool = False) -> av.VideoFrame:
    """One frame as FFmpeg holds it, in limited range, 8 or 10 bits."""
    deep = pixel_format.endswith("10le")
    frame = av.VideoFrame(planes.shape[-1], planes.shape[-2], pixel_format)
    luma, chroma = planes[0] * 219 + 16, planes[1:] * 224 + 128
    for plane, values in zip(frame.planes, (luma, *_halved(chroma, pixel_format, fields)), strict=True):
        levels = (values * (4 if deep else 1)).round().clamp(0, 1023 if deep else 255).numpy()
        rows = np.zeros((plane.height, plane.line_size // (2 if deep else 1)), np.uint16 if deep else np.uint8)
        rows[:, :plane.width] = levels
        plane.update(rows.tobytes())
    return frame


def _halved(chroma: Tensor, pixel_format: str, fields: bool) -> Tensor:
    if "444" in pixel_format:
        return chroma
    if "422" in pixel_format:
        return avg_pool2d(chroma, (1, 2), ceil_mode=True)
    if not fields:
        return avg_pool2d(chroma, 2, ceil_mode=True)
    halves = [avg_pool2d(chroma[:, parity::2], 2, ceil_mode=True) for parity in (0, 1)]
    small = torch.zeros(2, halves[0].shape[1] + halves[1].shape[1], halves[0].shape[2])
    small[:, 0::2], small[:, 1::2] = halves
    return small


def _tone(sound: Sound) -> Iterable[av.AudioFrame]:
    total = int(sound.seconds * sound.rate)
    for start in range(0, total, 1024):
        time = np.arange(start, min(start + 1024, total)) / sound.rate
        samples = (np.sin(2 * pi * 440 * time) * 12000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.rate, frame.time_base = sound.rate, Fraction(1, sound.rate)
        frame.pts = start + int(sound.late * sound.rate)
        yield frame


def luma_of(path: Path, limit: int | None = None) -> Iterable[Tensor]:
    """The luma planes of a file, 0..1 [H, W], decoded without any of our own reading."""
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if limit is not None and index >= limit:
                return
            yield (torch.from_numpy(frame.reformat(format="yuv444p").to_ndarray()[0].copy()).float() - 16) / 219
