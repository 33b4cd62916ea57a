"""The remarks on a version, as the page beside the player shows them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.models import User
from restoration.access import annotations_for
from restoration.annotation_forms import AnnotationForm, FilterForm
from restoration.models import Annotation, AnnotationReply, Version
from restoration.reel_time import ReelTime


@dataclass(frozen=True)
class Remark:
    """One remark with its thread. `words` are what somebody wrote and could not be kept, with the `refusal`."""

    row: Annotation
    first_label: str
    last_label: str
    replies: tuple[AnnotationReply, ...]
    is_own: bool
    may_change: bool
    refusal: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What the player needs to show it on the picture and on the deck."""
        return json.dumps({"start": self.row.start, "end": self.row.end, "side": self.row.side,
                           "drawing": self.row.drawing})


def shown(row: Annotation, reel: ReelTime, user: User, **more: Any) -> Remark:
    replies = tuple(row.replies.all())
    is_own = row.author_id == user.pk
    is_untouched = not row.is_resolved and all(reply.author_id == user.pk for reply in replies)
    return Remark(row, reel.label(row.start), reel.label(row.last), replies, is_own, is_own and is_untouched, **more)


def chosen(rows: Iterable[Annotation], asked: Mapping[str, str]) -> list[Annotation]:
    """Those that a filter lets through."""
    state, about = asked.get("state"), asked.get("about")
    return [row for row in rows
            if (not state or row.is_resolved == (state == "resolved")) and (not about or row.category == about)]


def panel(version: Version, user: User, *, asked: Mapping[str, Any] | None = None,
          form: AnnotationForm | None = None) -> dict[str, Any]:
    """Everything the panel shows."""
    filter_form = FilterForm(asked or {}, auto_id="notes_%s")
    rows, reel = list(annotations_for(user, version)), ReelTime.of(version)
    return {
        "remarks": [shown(row, reel, user) for row in chosen(rows, filter_form.chosen())],
        "remarks_count": len(rows), "open_count": sum(not row.is_resolved for row in rows),
        "filter_form": filter_form, "annotation_form": form or AnnotationForm(auto_id="note_%s"),
    }
