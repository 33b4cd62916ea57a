"""What a reviewer draws on a picture: strokes in shares of its width and height, counted from the left and the top."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic import ValidationError as Malformed

MOST_STROKES = 100
MOST_POINTS = 4000
LARGEST_CHARACTERS = 120_000

# A ten-thousandth of the picture is less than half a pixel of a picture 4096 wide.
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(lambda share: round(share, 4))]
Point = tuple[Share, Share]


class _Stroke(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pen(_Stroke):
    tool: Literal["pen"]
    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=MOST_POINTS)]


class Arrow(_Stroke):
    """From its feathers to its head."""

    tool: Literal["arrow"]
    points: tuple[Point, Point]


class Box(_Stroke):
    """Between two opposite corners."""

    tool: Literal["box"]
    points: tuple[Point, Point]


Stroke = Annotated[Pen | Arrow | Box, Field(discriminator="tool")]
_STROKES: TypeAdapter[list[Stroke]] = TypeAdapter(Annotated[list[Stroke], Field(max_length=MOST_STROKES)])


def parse(drawing: str | Sequence[Any]) -> list[Pen | Arrow | Box]:
    """The strokes of a drawing, given as JSON or as what JSON holds. Raises ValidationError with a sentence."""
    if isinstance(drawing, str):
        if len(drawing) > LARGEST_CHARACTERS:
            raise _too_large()
        try:
            drawing = json.loads(drawing or "[]")
        except (ValueError, RecursionError):
            raise ValidationError(_("The drawing cannot be read. Draw it again.")) from None
    try:
        strokes = _STROKES.validate_python(drawing)
    except Malformed:
        raise ValidationError(_("The drawing cannot be read. Draw it again.")) from None
    if sum(len(stroke.points) for stroke in strokes) > MOST_POINTS:
        raise _too_large()
    return strokes


def as_json(strokes: Sequence[Pen | Arrow | Box]) -> list[dict[str, Any]]:
    """As it is stored, and as the page draws it."""
    return [stroke.model_dump(mode="json") for stroke in strokes]


def _too_large() -> ValidationError:
    return ValidationError(_("The drawing is too large. Draw less of it, or say the rest in words."))
