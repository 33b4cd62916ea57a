"""Remarks as CSV: a line for each remark and one for each reply, which names the note it answers."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from restoration.interchange.carried import Carried
from restoration.reel_time import ReelTime

COLUMNS = ("note", "reply_to", "first_frame", "last_frame", "first_timecode", "last_timecode", "rate", "side",
           "category", "text", "author", "written_at", "state", "resolved_by", "drawing")
_RISKY = re.compile(r"'*[=+\-@\t\r]")


def written(remarks: Iterable[Carried], reel: ReelTime) -> str:
    """The whole file, with a mark by which spreadsheets know UTF-8. Frames and timecodes of both ends belong to it."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for number, remark in enumerate(remarks, start=1):
        writer.writerows(_rows(number, remark, reel))
    return file.getvalue()


def _rows(number: int, remark: Carried, reel: ReelTime) -> Iterator[list[Any]]:
    drawing = json.dumps(remark.drawing, separators=(",", ":")) if remark.drawing else ""
    yield [number, "", remark.start, remark.last, reel.label(remark.start), reel.label(remark.last), str(reel.rate),
           remark.side, remark.category, harmless(remark.text), harmless(remark.author), remark.written_at,
           "resolved" if remark.is_resolved else "open", harmless(remark.resolved_by), drawing]
    for reply in remark.replies:
        yield ["", number, *[""] * 7, harmless(reply.text), harmless(reply.author), reply.written_at, "", "", ""]


def harmless(text: str) -> str:
    """A spreadsheet takes what begins with =, +, - or @ for a formula, unless an apostrophe stands before it."""
    return f"'{text}" if _RISKY.match(text) else text


def as_meant(text: str) -> str:
    """The inverse of `harmless`."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
