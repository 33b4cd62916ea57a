"""A remark as it travels: words and whole frames, without a row of ours behind it."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from restoration.models import Annotation
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory, PictureSide

MOST_REMARKS = 2000


@dataclass(frozen=True)
class CarriedReply:
    author: str
    text: str
    written_at: str = ""


@dataclass(frozen=True)
class Carried:
    """At frames `start` to `end` (without `end`) of a reel. Moments are ISO 8601. `place` is where it was read, for
    whoever must be told what is wrong with it, such as "Line 3"."""

    start: int
    end: int
    text: str = ""
    side: str = PictureSide.RESTORED
    category: str = AnnotationCategory.OTHER
    author: str = ""
    written_at: str = ""
    resolved_by: str = ""
    is_resolved: bool = False
    drawing: tuple[Any, ...] = ()
    replies: tuple[CarriedReply, ...] = ()
    place: str = field(default="", compare=False)

    @property
    def last(self) -> int:
        return self.end - 1

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Carried":
        return cls(**{**told, "drawing": tuple(told["drawing"]),
                      "replies": tuple(CarriedReply(**reply) for reply in told["replies"])})


def carried(rows: Iterable[Annotation]) -> list[Carried]:
    """These remarks, with their threads, in their order."""
    return [Carried(
        start=row.start, end=row.end, text=row.text, side=row.side, category=row.category, author=row.author_name,
        written_at=row.written_at.isoformat(timespec="seconds"), is_resolved=row.is_resolved,
        resolved_by=str(row.resolved_by) if row.resolved_by else "", drawing=tuple(row.drawing),
        replies=tuple(CarriedReply(reply.author_name, reply.text,
                                   reply.written_at.isoformat(timespec="seconds"))
                      for reply in row.replies.all())) for row in rows]


def refuse_outside(reel: ReelTime, start: int, end: int) -> None:
    """Raises ValidationError for frames that are not the reel's."""
    if not 0 <= start < end <= reel.frames:
        raise ValidationError(_("A note lies on frames of this reel, which has %(frames)s."),
                              params={"frames": reel.frames})


def clean(text: str) -> str:
    """Without what no database holds: the character zero, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def moment(text: str) -> datetime.datetime | None:
    """A moment as a file tells it; None where it tells none, or none with a time zone."""
    try:
        told = parse_datetime(text)
    except ValueError:
        return None
    return told if told is not None and told.tzinfo is not None else None
