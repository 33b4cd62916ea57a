"""Words on a picture: white on a dark plate that lets some of the picture through, so that they are read on any.

They keep to the safe title area, which leaves a twentieth of the picture free at each edge (SMPTE ST 2046-1).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from restoration.engine.encoding.lettering import Face, face_for

SAFE = 0.05
# Shares of the picture's height.
NAME, TITLE, CREDIT = 1 / 24, 1 / 20, 1 / 32
# Two pictures beside each other are seen smaller than one.
APART = 1.5
# How much of the picture the plate hides: on white, white words still stand out five to one.
PLATE = 0.62
_BLACK, _WHITE, _GREY = 16, 235, 128
Planes = Sequence[NDArray[np.uint8]]
Line = tuple[str, ImageFont.FreeTypeFont]


@dataclass(frozen=True, slots=True)
class Captions:
    """What is written: the name of each side, and below, where there are such, a title and a line of credit."""

    original: str = "Original"
    restored: str = "Restored"
    title: str = ""
    credit: str = ""

    @property
    def words(self) -> str:
        return f"{self.original} {self.restored} {self.title} {self.credit}"

    def face(self) -> Face:
        """The one font for all of it. Raises SettingsError where no font here has all the signs."""
        return face_for(self.words)


class Plate:
    """Some lines on their plate, drawn once and put on many pictures; `x` and `y` place its upper left corner."""

    def __init__(self, lines: Sequence[Line], widest: int) -> None:
        words = _drawn([(part, font) for text, font in lines for part in broken(text, font, widest)])
        kept = (1 - PLATE) * (1 - words)
        self.height, self.width = words.shape
        self.x = self.y = 0
        self._kept = (kept, kept.reshape(self.height // 2, 2, self.width // 2, 2).mean((1, 3)))
        self._light = words * _WHITE + (1 - words) * PLATE * _BLACK

    def at(self, x: int, y: int) -> "Plate":
        """Even numbers, as 4:2:0 has them, and never outside the picture at its upper left."""
        self.x, self.y = max(0, x // 2 * 2), max(0, y // 2 * 2)
        return self

    def put_on(self, planes: Planes, columns: range) -> None:
        """Onto these columns of a picture, bounds even; what lies outside them or the picture is left out."""
        first, last = max(self.x, columns.start), min(self.x + self.width, columns.stop, planes[0].shape[1])
        bottom = min(self.y + self.height, planes[0].shape[0])
        if first >= last or self.y >= bottom:
            return
        for number, plane in enumerate(planes):
            step = 2 if number else 1
            area = plane[self.y // step:bottom // step, first // step:last // step]
            part = (slice(0, area.shape[0]), slice((first - self.x) // step, (first - self.x) // step + area.shape[1]))
            kept = self._kept[1 if number else 0][part]
            added = self._light[part] if not number else (1 - kept) * _GREY
            area[:] = np.rint(area * kept + added).astype(np.uint8)


def names(captions: Captions, width: int, height: int, *, apart: bool) -> tuple[Plate | None, Plate | None]:
    """The names of both sides in the upper corners of one picture of that size, or, `apart`, each at the upper left of
    its own, of two beside each other; None for a side without a name."""
    font, (x, y) = captions.face().at(_size(height, NAME, apart)), _margin(width, height)
    widest = width - 2 * x if apart else width // 2 - 2 * x
    left, right = (Plate([(text, font)], widest) if text else None for text in (captions.original, captions.restored))
    return left and left.at(x, y), right and right.at(width + x if apart else width - x - right.width, y)


def foot(captions: Captions, width: int, height: int, *, apart: bool) -> Plate | None:
    """Title and credit, at the lower left of a picture, or of the left one of two; None where there are none."""
    face, (x, y) = captions.face(), _margin(width, height)
    lines = [(text, face.at(_size(height, share, apart))) for text, share in (
        (captions.title, TITLE), (captions.credit, CREDIT)) if text]
    if not lines:
        return None
    plate = Plate(lines, width - 2 * x)
    return plate.at(x, height - y - plate.height)


def broken(text: str, font: ImageFont.FreeTypeFont, widest: int) -> Iterator[str]:
    """The text in lines of at most so many pixels, plate included: Latin breaks between words, Chinese anywhere."""
    line = ""
    for part in _parts(text, lambda word: font.getlength(word) > widest - 2 * _padding(font)):
        if line and font.getlength((line + part).rstrip()) > widest - 2 * _padding(font):
            yield line.rstrip()
            line = ""
        line += part
    yield line.rstrip()


def _parts(text: str, is_too_long: Callable[[str], bool]) -> Iterator[str]:
    """Words with the space behind them; Chinese signs one by one, and what is too long for a line in pieces."""
    word = ""
    for sign in text:
        if word and (word[-1].isspace() or _is_wide(sign) or _is_wide(word[-1]) or is_too_long(word + sign)):
            yield word
            word = ""
        word += sign
    yield word


def _is_wide(sign: str) -> bool:
    return sign >= "\u2e80"


def _drawn(lines: Sequence[Line]) -> NDArray[np.float32]:
    """How much each pixel of the plate is letter, 0..1; even in both directions."""
    padding = max(_padding(font) for _, font in lines)
    measured = [(text, font, *font.getmetrics()) for text, font in lines]
    width = max(round(font.getlength(text)) for text, font, _, _ in measured) + 2 * padding
    height = sum(up + down for _, _, up, down in measured) + padding
    image = Image.new("L", (width + width % 2, height + height % 2))
    draw, y = ImageDraw.Draw(image), padding // 2
    for text, font, up, down in measured:
        draw.text((padding, y + up), text, font=font, fill=255, anchor="ls")
        y += up + down
    return np.asarray(image, np.float32) / np.float32(255)


def _padding(font: ImageFont.FreeTypeFont) -> int:
    return max(2, round(font.size * 0.4))


def _size(height: int, share: float, apart: bool) -> int:
    return max(8, round(height * share * (APART if apart else 1)))


def _margin(width: int, height: int) -> tuple[int, int]:
    return round(SAFE * width), round(SAFE * height)
