"""What a person drew by hand: masks to fill."""

from typing import Self

from pydantic import Field, model_validator

from restoration.engine.errors import gettext_noop
from restoration.engine.settings.refusals import refused
from restoration.engine.settings.section import Section

Point = tuple[float, float]


class Retouch(Section):
    """A mask drawn by a person, filled from the frames around it.

    points are x and y as shares of the picture's width and height, 0..1, at the source's raster. A polygon's are its
    corners, a brush's the middle of its stroke, which is `radius` wide to each side, as a share of the height.
    """

    start: int = Field(ge=0, title=gettext_noop("First frame"))
    end: int = Field(ge=1, title=gettext_noop("Frame after the last"))
    points: tuple[Point, ...] = Field(min_length=1, max_length=2000)
    radius: float | None = Field(None, gt=0, le=0.5, description="None for a polygon.")

    @model_validator(mode="after")
    def _is_a_shape(self) -> Self:
        where = {"start": self.start, "end": self.end}
        if self.end <= self.start:
            raise refused("retouch without frames", **where)
        if self.radius is None and len(self.points) < 3:
            raise refused("retouch of too few corners", **where)
        if any(not 0 <= value <= 1 for point in self.points for value in point):
            raise refused("retouch beside the picture", **where)
        return self
