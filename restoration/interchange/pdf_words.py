"""Words in a PDF, in Latin and Chinese side by side."""

from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph

# One of the fonts that every reader of PDFs is to have for Chinese; nothing has to be carried in the file.
CHINESE = "STSong-Light"
INK, GREY = HexColor("#211d18"), HexColor("#5d554a")


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, **{"fontName": "Helvetica", "fontSize": size, "leading": size * 1.45, "textColor": INK,
                                   **more})


STYLES = {style.name: style for style in (
    _style("title", 20, spaceAfter=2), _style("other title", 13, textColor=GREY, spaceAfter=4),
    _style("lede", 11, spaceBefore=4, spaceAfter=4), _style("fact", 8.5, textColor=GREY),
    _style("note", 12, fontName="Helvetica-Bold"), _style("about", 9, textColor=GREY, spaceAfter=4),
    _style("cell", 8.5, fontName="Helvetica-Bold", spaceBefore=3), _style("cell fact", 7.5, textColor=GREY),
    _style("text", 10.5, spaceBefore=4), _style("small", 8.5, textColor=GREY, spaceAfter=3),
    _style("reply", 9.5, leftIndent=14, spaceBefore=3), _style("reply small", 8.5, leftIndent=14, textColor=GREY),
)}


def _register_fonts() -> None:
    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def paragraph(text: str, style: str) -> Paragraph:
    """Chinese breaks between any two signs, Latin between words."""
    _register_fonts()
    wraps = {"wordWrap": "CJK"} if any(not _is_latin(sign) for sign in text) else {}
    return Paragraph(runs(text), STYLES[style].clone(style, **wraps))


def runs(text: str) -> str:
    """The text for a paragraph: each stretch in a font that has its signs, lines kept."""
    parts = []
    for is_latin, signs in groupby(text.strip(), key=_is_latin):
        words = escape("".join(signs)).replace("\n", "<br/>")
        parts.append(words if is_latin else f'<font name="{CHINESE}">{words}</font>')
    return "".join(parts)


def _is_latin(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
