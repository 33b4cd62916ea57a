"""A shot for two eyes: both views beside each other in one H.264 file that says so (frame packing arrangement, ISO/IEC
14496-10 D.2.26, type 3), left | right, each at its whole width."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import torch
from av.video.frame import VideoFrame

from restoration.engine.compute.device import device
from restoration.engine.compute.resample import resize
from restoration.engine.encoding import muxing, pictures
from restoration.engine.encoding.pair_reel import side_raster
from restoration.engine.enhancement.depth.stereo import two_views
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import SourceFacts
from restoration.engine.frames import Frame
from restoration.engine.media.reader import read
from restoration.engine.media.whole import written_whole
from restoration.engine.media.writer import PIXEL_FORMAT, to_picture
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never
from restoration.engine.stage import ShotContext

_FORMAT = "yuv420p"
_COUNTED = Fraction(1, 25)
_OPTIONS = {"profile": "high", "preset": "medium", "crf": "16", "x264-params": "frame-packing=3"}


def render(source: Path, target: Path, *, facts: SourceFacts, start: int, end: int, amount: float = 1.0,
           report: Report = ignore, is_cancelled: IsCancelled = never) -> int:
    """Write source frames start..end-1, which are of one shot, for two eyes; how many there are. Without sound.

    Raises SettingsError as `refuse` does; DiskFullError; Cancelled.
    """
    refuse(source, facts, start, end)
    width, height = side_raster(facts.width, facts.height, facts.pixel_aspect, facts.height)
    context = ShotContext(rate=facts.rate, pixel_aspect=facts.pixel_aspect)
    count = 0
    with (written_whole(target) as partial,
          av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as container):
        stream = muxing.picture_stream(container, "libx264", facts.rate, 2 * width, height, _FORMAT,
                                       colour=(1, 1, 1, pictures.LIMITED), options=_OPTIONS)
        muxer = muxing.Muxer(container, stream, facts.rate, [])
        pairs = _views(read(source, facts, start, end), context, amount)
        shown = (_picture(*pair, width, height, number) for number, pair in enumerate(pairs))
        # What `to_picture` writes is limited, whatever the source was.
        colour = replace(pictures.Colour.of_facts(facts), range="tv")
        filters = [*pictures.to_bt709(PIXEL_FORMAT, colour, (2 * width, height)),
                   ("format", _FORMAT)]
        for picture in pictures.filtered(shown, filters):
            check(is_cancelled)
            muxer.write(picture)
            count += 1
            report(Progress("render", count, end - start))
        muxer.finish()
    return count


def refuse(source: Path, facts: SourceFacts, start: int, end: int) -> None:
    """Raise SettingsError for frames that the source has not, or that hold two fields."""
    if not 0 <= start < end <= facts.frames:
        raise SettingsError(gettext_noop("There are no frames {start}:{end} in “{name}”, which has {frames}."),
                            start=start, end=end, name=source.name, frames=facts.frames)
    if facts.scan != "progressive":
        raise SettingsError(gettext_noop("“{name}” has two fields in a frame; views for two eyes are made from whole "
                                         "frames, such as a master's."), name=source.name)


@torch.no_grad()
def _views(frames: Iterator[Frame], context: ShotContext, amount: float) -> Iterator[tuple[Frame, Frame]]:
    here = (frame.with_planes(frame.planes.to(device())) for frame in frames)
    yield from two_views(here, context, amount)


def _picture(left: Frame, right: Frame, width: int, height: int, number: int) -> VideoFrame:
    """In the source's own colour, which the filters convert."""
    both = torch.cat([resize(each.planes, width, height).cpu() for each in (left, right)], -1)
    picture = to_picture(left.with_planes(both))
    picture.pts, picture.time_base = number, _COUNTED
    return picture
