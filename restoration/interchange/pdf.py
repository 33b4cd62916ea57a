"""Remarks as a PDF for people: both frames with the drawing on its side, timecode, category, words and thread."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, HRFlowable, KeepTogether, SimpleDocTemplate, Spacer

from restoration.interchange.carried import Carried, moment
from restoration.interchange.pdf_pictures import PicturePair
from restoration.interchange.pdf_words import paragraph
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory, PictureSide

MARGIN = 16 * mm
RULE = HexColor("#cfc5b3")
WIDTH = A4[0] - 2 * MARGIN - 12  # A frame of the page keeps 6 points free on either side.
# Both sides of a frame as files of pictures; None where one cannot be had.
Pictures = Callable[[int], tuple[bytes | None, bytes | None]]


@dataclass(frozen=True)
class Heading:
    """What stands above the notes: titles in their scripts, and facts of the version, name and value."""

    titles: Sequence[str]
    facts: Sequence[tuple[str, str]]


def written(remarks: Sequence[Carried], reel: ReelTime, heading: Heading, pictures: Pictures) -> bytes:
    """The whole file, in the language that is active."""
    open_ones = sum(not remark.is_resolved for remark in remarks)
    count = ngettext("%(count)s note", "%(count)s notes", len(remarks)) % {"count": len(remarks)}
    story: list[Any] = []
    for number, remark in enumerate(remarks, start=1):
        story += [CondPageBreak(60 * mm), KeepTogether(list(_note(number, remark, reel, pictures))), Spacer(1, 5 * mm)]
    return printed(heading, _("%(notes)s, %(open)s of them open") % {"notes": count, "open": open_ones}, story)


def printed(heading: Heading, lede: str, story: Iterable[Any]) -> bytes:
    """A4 pages with the heading, a line that says what follows, and that."""
    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
                                 bottomMargin=MARGIN, title=" · ".join(heading.titles), author="Patina")
    document.build([*_heading(heading, lede), *story], onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _heading(heading: Heading, lede: str) -> Iterator[Any]:
    for place, title in enumerate(heading.titles):
        yield paragraph(title, "title" if place == 0 else "other title")
    yield paragraph(lede, "lede")
    yield paragraph(" · ".join(f"{name} {value}" for name, value in heading.facts), "fact")
    yield Spacer(1, 6 * mm)


def _note(number: int, remark: Carried, reel: ReelTime, pictures: Pictures) -> Iterator[Any]:
    yield HRFlowable(width="100%", thickness=0.5, color=RULE, spaceAfter=3 * mm)
    yield paragraph(f"{number}. {_where(remark, reel)}", "note")
    about = (AnnotationCategory(remark.category).label, PictureSide(remark.side).label, _frames(remark), _state(remark))
    yield paragraph(" · ".join(str(part) for part in about), "about")
    names = (str(PictureSide.ORIGINAL.label), str(PictureSide.RESTORED.label))
    yield PicturePair(pictures(remark.start), names, _strokes(remark), WIDTH)
    if remark.text:
        yield paragraph(remark.text, "text")
    yield paragraph(_signed(remark.author, remark.written_at), "small")
    for reply in remark.replies:
        yield paragraph(reply.text, "reply")
        yield paragraph(_signed(reply.author, reply.written_at), "reply small")


def _where(remark: Carried, reel: ReelTime) -> str:
    first, last = reel.label(remark.start), reel.label(remark.last)
    return first if first == last else f"{first} – {last}"


def _frames(remark: Carried) -> str:
    if remark.last == remark.start:
        return _("frame %(frame)s") % {"frame": remark.start}
    return _("frames %(first)s–%(last)s") % {"first": remark.start, "last": remark.last}


def _state(remark: Carried) -> str:
    if not remark.is_resolved:
        return pgettext("note", "open")
    return _("resolved by %(person)s") % {"person": remark.resolved_by}


def _strokes(remark: Carried) -> tuple[Iterable[Any], Iterable[Any]]:
    """What was drawn, on each side."""
    return tuple(  # type: ignore[return-value]
        remark.drawing if remark.side in (side, PictureSide.BOTH) else () for side in (
            PictureSide.ORIGINAL, PictureSide.RESTORED))


def _signed(author: str, written_at: str) -> str:
    at = moment(written_at)
    return f"{author}  {date_format(at, 'Y-m-d H:i')}" if at else author


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillGray(0.4)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(document.page))
    canvas.restoreState()

