"""A before/after clip: a stretch of a version for people outside the house, original and restored in one H.264 file
that plays everywhere, with captions. Made from the source and the master themselves.

`wipe`: one picture, and a line that crosses it back and forth and rests at either side. `side_by_side`: both beside
each other, each at its whole width.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from restoration.engine.compute.rising import rise
from restoration.engine.encoding import captions, muxing, pair_reel, pictures
from restoration.engine.encoding.captions import Captions
from restoration.engine.encoding.renditions import RenditionFacts, read_facts
from restoration.engine.errors import EncodingError, SettingsError, SourceError, gettext_noop
from restoration.engine.facts import SourceFacts
from restoration.engine.media.whole import written_whole
from restoration.engine.moments import Moments
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never
from restoration.engine.settings import Settings

Style = Literal["wipe", "side_by_side"]
# A side is never larger than that; two of them are as wide as what players decode.
MOST_LINES, WIDEST_SIDE = 1080, 1920
# Seconds that the line rests at a side and takes to the other; a clip stretches them so that it ends at rest.
REST, CROSSING = 1.5, 2.5
# The line is twice so wide; even, so that it begins where a sample of chroma does.
HALF_LINE, LINE_LUMA, NEUTRAL = 2, 210, 128


@dataclass(frozen=True, slots=True)
class Span:
    """The master's frames start..end-1 of a version whose master begins with source frame `first_frame`."""

    start: int
    end: int
    first_frame: int = 0

    @property
    def count(self) -> int:
        return self.end - self.start


def render(source: Path, master: Path, target: Path, *, facts: SourceFacts, settings: Settings, style: Style,
           span: Span, captions: Captions, report: Report = ignore, is_cancelled: IsCancelled = never,
           ) -> RenditionFacts:
    """Write the clip, with the recording's own sound; memory does not grow with its length.

    Raises SettingsError for a span of no frames, an unknown style, or signs that no font here has; SourceError when the
    master has no picture; EncodingError where source or master lack frames of the span; DiskFullError; Cancelled. After
    each of them no file is left.
    """
    if not 0 <= span.start < span.end:
        raise SettingsError(gettext_noop("A clip from frame {start} to {end} has no frames."), start=span.start,
                            end=span.end)
    if style not in get_args(Style):
        raise SettingsError(gettext_noop("There is no style “{style}”."), style=style)
    with written_whole(target) as partial:
        _encode(source, master, partial, facts, settings, style, span, captions, report, is_cancelled)
        made = read_facts(partial)
        if (made.frames, made.first_pts) != (span.count, 0):
            raise EncodingError(gettext_noop("The clip has {made} of {asked} frames: source or master end before."),
                                made=made.frames, asked=span.count)
    return made


def _encode(source: Path, master: Path, partial: Path, facts: SourceFacts, settings: Settings, style: Style, span: Span,
            words: Captions, report: Report, is_cancelled: IsCancelled) -> None:
    with ExitStack() as opened:
        file, stream = _opened(opened, master)
        rate = 1 / pictures.time_base(stream)
        width, height = side_of(stream)
        drawing = Drawing(style, width, height, words, span.count, rate)
        container = opened.enter_context(av.open(str(partial), "w", format="mp4",
                                                 options={"movflags": "+faststart", "write_tmcd": "0"}))
        muxer = _muxer(opened, container, source, facts, settings, span, rate, drawing)
        left = pair_reel.original(source, facts, settings, width, height, span.first_frame,
                                  range(span.start, span.end))
        right = pair_reel.restored(file, stream, width, height, span.start)
        for number, pair in enumerate(zip(left, right, strict=False)):
            check(is_cancelled)
            muxer.write(drawing.of(number, *pair))
            report(Progress("render", muxer.frames, span.count))
        muxer.finish()


def _opened(opened: ExitStack, master: Path) -> tuple[InputContainer, VideoStream]:
    file = opened.enter_context(av.open(str(master)))
    if not file.streams.video:
        raise SourceError(gettext_noop("“{name}” has no picture."), name=master.name)
    return file, file.streams.video[0]


def side_of(stream: VideoStream) -> tuple[int, int]:
    """Width and height of one side of a master's clip: its own in square pixels, or less where it has more lines than
    a clip takes."""
    context = stream.codec_context
    return pair_reel.side_raster(context.width, context.height, Fraction(stream.sample_aspect_ratio or 1),
                                 min(MOST_LINES, context.height), WIDEST_SIDE)


def _muxer(opened: ExitStack, container: OutputContainer, source: Path, facts: SourceFacts, settings: Settings,
           span: Span, rate: Fraction, drawing: "Drawing") -> muxing.Muxer:
    picture = muxing.picture_stream(container, "libx264", rate, drawing.width, drawing.height, "yuv420p",
                                    colour=(1, 1, 1, pictures.LIMITED), options=_h264(rate))
    picture.codec_context.sample_aspect_ratio = Fraction(1)
    moments = Moments.of(settings.fields, settings.retime)
    zero = facts.first_pts + moments.time(moments.first(span.first_frame) + span.start) / facts.rate
    return muxing.Muxer(container, picture, rate,
                        pair_reel.sound(opened, container, source, facts, zero, span.count / rate))


def _h264(rate: Fraction) -> dict[str, str]:
    """A key frame every second, so that a player can be dragged through it."""
    return {"profile": "high", "preset": "fast", "crf": "16", "x264-params": f"keyint={round(rate)}:open-gop=0"}


class Drawing:
    """How a clip's pictures are put together: what goes where, and the words on it."""

    def __init__(self, style: Style, width: int, height: int, words: Captions, frames: int, rate: Fraction) -> None:
        is_apart = style == "side_by_side"
        self.side, self.width, self.height = width, 2 * width if is_apart else width, height
        self._is_apart, self._frames, self._rate = is_apart, frames, rate
        self._names = captions.names(words, width, height, apart=is_apart)
        self._foot = captions.foot(words, width, height, apart=is_apart)

    def of(self, number: int, left: VideoFrame, right: VideoFrame) -> VideoFrame:
        """The clip's picture of that number, from both sides of one raster in 8-bit 4:2:0."""
        seam = self.seam(number)
        picture = pair_reel.beside(left, right) if self._is_apart else _joined(left, right, seam)
        planes = pictures.planes_of(picture)
        for name, columns in zip(self._names, (range(seam), range(seam, self.width)), strict=True):
            if name:
                name.put_on(planes, columns)
        if 0 < seam < self.width:
            _draw_line(planes, seam)
        if self._foot:
            self._foot.put_on(planes, range(self.width))
        return picture

    def seam(self, number: int) -> int:
        """The column where the restored side begins, an even number."""
        if self._is_apart:
            return self.side
        return 2 * round(share_of_original(number, self._frames, self._rate) * self.side / 2)


def share_of_original(number: int, frames: int, rate: Fraction) -> float:
    """How much of the picture's width shows the original in frame `number` of a clip of so many: all of it at first.

    The line crosses as often as there is time for, at least once, slowing down before it rests.
    """
    seconds = float(frames / rate)
    crossings = max(1, int((seconds - REST) // (REST + CROSSING)))
    stretched = seconds / (crossings * (REST + CROSSING) + REST)
    crossing, within = divmod(float(number / rate) / stretched, REST + CROSSING)
    gone = rise((within - REST) / CROSSING)
    return gone if int(crossing) % 2 else 1 - gone


def _joined(left: VideoFrame, right: VideoFrame, seam: int) -> VideoFrame:
    """One picture: `left` up to that column, `right` from it on."""
    whole = VideoFrame(left.width, left.height, "yuv420p")
    for number, (into, one, other) in enumerate(zip(*map(pictures.planes_of, (whole, left, right)), strict=True)):
        column = seam // 2 if number else seam
        into[:, :column] = one[:, :column]
        into[:, column:] = other[:, column:]
    return pictures.as_bt709(whole)


def _draw_line(planes: captions.Planes, seam: int) -> None:
    for number, plane in enumerate(planes):
        step = 2 if number else 1
        plane[:, max(0, (seam - HALF_LINE) // step):(seam + HALF_LINE) // step] = NEUTRAL if number else LINE_LUMA
