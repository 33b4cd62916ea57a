"""The pair reel: original | restored side by side in one H.264 file, so that no player can put them out of step."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from itertools import repeat
from pathlib import Path

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from restoration.engine.encoding import muxing, pictures, soundtrack
from restoration.engine.encoding.contract import Contract, check_contract
from restoration.engine.errors import EncodingError, SourceError, gettext_noop
from restoration.engine.facts import Facts, Ratio, SourceFacts
from restoration.engine.media.reader import read_pictures
from restoration.engine.media.whole import written_whole
from restoration.engine.moments import FrameMap, Moments, frame_map_of
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never
from restoration.engine.settings import Settings

SIDE_HEIGHT = 720
WIDEST_SIDE = 2048
GOP = 6
# Sound that begins so many seconds into a recording is sought, and decoded from a little before it.
FAR, RUN_UP = 20, 4


class PairReelFacts(Facts):
    """The contract of one pair reel. `frame_map`: how the restored frames lie in the source's time (engine/moments.py),
    of which the first is the first that begins with source frame `first_frame` or after it: restored frame k shows
    source frame `first_frame + k` (identity) or `first_frame + k // 2` (fields, double), or film spread over fields.
    Each side is `side_width` × `side_height`, the original on the left."""

    rate: Ratio
    frames: int
    side_width: int
    side_height: int
    frame_map: FrameMap
    first_frame: int = 0
    has_sound: bool = False


def render(source: Path, master: Path, target: Path, *, facts: SourceFacts, settings: Settings, first_frame: int = 0,
           side_height: int = SIDE_HEIGHT, report: Report = ignore, is_cancelled: IsCancelled = never) -> PairReelFacts:
    """Write the pair reel of `master`, made from `source` from source frame `first_frame` on.

    Raises EncodingError, with nothing left behind, naming each clause of the contract that the file breaks;
    SourceError when the master has no picture; DiskFullError; Cancelled.
    """
    with written_whole(target) as partial:
        made = _encode(source, master, partial, facts, settings, first_frame, side_height, report, is_cancelled)
        broken = check_contract(partial, Contract(made.frames, made.rate, made.side_width, made.side_height,
                                                  made.has_sound))
        if broken:
            raise EncodingError(gettext_noop("The pair reel does not keep its contract: {clauses}"),
                                clauses=" ".join(broken))
    return made


def _encode(source: Path, master: Path, partial: Path, facts: SourceFacts, settings: Settings, first_frame: int,
            side_height: int, report: Report, is_cancelled: IsCancelled) -> PairReelFacts:
    moments = Moments.of(settings.fields, settings.retime)
    with ExitStack() as opened:
        master_file = opened.enter_context(av.open(str(master)))
        if not master_file.streams.video:
            raise SourceError(gettext_noop("“{name}” has no picture."), name=master.name)
        stream = master_file.streams.video[0]
        rate = 1 / pictures.time_base(stream)
        total = _count(master)
        width, height = side_raster(stream.codec_context.width, stream.codec_context.height,
                                    Fraction(stream.sample_aspect_ratio or 1), side_height)
        container = opened.enter_context(av.open(str(partial), "w", format="mp4",
                                                 options={"movflags": "+faststart", "write_tmcd": "0"}))
        picture = muxing.picture_stream(container, "libx264", rate, 2 * width, height, "yuv420p",
                                        colour=(1, 1, 1, pictures.LIMITED), options=h264())
        zero = facts.first_pts + moments.time(moments.first(first_frame)) / facts.rate
        tracks = sound(opened, container, source, facts, zero, total / rate)
        muxer = muxing.Muxer(container, picture, rate, tracks)
        left = original(source, facts, settings, width, height, first_frame, range(total))
        right = restored(master_file, stream, width, height)
        for pair in zip(left, right, strict=False):
            check(is_cancelled)
            muxer.write(beside(*pair))
            report(Progress("render", muxer.frames, total))
        muxer.finish()
    if muxer.frames != total:
        raise EncodingError(gettext_noop("The master has {total} frames, but only {frames} of them have an original "
                                         "beside them."), total=total, frames=muxer.frames)
    return PairReelFacts(rate=rate, frames=total, side_width=width, side_height=height, first_frame=first_frame,
                         frame_map=frame_map_of(settings.fields, settings.retime), has_sound=bool(tracks))


def side_raster(width: int, height: int, pixel_aspect: Fraction, side_height: int = SIDE_HEIGHT,
                widest: int = WIDEST_SIDE) -> tuple[int, int]:
    """Width and height of one side in square pixels, both even, never wider than `widest`."""
    shape = Fraction(width, height) * (pixel_aspect or 1)
    if shape * side_height > widest:
        return widest, pictures.even(widest / shape)
    return pictures.even(shape * side_height), pictures.even(side_height)


def original(source: Path, facts: SourceFacts, settings: Settings, width: int, height: int, first_frame: int,
             frames: range) -> Iterator[VideoFrame]:
    """The source for display beside these frames of the master: only deinterlaced (where the version made frames of
    fields) and scaled by Lanczos. Beside a film frame stands the field that was on in the middle of its time, beside
    frames in between the frame that was on."""
    wanted = pictures.shown_by(facts, settings, first_frame, frames.stop)[frames.start:]
    if not wanted:
        return
    each = pictures.moments_shown(settings)
    lead = min(wanted[0] // each, 2) if each == 2 else 0
    start, last = wanted[0] // each - lead, wanted[-1] // each + each
    shown = read_pictures(source, facts, start, min(last, facts.frames))
    number = iter(range(start, facts.frames))
    numbered = (_at(item.picture, next(number), facts.rate) for item in shown)
    filters = [*pictures.of_original(facts, settings), *pictures.resized(width, height, "yuv420p")]
    asked = Counter(wanted)
    for index, picture in enumerate(pictures.filtered(numbered, filters), start=each * start):
        yield from repeat(picture, asked[index])


def _at(picture: VideoFrame, number: int, rate: Fraction) -> VideoFrame:
    picture.pts, picture.time_base = number, 1 / rate
    return picture


def restored(container: av.container.InputContainer, stream: VideoStream, width: int, height: int, first: int = 0,
             ) -> Iterator[VideoFrame]:
    """The master for display, from its frame number `first` on."""
    stream.thread_type = "AUTO"
    shown = pictures.decoded_from(container, stream, first) if first else pictures.decoded(container, stream)
    return pictures.filtered(shown, [*pictures.of_stream(stream), *pictures.resized(width, height, "yuv420p")])


def beside(left: VideoFrame, right: VideoFrame) -> VideoFrame:
    """Two yuv420p pictures of one raster in one, left | right, BT.709 limited."""
    pair = VideoFrame(left.width + right.width, left.height, "yuv420p")
    for whole, one, other in zip(*(pictures.planes_of(picture) for picture in (pair, left, right)), strict=True):
        whole[:, :one.shape[1]] = one
        whole[:, one.shape[1]:] = other
    return pictures.as_bt709(pair)


def h264() -> dict[str, str]:
    """x264's options for what is sought in all day: without CABAC a twentieth larger, and read in half the time."""
    return {"profile": "high", "preset": "veryfast", "crf": "17",
            "x264-params": f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:ref=1:open-gop=0:weightp=0:cabac=0"}


def _count(master: Path) -> int:
    with av.open(str(master)) as container:
        return sum(1 for packet in container.demux(container.streams.video[0]) if packet.size)


def sound(opened: ExitStack, container: av.container.OutputContainer, source: Path, facts: SourceFacts,
          zero: Fraction, duration: Fraction) -> list[muxing.Track]:
    """The recording's own sound from the moment `zero` of its file on (seconds), as a track to be fed; none where there
    is none."""
    heard = opened.enter_context(av.open(str(source)))
    if not heard.streams.audio:
        return []
    if facts.is_seekable and zero - facts.first_pts > FAR:
        heard.seek(int((zero - RUN_UP) * av.time_base))
    stream = container.add_stream("aac", rate=soundtrack.AAC_RATE, layout="stereo", bit_rate=256_000)
    return [muxing.Track(container, stream, soundtrack.stereo(heard, heard.streams.audio[0], zero=zero,
                                                              duration=duration))]
