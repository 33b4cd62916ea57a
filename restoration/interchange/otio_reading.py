"""Markers of a timeline made elsewhere, read as plain JSON: it is somebody's file, and nothing but data."""

import json
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from restoration import drawings
from restoration.engine.media import timing
from restoration.interchange import words
from restoration.interchange.carried import MOST_REMARKS, Carried, CarriedReply, clean
from restoration.interchange.otio_writing import OURS
from restoration.interchange.table_reading import MOST_COMPLAINTS, Read, categorised, complaint
from restoration.reel_time import ReelTime
from restoration.vocabularies import PictureSide

Thing = dict[str, Any]


def read(text: str, reel: ReelTime) -> Read:
    """The remarks of all markers. Raises ValidationError with a sentence for each that cannot be understood."""
    try:
        timeline = _timeline(json.loads(text))
        found = list(_markers(timeline, reel))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, StopIteration):
        raise ValidationError(_("This is no timeline of OpenTimelineIO, or a broken one. Export it again.")) from None
    if len(found) > MOST_REMARKS:
        raise ValidationError(_("A file may hold up to %(count)s notes. Split it."), params={"count": MOST_REMARKS})
    remarks, complaints = [], []
    for number, (marker, start, length) in enumerate(found, start=1):
        place = _("Marker %(number)s") % {"number": number}
        try:
            remarks.append(_remark(marker, start, length, place))
        except ValidationError as error:
            complaints.append(complaint(place, error))
    if complaints:
        raise ValidationError(complaints[:MOST_COMPLAINTS])
    return Read(remarks)


def _timeline(thing: Thing) -> Thing:
    if _kind(thing) == "Timeline":
        return thing
    if _kind(thing) == "SerializableCollection":
        return next(_timeline(child) for child in thing["children"] if _kind(child) == "Timeline")
    raise ValueError


def _markers(timeline: Thing, reel: ReelTime) -> Iterator[tuple[Thing, int, int]]:
    """Each marker with its first frame and its length in the reel."""
    begins = timeline.get("global_start_time")
    offset = _frames(begins, reel.rate) if begins else 0
    for marker, frame in _within(timeline["tracks"], 0, reel.rate):
        length = max(1, _frames(marker["marked_range"]["duration"], reel.rate))
        # Some programs write a timeline's markers with the timecode of its beginning, others count from 0.
        yield marker, frame - offset if offset and frame >= reel.frames else frame, length


def _within(item: Thing, position: int, rate: Fraction) -> Iterator[tuple[Thing, int]]:
    """The markers of an item that begins at a frame of the timeline, and of what is in it."""
    begins, _length = _range(item, rate)
    for marker in item.get("markers") or ():
        yield marker, position + _frames(marker["marked_range"]["start_time"], rate) - begins
    for child in item.get("children") or ():
        if _kind(child) == "Transition":
            continue
        yield from _within(child, position, rate)
        if _kind(item) == "Track":
            position += _range(child, rate)[1]


def _range(item: Thing, rate: Fraction) -> tuple[int, int]:
    """Where an item's own time begins, and how long it is, in frames."""
    shown = item.get("source_range") or (_media(item).get("available_range") if _kind(item) == "Clip" else None)
    if shown:
        return _frames(shown["start_time"], rate), _frames(shown["duration"], rate)
    lengths = [_range(child, rate)[1] for child in item.get("children") or () if _kind(child) != "Transition"]
    return 0, (sum(lengths) if _kind(item) == "Track" else max(lengths, default=0))


def _media(clip: Thing) -> Thing:
    many = clip.get("media_references") or {}
    return many.get(clip.get("active_media_reference_key")) or clip.get("media_reference") or {}


def _frames(time: Thing, rate: Fraction) -> int:
    """A RationalTime in frames of the reel. OTIO holds rates as floating point, 29.97002997… for 30000/1001."""
    value, theirs = float(time["value"]), float(time["rate"])
    if not (math.isfinite(value) and 1 <= theirs <= 1000 and abs(value) < 1e9):
        raise ValueError
    return round(Fraction(value) * rate / timing.nearest_standard(Fraction(theirs)))


def _kind(thing: Thing) -> str:
    return str(thing["OTIO_SCHEMA"]).partition(".")[0]


def _remark(marker: Thing, start: int, length: int, place: str) -> Carried:
    metadata = marker.get("metadata") or {}
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    if not isinstance(ours, dict):
        return Carried(start=start, end=start + length, text=_said(marker, metadata), place=place)
    category, text = categorised(_text(ours.get("category")), _text(marker.get("comment")))
    return Carried(
        start=start, end=start + length, text=text, category=category, author=_text(ours.get("author")),
        side=words.side(_text(ours.get("side"))) or PictureSide.RESTORED, written_at=_text(ours.get("written_at")),
        resolved_by=_text(ours.get("resolved_by")), is_resolved=ours.get("is_resolved") is True, place=place,
        drawing=tuple(drawings.as_json(drawings.parse(ours.get("drawing") or []))),
        replies=tuple(_reply(reply) for reply in ours.get("replies") or ()))


def _reply(told: Any) -> CarriedReply:
    if not isinstance(told, dict) or not _text(told.get("text")).strip():
        raise ValidationError(_("the reply is empty."))
    return CarriedReply(_text(told.get("author")), _text(told["text"]), _text(told.get("written_at")))


def _said(marker: Thing, metadata: Any) -> str:
    """Name and words of a marker that others made; Resolve keeps the words in its own metadata."""
    theirs = metadata.get("Resolve_OTIO") if isinstance(metadata, dict) else None
    note = _text(marker.get("comment")) or (_text(theirs.get("Note")) if isinstance(theirs, dict) else "")
    return "\n".join(part for part in (_text(marker.get("name")).strip(), note.strip()) if part)


def _text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""
