"""Frames of a source and their timecode."""

from restoration.engine.errors import SettingsError
from restoration.engine.facts import SourceFacts
from restoration.engine.media import timing


def timecode(frame: int, source: SourceFacts) -> str:
    """A source frame's label, counted on from the source's own start where it has one."""
    return timing.label(frame, source.rate, start=_start(source), drop_frame=source.drop_frame)


def _start(source: SourceFacts) -> int:
    """A file may carry a label that does not exist at its rate; it is then counted from 0."""
    if not source.start_timecode:
        return 0
    try:
        return timing.frame_number(source.start_timecode, source.rate)
    except SettingsError:
        return 0
