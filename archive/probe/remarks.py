"""What is worth knowing of a file that is taken all the same."""

from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING

from av.container import InputContainer
from av.video.stream import VideoStream

from archive.errors import gettext_noop
from archive.probe.facts import Remark, TrackFacts
from archive.probe.streams import promised_frames
from archive.upright import AS_CODED, Turn

if TYPE_CHECKING:
    from archive.probe.reading import Walk

SUFFIXES = {
    "MP4": {".mp4", ".m4v", ".m4a", ".mov", ".3gp", ".3g2", ".qt"}, "QuickTime": {".mov", ".qt", ".mp4", ".m4v"},
    "Matroska": {".mkv", ".mka", ".mk3d"}, "WebM": {".webm", ".mkv"}, "AVI": {".avi", ".divx"},
    "MPEG program stream": {".mpg", ".mpeg", ".vob", ".m2p"}, "MPEG transport stream": {".ts", ".m2ts", ".mts", ".tsv"},
    "MXF": {".mxf"}, "MPEG video": {".mpg", ".mpeg", ".m2v", ".m1v"}, "YUV4MPEG2": {".y4m"}, "DV": {".dv", ".dif"},
    "ASF": {".wmv", ".asf"}, "FLV": {".flv"}, "Ogg": {".ogv", ".ogg"},
}
KNOWN_SUFFIXES = set().union(*SUFFIXES.values())
LOST_SHARE = 0.02  # Headers count repeated frames too, which some wrappers do not store.
LONGER_SOUND_SECONDS = Fraction(1, 5)


def remarks(name: str, wrapper: str, container: InputContainer, stream: VideoStream, walk: "Walk",
            tracks: tuple[TrackFacts, ...]) -> tuple[Remark, ...]:
    picture = next(track for track in tracks if track.index == stream.index)
    return tuple(remark for remark in (
        _about_name(name, wrapper), _about_pictures(container, stream), *_about_length(stream, walk),
        _about_damage(walk), *_about_time(walk, picture), _about_turn(walk.turn), _about_size(picture))
        if remark is not None)


def _about_name(name: str, wrapper: str) -> Remark | None:
    suffix = PurePath(name).suffix.lower()
    if suffix not in KNOWN_SUFFIXES or suffix in SUFFIXES.get(wrapper, {suffix}):
        return None
    return Remark(gettext_noop("Its name ends in {suffix}, but it is really {wrapper}; it is read as what it is."),
                  {"suffix": suffix, "wrapper": wrapper})


def _about_pictures(container: InputContainer, stream: VideoStream) -> Remark | None:
    count = len(container.streams.video)
    if count == 1:
        return None
    return Remark(gettext_noop("It holds {count} pictures; the one in stream {index} is used."),
                  {"count": count, "index": stream.index})


def _about_length(stream: VideoStream, walk: "Walk") -> list[Remark | None]:
    found, promised = len(walk.picture_times), promised_frames(stream, walk)
    if not walk.is_complete:
        return []
    return [
        Remark(gettext_noop("It ends early: {found} of the {promised} frames its header promises are there. Fetch it "
                            "again if you can."), {"found": found, "promised": promised})
        if promised - found > promised * LOST_SHARE else None,
        Remark(gettext_noop("It holds one single frame.")) if found == 1 else None,
    ]


def _about_damage(walk: "Walk") -> Remark | None:
    if walk.broken_packets:
        return Remark(gettext_noop("Damaged data were met at {count} places."),
                      {"count": walk.broken_packets})
    if not walk.is_end_readable:
        return Remark(gettext_noop("Its last frames cannot be decoded. Fetch it again if you can."))
    return None


def _about_time(walk: "Walk", picture: TrackFacts) -> list[Remark | None]:
    first = min(walk.picture_times)
    longer = walk.sound_end - walk.picture_end if walk.sound_end is not None and walk.is_complete else Fraction(0)
    return [
        Remark(gettext_noop("Its frames come at uneven times; a restoration gives them one constant rate, repeating or "
                            "leaving out frames where needed.")) if picture.is_variable_rate else None,
        Remark(gettext_noop("Its first picture comes at {seconds} s instead of 0; times are counted from there."),
               {"seconds": f"{float(first):.3f}"}) if first else None,
        Remark(gettext_noop("Its sound goes on for {seconds} s after the last picture."),
               {"seconds": f"{float(longer):.3f}"}) if longer > LONGER_SOUND_SECONDS else None,
    ]


def _about_turn(turn: Turn) -> Remark | None:
    if turn == AS_CODED:
        return None
    if not turn.is_followed:
        return Remark(gettext_noop("It asks players to turn its picture by {degrees}°; what is made for viewing lies "
                                   "as it was coded."), {"degrees": turn.degrees})
    if not turn.degrees:
        return Remark(gettext_noop("It asks players to exchange left and right of its picture; what is made for "
                                   "viewing has them exchanged."))
    if turn.is_mirrored:
        return Remark(gettext_noop("It asks players to turn its picture by {degrees}° anticlockwise and then to "
                                   "exchange left and right; what is made for viewing shows it so."),
                      {"degrees": turn.degrees})
    return Remark(gettext_noop("It asks players to turn its picture by {degrees}° anticlockwise; what is made for "
                               "viewing stands upright."), {"degrees": turn.degrees})


def _about_size(picture: TrackFacts) -> Remark | None:
    width, height = picture.width or 0, picture.height or 0
    if width % 2 == 0 and height % 2 == 0:
        return None
    return Remark(gettext_noop("Its picture is {width}×{height}, an odd size; what is made for viewing is even."),
                  {"width": width, "height": height})
