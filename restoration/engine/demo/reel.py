"""The tape that a new archive starts with: a concert, recorded as 480i and worn, as a file like any digitised tape."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import torch
from av.container import OutputContainer
from torch import Tensor

from restoration.engine.ageing import composite
from restoration.engine.demo import sound
from restoration.engine.demo.show import Show
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.media.samples import picture_of as of_codes
from restoration.engine.media.whole import written_whole
from restoration.engine.progress import Progress, Report, ignore

RATE = Fraction(30000, 1001)
FIELD_ORDER = "bff"
TIMECODE = "01:00:00;00"
SMPTE_C = (6, 6, 6, 1)  # primaries, transfer, matrix, limited range, as FFmpeg counts them


def render_tape(target: Path, *, seconds: float = 4, seed: int = 7, clean: Path | None = None,
                report: Report = ignore) -> Path:
    """Write the tape as ProRes 422 HQ in MOV: 720×480, pixels 10:11, interlaced bottom field first at 30000/1001, sound
    as 16-bit PCM, start timecode 01:00:00;00. `clean` gets the truth, every moment whole at 60000/1001 in FFV1.

    Raises SettingsError for less than one frame, another kind of file or a missing folder; DiskFullError.
    The same seed gives the same tape.
    """
    frames = round(seconds * RATE)
    if frames < 1:
        raise SettingsError(gettext_noop("A tape of {seconds} seconds has no frame. Ask for one second or more."),
                            seconds=seconds)
    moments = _moments(Show.of(seconds, seed), frames, report)
    for path in filter(None, (target, clean)):
        _check_place(path, ".mov" if path == target else ".mkv")
    if clean is not None:
        # The clean truth is kept while the tape is made: the concert is drawn once.
        with written_whole(clean) as partial:
            moments = iter(_kept(moments, partial))
            _write_tape(target, moments, seconds, seed)
    else:
        _write_tape(target, moments, seconds, seed)
    return target


def _check_place(path: Path, suffix: str) -> None:
    if path.suffix.lower() != suffix:
        raise SettingsError(gettext_noop("“{name}” cannot be written: give it a name that ends in {suffix}."),
                            name=path.name, suffix=suffix)
    if not path.parent.is_dir():
        raise SettingsError(gettext_noop("“{name}” cannot be written: its folder is not there. Make the folder first."),
                            name=str(path))


def _moments(show: Show, frames: int, report: Report) -> Iterator[Tensor]:
    for number, moment in enumerate(_drawn_ahead(show, 2 * frames)):
        yield moment
        if number % 2:
            report(Progress("render", number // 2 + 1, frames))


def _drawn_ahead(show: Show, count: int) -> Iterator[Tensor]:
    """The moments in order, a few of them drawn at once: small shapes gain nothing from threads within one picture,
    and on a busy machine those threads wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            waiting: deque[Future[Tensor]] = deque()
            for number in range(count):
                waiting.append(pool.submit(_moment, show, number))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    finally:
        torch.set_num_threads(threads)


def _moment(show: Show, number: int) -> Tensor:
    torch.set_num_threads(1)
    return show.moment(float(number / (2 * RATE)))


def _write_tape(target: Path, moments: Iterator[Tensor], seconds: float, seed: int) -> None:
    dice = torch.Generator().manual_seed(seed)
    with written_whole(target) as partial, av.open(str(partial), "w", format="mov") as container:
        picture = _picture_stream(container, "prores_ks", RATE, "yuv422p10le",
                                  {"profile": "3", "vendor": "apl0", "flags": "+ildct+ilme", "field_order": "bb"})
        container.metadata["timecode"] = TIMECODE
        voice: Any = container.add_stream("pcm_s16le", rate=sound.RATE, layout="stereo")
        samples, heard = sound.concert(seconds, seed), 0
        early, late = (0, 1) if FIELD_ORDER == "tff" else (1, 0)
        for number, (first, second) in enumerate(zip(moments, moments, strict=True)):
            fields = [composite.play(composite.field_of(moment, parity), 2 * number + place, composite.TAPE, dice)
                      for place, (moment, parity) in enumerate(((first, early), (second, late)))]
            frame = picture_of(composite.interlace(fields[0], fields[1], FIELD_ORDER))
            frame.pts, frame.time_base = number, 1 / RATE
            container.mux(picture.encode(frame))
            until = min(samples.shape[1], round((number + 1) / RATE * sound.RATE))
            container.mux(voice.encode(_heard(samples[:, heard:until], heard)))
            heard = until
        container.mux(picture.encode(None))
        container.mux(voice.encode(None))


def _kept(moments: Iterator[Tensor], clean: Path) -> Iterator[Tensor]:
    """Hand the moments on, and write each to the clean file on its way."""
    with av.open(str(clean), "w", format="matroska") as container:
        stream = _picture_stream(container, "ffv1", 2 * RATE, "yuv422p10le", {})
        for number, moment in enumerate(moments):
            frame = picture_of(moment)
            frame.pts, frame.time_base = number, 1 / (2 * RATE)
            container.mux(stream.encode(frame))
            yield moment
        container.mux(stream.encode(None))


def _picture_stream(container: OutputContainer, codec: str, rate: Fraction, pixel_format: str,
                    options: dict[str, str]) -> Any:
    stream: Any = container.add_stream(codec, rate=rate, options=options)
    stream.width, stream.height, stream.pix_fmt = 720, 480, pixel_format
    context = stream.codec_context
    context.time_base = 1 / rate
    context.sample_aspect_ratio = Fraction(10, 11)
    context.color_primaries, context.color_trc, context.colorspace, context.color_range = SMPTE_C
    return stream


def picture_of(planes: Tensor) -> av.VideoFrame:
    """Y'CbCr planes [3, H, W] as a 10-bit 4:2:2 picture in limited range."""
    luma = 64 + 876 * planes[0]
    chroma = 512 + 896 * torch.nn.functional.avg_pool2d(planes[1:], (1, 2))
    picture = of_codes([values.round().clamp(4, 1019).numpy() for values in (luma, *chroma)], "yuv422p10le")
    picture.color_primaries, picture.color_trc, picture.colorspace, picture.color_range = SMPTE_C
    return picture


def _heard(samples: np.ndarray, start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T.reshape(1, -1)), format="s16", layout="stereo")
    frame.rate, frame.pts, frame.time_base = sound.RATE, start, Fraction(1, sound.RATE)
    return frame
