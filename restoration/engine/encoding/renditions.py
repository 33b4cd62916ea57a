"""Renditions: files made from a master by a profile, checked by reading them again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from restoration.engine.encoding import muxing, pictures, profiles, soundtrack, wide_range
from restoration.engine.encoding.carried import Carried
from restoration.engine.encoding.film_grain import GivenBack
from restoration.engine.encoding.profiles import Profile
from restoration.engine.errors import EncodingError, SettingsError, SourceError, gettext_noop
from restoration.engine.facts import Facts, Ratio
from restoration.engine.media.whole import written_whole
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never


class RenditionFacts(Facts):
    """What a file holds, read from the file itself. Times in seconds; `sound` is each track's duration; `profile`
    names the recipe of a file that was rendered, "" else."""

    codec: str
    pixel_format: str
    width: int
    height: int
    rate: Ratio
    frames: int
    first_pts: Ratio
    has_constant_rate: bool
    sound: tuple[Ratio, ...] = ()
    timecode: str | None = None
    profile: str = ""


def render(profile: str, master: Path, target: Path, *, grain: Sequence[GivenBack] = (), report: Report = ignore,
           is_cancelled: IsCancelled = never) -> RenditionFacts:
    """Write `target` from `master` by the profile of that name; memory does not grow with duration.

    grain: what the master was given back, in order, for profiles that carry it as numbers; without it, it is coded.

    Raises SettingsError for an unknown profile and for a copy of wide range from a master that has one, SourceError
    when the master has no picture, EncodingError when the file read again is not what was promised, DiskFullError,
    Cancelled. After each of them no file is left.
    """
    recipe = profiles.profile(profile)
    promised = read_facts(master)
    if recipe.widens:
        _refuse_wide_range(master)
    with written_whole(target) as partial:
        _encode(recipe, master, partial, promised, Carried(grain if recipe.carries_grain else (), promised.height),
                report, is_cancelled)
        made = read_facts(partial).model_copy(update={"profile": profile})
        _check(made, promised, recipe, target.name)
    return made


def _refuse_wide_range(master: Path) -> None:
    """Light that is there already is not reckoned anew."""
    with av.open(str(master)) as container:
        if container.streams.video[0].codec_context.color_trc in wide_range.TRANSFERS.values():
            raise SettingsError(gettext_noop("“{name}” has a wide range already. Deliver the master itself, without a "
                                             "copy of wide range."), name=master.name)


def read_facts(path: Path) -> RenditionFacts:
    """Count and time every packet of a file; nothing is decoded."""
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise SourceError(gettext_noop("“{name}” has no picture."), name=path.name)
        stream = container.streams.video[0]
        times: list[Fraction] = []
        ends: dict[int, Fraction] = {track.index: Fraction(0) for track in container.streams.audio}
        for packet in container.demux(stream, *container.streams.audio):
            if packet.pts is None or packet.size == 0:
                continue
            if packet.stream.index == stream.index:
                times.append(packet.pts * packet.time_base)
            else:
                end = (packet.pts + (packet.duration or 0)) * packet.time_base
                ends[packet.stream.index] = max(ends[packet.stream.index], end)
        rate = 1 / pictures.time_base(stream)
        return RenditionFacts(
            codec=stream.codec_context.codec.canonical_name, pixel_format=stream.codec_context.pix_fmt or "",
            width=stream.codec_context.width, height=stream.codec_context.height, rate=rate, frames=len(times),
            first_pts=min(times, default=Fraction(0)), has_constant_rate=_is_even(sorted(times), rate),
            sound=tuple(ends.values()), timecode=_timecode(container, stream))


def _is_even(times: list[Fraction], rate: Fraction) -> bool:
    # Matroska rounds times to milliseconds, so a step may be off by one of them.
    return all(abs(later - earlier - 1 / rate) <= Fraction(1, 900) for earlier, later in pairwise(times))


def _timecode(container: InputContainer, stream: VideoStream) -> str | None:
    found = {key.lower(): value for tags in (container.metadata, stream.metadata) for key, value in tags.items()}
    return found.get("timecode")


def _encode(recipe: Profile, master: Path, partial: Path, promised: RenditionFacts, carried: Carried, report: Report,
            is_cancelled: IsCancelled) -> None:
    with ExitStack() as opened:
        restored = opened.enter_context(av.open(str(master)))
        stream = restored.streams.video[0]
        container = opened.enter_context(av.open(str(partial), "w", format=recipe.wrapper,
                                                 options=recipe.wrapper_options))
        if promised.timecode:
            container.metadata["timecode"] = promised.timecode
        levels = _light_levels(master, promised.frames, report, is_cancelled) if recipe.colour == "pq" else None
        looked_at = promised.frames if levels else 0
        muxer: muxing.Muxer | None = None
        for picture in _shown(recipe, carried, restored, stream):
            check(is_cancelled)
            if muxer is None:
                encoder = _picture_stream(container, recipe, stream, picture, promised.rate, levels)
                if carried:
                    carried.announce(encoder.codec_context)
                tracks = _tracks(opened, container, recipe, master)
                muxer = muxing.Muxer(container, encoder, promised.rate, tracks, carried.told if carried else None)
            muxer.write(picture)
            report(Progress("render", looked_at + muxer.frames, looked_at + promised.frames))
        if muxer is None:
            raise SourceError(gettext_noop("“{name}” has no picture."), name=master.name)
        muxer.finish()


def _shown(recipe: Profile, carried: Carried, restored: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """The master's pictures as the encoder takes them."""
    decoded = carried.taken_off(pictures.decoded(restored, stream))
    if recipe.colour == "master":
        context = stream.codec_context
        return pictures.filtered(decoded, [*pictures.evened(context.width, context.height),
                                           ("format", recipe.pixel_format)])
    if recipe.colour == "bt709":
        return pictures.filtered(decoded, _square(stream, recipe.pixel_format, recipe.max_height))
    light = wide_range.shown(pictures.filtered(decoded, _square(stream, wide_range.TAKES)), recipe.colour)
    return pictures.filtered(light, [("scale", f"out_chroma_loc=topleft:flags={pictures.LANCZOS}"),
                                     ("format", recipe.pixel_format)])


def _light_levels(master: Path, frames: int, report: Report, is_cancelled: IsCancelled) -> wide_range.LightLevels:
    """A first look at every frame, half of the work, because HDR10 says at its beginning how bright it will get."""
    def looked_at(shown: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        for number, picture in enumerate(shown, start=1):
            check(is_cancelled)
            yield picture
            report(Progress("light", number, 2 * frames))

    with av.open(str(master)) as restored:
        stream = restored.streams.video[0]
        shown = pictures.filtered(pictures.decoded(restored, stream), _square(stream, wide_range.TAKES))
        return wide_range.light_levels(looked_at(shown))


def _square(stream: VideoStream, pixel_format: str, max_height: int | None = None) -> list[pictures.Filter]:
    """Filters to whole pictures of square pixels in BT.709."""
    context = stream.codec_context
    height = min(context.height, max_height or context.height)
    shape = Fraction(context.width, context.height) * Fraction(stream.sample_aspect_ratio or 1)
    return [("bwdif", "mode=send_frame:deint=interlaced"),
            *pictures.of_stream(stream),
            *pictures.resized(pictures.even(shape * height), pictures.even(height), pixel_format)]


def _picture_stream(container: OutputContainer, recipe: Profile, master: VideoStream, first: VideoFrame,
                    rate: Fraction, levels: wide_range.LightLevels | None) -> VideoStream:
    context = master.codec_context
    options = dict(recipe.video_options)
    if recipe.colour == "bt709":
        colour = (1, 1, 1, pictures.LIMITED)
    elif recipe.colour in wide_range.TRANSFERS:
        colour = (wide_range.BT2020, wide_range.TRANSFERS[recipe.colour], wide_range.BT2020_NCL, pictures.LIMITED)
        options["x265-params"] = wide_range.said_to_x265(levels)
    else:
        colour = (context.color_primaries, context.color_trc, context.colorspace, context.color_range or 1)
        if first.interlaced_frame:
            options |= {"flags": "+ildct+ilme"}
    stream: Any = muxing.picture_stream(container, recipe.codec, rate, first.width, first.height, recipe.pixel_format,
                                        colour=colour, options=options)
    if recipe.codec_tag:
        stream.codec_context.codec_tag = recipe.codec_tag
    if recipe.colour == "master" and master.sample_aspect_ratio:
        stream.codec_context.sample_aspect_ratio = master.sample_aspect_ratio
    return stream


def _tracks(opened: ExitStack, container: OutputContainer, recipe: Profile, master: Path) -> list[muxing.Track]:
    """One encoder for each sound track, each with its own reading of the master, so that none waits for another."""
    with av.open(str(master)) as file:
        formats = [track.format.name for track in file.streams.audio]
    tracks = []
    for index, sample_format in enumerate(formats if recipe.sound == "pcm" else formats[:1]):
        heard = opened.enter_context(av.open(str(master)))
        source = heard.streams.audio[index]
        if recipe.sound == "pcm":
            packed = "s16" if sample_format.rstrip("p") in ("s16", "u8") else "s32"
            encoder = container.add_stream("pcm_s16le" if packed == "s16" else "pcm_s24le", rate=source.rate,
                                           layout=source.layout.name)
            frames = soundtrack.exact(heard, source, packed)
        else:
            encoder = container.add_stream("aac", rate=soundtrack.AAC_RATE, layout="stereo", bit_rate=256_000)
            frames = soundtrack.stereo(heard, source)
        tracks.append(muxing.Track(container, encoder, frames))
    return tracks


def _check(made: RenditionFacts, promised: RenditionFacts, recipe: Profile, name: str) -> None:
    """Raise EncodingError at the first promise that the written file breaks."""
    if made.frames != promised.frames:
        raise EncodingError(gettext_noop("“{name}” has {made} frames where the master has {promised}."), name=name,
                            made=made.frames, promised=promised.frames)
    if made.first_pts != 0:
        raise EncodingError(gettext_noop("The first picture of “{name}” is due at {made} s, not at 0."), name=name,
                            made=made.first_pts)
    if made.rate != promised.rate or not made.has_constant_rate:
        raise EncodingError(gettext_noop("“{name}” does not keep {promised} frames per second."), name=name,
                            promised=promised.rate)
    expected = promised.sound if recipe.sound == "pcm" else promised.sound[:1]
    tolerance = Fraction(2 * soundtrack.AAC_FRAME, soundtrack.AAC_RATE)
    if len(made.sound) != len(expected) or any(
            abs(one - other) > tolerance for one, other in zip(made.sound, expected, strict=True)):
        raise EncodingError(gettext_noop("The sound of “{name}” does not last as long as the master's."), name=name)
