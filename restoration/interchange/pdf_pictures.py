"""Two pictures beside each other on paper, with what was drawn on them."""

import io
import math
from collections.abc import Iterable
from typing import Any

from reportlab.lib.colors import Color, white
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from restoration.interchange.pdf_words import paragraph

GAP, HIGHEST = 4 * mm, 95 * mm
EDGE = Color(0, 0, 0, 0.75)
HEAD = 7
Sides = tuple[bytes | None, bytes | None]


class PicturePair(Flowable):
    """Original and restored, each under its name; strokes lie in shares of their picture, white with a dark edge."""

    def __init__(self, pictures: Sides, names: tuple[str, str], strokes: tuple[Iterable[Any], Iterable[Any]],
                 width: float) -> None:
        super().__init__()
        self.images = [ImageReader(io.BytesIO(picture)) if picture else None for picture in pictures]
        self.names, self.strokes, self.whole = names, strokes, width
        self.side_width = (width - GAP) / 2
        shapes = [image.getSize() for image in self.images if image]
        shape = shapes[0] if shapes else (4, 1)
        self.side_height = min(HIGHEST, self.side_width * shape[1] / shape[0])
        self.picture_width = self.side_height * shape[0] / shape[1]

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.whole, self.side_height + 6 * mm

    def draw(self) -> None:
        for number, (image, name, strokes) in enumerate(zip(self.images, self.names, self.strokes, strict=True)):
            left = number * (self.side_width + GAP)
            self._name(name, left)
            if image:
                self.canv.drawImage(image, left, 0, self.picture_width, self.side_height)
                self._draw_strokes(strokes, left)
            else:
                self.canv.setStrokeGray(0.7)
                self.canv.rect(left, 0, self.picture_width, self.side_height)

    def _name(self, name: str, left: float) -> None:
        words = paragraph(name, "small")
        words.wrap(self.side_width, 5 * mm)
        words.drawOn(self.canv, left, self.side_height + 1)

    def _draw_strokes(self, strokes: Iterable[Any], left: float) -> None:
        canvas = self.canv
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(left, 0, self.picture_width, self.side_height)
        canvas.clipPath(frame, stroke=0, fill=0)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for width, colour in ((2.6, EDGE), (1.3, white)):
            canvas.setLineWidth(width)
            canvas.setStrokeColor(colour)
            for stroke in strokes:
                points = [(left + x * self.picture_width, (1 - y) * self.side_height) for x, y in stroke["points"]]
                self._draw_stroke(stroke["tool"], points)
        canvas.restoreState()

    def _draw_stroke(self, tool: str, points: list[tuple[float, float]]) -> None:
        (x, y), (to_x, to_y) = points[0], points[-1]
        if tool == "box":
            self.canv.rect(min(x, to_x), min(y, to_y), abs(to_x - x), abs(to_y - y))
            return
        path = self.canv.beginPath()
        path.moveTo(x, y)
        for point in points[1:] or points:
            path.lineTo(*point)
        if tool == "arrow":
            barbs = arrow_head((x, y), (to_x, to_y), HEAD)
            path.moveTo(*barbs[0])
            path.lineTo(to_x, to_y)
            path.lineTo(*barbs[1])
        self.canv.drawPath(path)


def arrow_head(begin: tuple[float, float], end: tuple[float, float], size: float) -> list[tuple[float, float]]:
    """The outer ends of an arrow's two barbs."""
    angle = math.atan2(end[1] - begin[1], end[0] - begin[0])
    return [(end[0] - size * math.cos(angle + turn), end[1] - size * math.sin(angle + turn)) for turn in (0.5, -0.5)]
