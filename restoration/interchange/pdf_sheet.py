"""All shots of a version on paper, original over restored."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Table

from restoration.interchange.pdf import WIDTH, Heading, Pictures, printed
from restoration.interchange.pdf_pictures import Sides
from restoration.interchange.pdf_words import paragraph
from restoration.shot_reports import ShotReport

COLUMNS = 4
GUTTER, SEAM = 4 * mm, 1
SIDE_WIDTH = WIDTH / COLUMNS - GUTTER


def written(told: Sequence[ShotReport], heading: Heading, pictures: Pictures) -> bytes:
    """The whole file, in the language that is active."""
    cells = [list(_cell(each, pictures(each.middle))) for each in told]
    rows = [[*cells[at:at + COLUMNS], *[""] * (at + COLUMNS - len(cells))] for at in range(0, len(cells), COLUMNS)]
    table = [Table(rows, colWidths=[WIDTH / COLUMNS] * COLUMNS, hAlign="LEFT", style=[
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), GUTTER), ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), GUTTER)])] if rows else []
    count = ngettext("%(count)s shot", "%(count)s shots", len(told)) % {"count": len(told)}
    return printed(heading, f"{count} · {_('the original above, restored below')}", table)


def _cell(each: ShotReport, pictures: Sides) -> Iterator[Any]:
    yield PictureStack(pictures, SIDE_WIDTH)
    yield paragraph(f"{each.number}  {each.shown_at}", "cell")
    yield paragraph(each.standing_in_words, "cell fact")
    if each.certificate:
        yield paragraph(_("Faithfulness %(decibels)s dB") % {
            "decibels": f"{each.certificate.decibels:.1f}"}, "cell fact")


class PictureStack(Flowable):
    """Original over restored; a side that could not be had is a frame left empty."""

    def __init__(self, pictures: Sides, width: float) -> None:
        super().__init__()
        self.images = [ImageReader(io.BytesIO(picture)) if picture else None for picture in pictures]
        shape = next((image.getSize() for image in self.images if image), (4, 3))
        self.side_width, self.side_height = width, width * shape[1] / shape[0]

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.side_width, 2 * self.side_height + SEAM

    def draw(self) -> None:
        for image, bottom in zip(self.images, (self.side_height + SEAM, 0), strict=True):
            if image:
                self.canv.drawImage(image, 0, bottom, self.side_width, self.side_height)
            else:
                self.canv.setStrokeGray(0.7)
                self.canv.rect(0, bottom, self.side_width, self.side_height)
