"""Masks that a restorer draws on a picture of the master, and the retouches of the source that they stand for."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.media.raster import columns_in_master
from restoration.engine.settings import Retouch, Settings

MOST_MASKS = 20
NO_MASK = gettext_noop("This mask cannot be used. Draw around the place once more.")


@dataclass(frozen=True)
class Shown:
    """Which part of the source's width the master shows, as shares: it may leave out what is no picture."""

    first: float
    width: float

    @classmethod
    def of(cls, source: SourceFacts, settings: Settings) -> "Shown":
        first, columns = columns_in_master(source.width, source.height, source.pixel_aspect, settings)
        return cls(first / source.width, columns / source.width)

    def retouches(self, drawn: str, shot: Shot) -> list[dict[str, Any]]:
        """From what the page sends: a JSON list of polygons, each a list of [x, y], shares of the master's picture.
        They hold for the whole shot. Raises SettingsError."""
        try:
            polygons = json.loads(drawn or "[]")
            if len(polygons) > MOST_MASKS:
                raise SettingsError(gettext_noop("A shot takes up to {count} masks."), count=MOST_MASKS)
            return [Retouch(start=shot.start, end=shot.end, points=tuple(
                (self.first + float(x) * self.width, float(y)) for x, y in polygon)).model_dump(mode="json")
                for polygon in polygons]
        except (ValidationError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise SettingsError(NO_MASK) from error

    def polygons(self, retouch: list[dict[str, Any]]) -> str:
        """The same, back to what the page draws."""
        return json.dumps([[[(x - self.first) / self.width, y] for x, y in each["points"]] for each in retouch])
