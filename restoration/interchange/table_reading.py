"""A table of remarks made elsewhere, read as what it is: somebody's file. All of it is understood, or it is refused."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from restoration import drawings
from restoration.engine.errors import SettingsError
from restoration.engine.media import timing
from restoration.interchange import words
from restoration.interchange.carried import MOST_REMARKS, Carried, CarriedReply, refuse_outside
from restoration.interchange.table import as_meant
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory, PictureSide

MOST_COMPLAINTS = 10
Row = dict[str, str]


@dataclass
class Read:
    """What a file holds, and what of it nobody here understands and so stays behind."""

    remarks: list[Carried] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)


def read(text: str, reel: ReelTime) -> Read:
    """The remarks of a CSV. Raises ValidationError with a sentence for each line that cannot be understood."""
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        headings = list(found.fieldnames or ())
        names = {heading: words.column(heading) for heading in headings}
        _refuse_without(set(names.values()))
        rows = [(found.line_num, {names[heading] or "": as_meant(cell or "") for heading, cell in row.items()
                                  if heading in names}) for row in _at_most(found)]
    except csv.Error:
        raise ValidationError(_("Line %(line)s is no line of a table. Check its quotation marks."),
                              params={"line": found.line_num}) from None
    left_behind = [heading for heading, name in names.items() if name is None and heading.strip()]
    return Read(_understood(rows, reel), left_behind)


def _at_most(found: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    for count, row in enumerate(found, start=1):
        if count > MOST_REMARKS:
            raise ValidationError(_("A file may hold up to %(count)s notes. Split it."), params={"count": MOST_REMARKS})
        yield row


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _refuse_without(names: set[str | None]) -> None:
    if not names & {"first_frame", "first_timecode"} or not names & {"text", "drawing"}:
        raise ValidationError(_("The first line must name the columns: “text”, and “frame” or “timecode”."))


def _understood(rows: list[tuple[int, Row]], reel: ReelTime) -> list[Carried]:
    remarks: list[Carried] = []
    numbers: dict[str, int] = {}
    complaints: list[str] = []
    for line, row in rows:
        place = _("Line %(line)s") % {"line": line}
        try:
            if row.get("reply_to"):
                at = numbers.get(row["reply_to"].strip())
                if at is None:
                    raise ValidationError(_("it answers a note that does not stand before it."))
                remarks[at] = _answered(remarks[at], row)
            elif any(cell.strip() for cell in row.values()):
                numbers[row.get("note", "").strip()] = len(remarks)
                remarks.append(_remark(row, reel, place))
        except (ValidationError, SettingsError) as error:
            complaints.append(complaint(place, error))
    if complaints:
        raise ValidationError(complaints[:MOST_COMPLAINTS])
    return remarks


def complaint(place: str, error: ValidationError | SettingsError) -> str:
    """Where it is and what is wrong, as one sentence."""
    said = " ".join(error.messages) if isinstance(error, ValidationError) else _(error.text).format(**error.values)
    return _("%(place)s: %(what)s") % {"place": place, "what": said}


def _answered(remark: Carried, row: Row) -> Carried:
    reply = CarriedReply(row.get("author", ""), row.get("text", ""), row.get("written_at", ""))
    if not reply.text.strip():
        raise ValidationError(_("the reply is empty."))
    return replace(remark, replies=(*remark.replies, reply))


def _remark(row: Row, reel: ReelTime, place: str) -> Carried:
    start, end = _frames(row, reel)
    refuse_outside(reel, start, end)
    kind, text = categorised(row.get("category", ""), row.get("text", ""))
    side = words.side(row["side"]) if row.get("side", "").strip() else PictureSide.RESTORED
    if side is None:
        raise ValidationError(_("“%(side)s” is no side. Write original, restored or both."),
                              params={"side": row["side"]})
    strokes = drawings.parse(row.get("drawing", "").strip())
    return Carried(
        start=start, end=end, text=text, side=side, category=kind, author=row.get("author", "").strip(),
        written_at=row.get("written_at", "").strip(), resolved_by=row.get("resolved_by", "").strip(),
        is_resolved=row.get("state", "").strip().casefold() in words.RESOLVED,
        drawing=tuple(drawings.as_json(strokes)), place=place)


def categorised(word: str, text: str) -> tuple[str, str]:
    """The category and the words; a category that we have no name for goes before the words, so that it is kept."""
    word = word.strip()
    known = words.category(word) if word else AnnotationCategory.OTHER
    return (known, text) if known else (AnnotationCategory.OTHER, f"{word}: {text}" if text.strip() else word)


def _frames(row: Row, reel: ReelTime) -> tuple[int, int]:
    """Frames count more than timecodes, and both must agree. Frames of another rate become those of the same moment."""
    rate = _rate(row.get("rate", "").strip()) or reel.rate
    first, last = _number(row.get("first_frame", "")), _number(row.get("last_frame", ""))
    if first is None:
        first = reel.frame_at(row.get("first_timecode", ""))
    elif rate != reel.rate:
        end = (first if last is None else last) + 1
        return round(first * reel.rate / rate), max(round(first * reel.rate / rate) + 1, round(end * reel.rate / rate))
    elif row.get("first_timecode", "").strip() and reel.frame_at(row["first_timecode"]) != first:
        raise ValidationError(_("frame %(frame)s has timecode %(here)s in this reel, and the file says %(there)s. "
                                "Leave one of the two columns out."),
                              params={"frame": first, "here": reel.label(first), "there": row["first_timecode"]})
    if last is None and row.get("last_timecode", "").strip():
        last = reel.frame_at(row["last_timecode"])
    if last is None and row.get("out", "").strip():
        last = max(first, reel.frame_at(row["out"]) - 1)
    return first, (first if last is None else last) + 1


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValidationError(_("“%(text)s” is no frame number."), params={"text": text[:40]})
    return int(text)


def _rate(text: str) -> Fraction | None:
    if not text:
        return None
    try:
        rate = Fraction(text[:40])
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 1 <= rate <= 1000:
        raise ValidationError(_("“%(text)s” is no rate."), params={"text": text[:40]})
    return timing.nearest_standard(rate)
