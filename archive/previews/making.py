"""One pass over a recording makes all its previews; they appear together or not at all."""

import json
import shutil
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from archive.containers import main_picture, open_recording
from archive.previews.proxy import Proxy
from archive.previews.sound import SoundTrack, Waveform
from archive.previews.stills import Stills
from archive.upright import Turn, asked_of

NAMES = ("poster.jpg", "filmstrip.jpg", "waveform.json", "proxy.mp4")


class PreviewError(Exception):
    """The recording gives no previews."""


def make_previews(source: Path, folder: Path, *, duration: Fraction | None = None) -> dict[str, Any]:
    """Write NAMES into the folder (the waveform only where there is sound) and return facts of the proxy.

    duration: in seconds, where it is better known than the header knows it, for the filmstrip's twelve moments.
    Raises PreviewError where no picture decodes, OSError where writing fails; then the folder is as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        facts = _make(source, workshop, duration)
        folder.mkdir(exist_ok=True)
        for made in workshop.iterdir():
            made.replace(folder / made.name)
    finally:
        shutil.rmtree(workshop)
    return facts


def _make(source: Path, folder: Path, duration: Fraction | None) -> dict[str, Any]:
    beginning, stated, turn = _first_look(source)
    with open_recording(source) as container:
        picture = _main_picture(container)
        sound = next(iter(container.streams.audio), None)
        stills = Stills(duration or stated)
        waveform = Waveform()
        with Proxy(folder / "proxy.mp4", picture, turn=turn, has_sound=sound is not None) as proxy:
            track = SoundTrack(beginning)
            for frame in _frames(container, [one for one in (picture, sound) if one is not None]):
                if isinstance(frame, av.VideoFrame):
                    for shown in proxy.show(frame, beginning):
                        stills.look_at(shown)
                elif isinstance(frame, av.AudioFrame):
                    for heard in track.place(frame):
                        waveform.listen(heard)
                        proxy.hear(heard)
            for shown in proxy.show(None, beginning):
                stills.look_at(shown)
    if not stills.kept:
        raise PreviewError(source.name)
    stills.save_poster(folder / "poster.jpg")
    stills.save_filmstrip(folder / "filmstrip.jpg")
    if waveform.peaks:
        (folder / "waveform.json").write_text(json.dumps(waveform.as_json()))
    return {"frames": proxy.frames, "width": proxy.width, "height": proxy.height}


def _first_look(source: Path) -> tuple[Fraction, Fraction, Turn]:
    """When the first picture comes, how long the recording goes on, in seconds, and which way up it is to be shown."""
    with open_recording(source) as container:
        picture = _main_picture(container)
        first = next((frame for frame in _frames(container, [picture])), None)
        if first is None:
            raise PreviewError(source.name)
        beginning = Fraction(0) if first.pts is None else first.pts * Fraction(first.time_base or 1)
        if picture.duration and picture.time_base:
            return beginning, picture.duration * Fraction(picture.time_base), asked_of(first)
        return beginning, Fraction(container.duration or 0, av.time_base), asked_of(first)


def _main_picture(container: InputContainer) -> VideoStream:
    picture = main_picture(container)
    if picture is None:
        raise PreviewError
    picture.thread_type = "AUTO"
    return picture


def _frames(container: InputContainer, streams: list[Any]) -> Any:
    """Every frame that decodes, in the file's order; damaged ones are passed over."""
    packets = container.demux(streams)
    while True:
        try:
            packet = next(packets, None)
        except (av.FFmpegError, OSError):
            return
        if packet is None:
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue
