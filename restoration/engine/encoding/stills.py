"""Exact stills: one frame of a file as a lossless 8-bit PNG, BT.709, in full range RGB. Light: no torch."""

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from restoration.engine.encoding import pictures
from restoration.engine.errors import SourceError, gettext_noop
from restoration.engine.facts import SourceFacts
from restoration.engine.media.raster import columns_in_master
from restoration.engine.media.reader import read_pictures
from restoration.engine.settings import Settings

Size = tuple[int, int]


def still_of_master(master: Path, frame: int, *, size: Size | None = None) -> bytes:
    """Frame number `frame` of a master or of any file of constant rate, at its own raster in square pixels or at `size`
    (width, height). Raises SourceError when there is no such frame."""
    with av.open(str(master)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        shape = Fraction(context.width) * Fraction(stream.sample_aspect_ratio or 1)
        width, height = size or (round(shape), context.height)
        filters = [*pictures.of_stream(stream), *as_rgb(width, height)]
        for picture in pictures.filtered(_alone(container, stream, frame), filters):
            return png(picture)
    raise SourceError(gettext_noop("“{name}” has no frame {frame}."), name=master.name, frame=frame)


def still_of_source(source: Path, frame: int, *, facts: SourceFacts, settings: Settings, first_frame: int = 0,
                    size: Size | None = None) -> bytes:
    """What the source shows at the moment of the restored frame `frame`: deinterlaced for display where the version
    made frames of fields, else as it is. Raises SourceError when there is no such frame."""
    place = pictures.shown_by(facts, settings, first_frame, frame + 1)[frame:] if frame >= 0 else []
    if not place:
        raise SourceError(gettext_noop("“{name}” has no frame {frame}."), name=source.name, frame=frame)
    each = pictures.moments_shown(settings)
    number = place[0] // each
    lead = min(number, 2) if each == 2 else 0
    shown = read_pictures(source, facts, number - lead, min(number + 1 + 2 * (each - 1), facts.frames))
    numbered = (_at(item.picture, index, facts.rate) for index, item in enumerate(shown))
    _, columns = columns_in_master(facts.width, facts.height, facts.pixel_aspect, settings)
    width, height = size or (round(columns * (facts.pixel_aspect or 1)), facts.height)
    filters = [*pictures.of_original(facts, settings), *as_rgb(width, height)]
    for index, picture in enumerate(pictures.filtered(numbered, filters), start=each * (number - lead)):
        if index == place[0]:
            return png(picture)
    raise SourceError(gettext_noop("“{name}” has no frame {frame}."), name=source.name, frame=frame)


def _at(picture: VideoFrame, number: int, rate: Fraction) -> VideoFrame:
    picture.pts, picture.time_base = number, 1 / rate
    return picture


def as_rgb(width: int, height: int) -> list[pictures.Filter]:
    """What makes BT.709 pictures RGB of full range at that size."""
    return [("scale", f"{width}:{height}:flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
                      ":in_color_matrix=bt709:in_range=tv:out_range=pc"), ("format", "rgb24")]


def _alone(container: av.container.InputContainer, stream: av.video.stream.VideoStream, frame: int,
           ) -> Iterator[VideoFrame]:
    """The picture of that number, or none."""
    stream.thread_type = "SLICE"
    for picture in pictures.decoded_from(container, stream, frame):
        if picture.pts == frame:
            yield picture
        return


def png(picture: VideoFrame, level: int = 3) -> bytes:
    written = io.BytesIO()
    picture.to_image().save(written, "PNG", compress_level=level)
    return written.getvalue()
