"""Remarks as an EDL of markers: Resolve reads colour, name and length from the comment, Avid the locator below it."""

from collections.abc import Iterable, Iterator

from restoration.interchange.carried import Carried
from restoration.interchange.colours import COLOURS
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory

MOST_EVENTS = 9999


def written(remarks: Iterable[Carried], reel: ReelTime, *, title: str) -> str:
    """The whole file, in the reel's own timecode; as editors count, the end is the first frame after."""
    head = [f"TITLE: {_line(title)}", f"FCM: {'DROP FRAME' if reel.drop_frame else 'NON-DROP FRAME'}", ""]
    events = [line for number, remark in enumerate(remarks, start=1) for line in _event(number, remark, reel)]
    return "\r\n".join([*head, *events]) + "\r\n"


def _event(number: int, remark: Carried, reel: ReelTime) -> Iterator[str]:
    name = AnnotationCategory(remark.category).name.replace("_", " ").capitalize()
    _otio, resolve, avid = COLOURS[remark.category]
    begin, end = reel.label(remark.start), reel.label(remark.end)
    words = _line(" / ".join([remark.text, *(f"{reply.author}: {reply.text}" for reply in remark.replies)]))
    yield f"{number:03}  001      V     C        {begin} {end} {begin} {end}  "
    yield f"{words} |C:ResolveColor{resolve} |M:{name} |D:{remark.end - remark.start}"
    yield f"* LOC: {begin} {avid:<7} {name}: {words}"
    yield ""


def _line(text: str) -> str:
    """On one line, and without the sign that parts a marker's fields."""
    return " ".join(text.replace("|", "¦").split())
