"""What the repairs of a version changed, over all its shots."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from restoration.engine.facts import ChangeFacts
from restoration.engine.settings import Settings
from restoration.models import RunShot


@dataclass(frozen=True)
class Change:
    """One repair. Shares are of the picture: over all frames, and of the frame with most; `backed_off` counts frames it
    left alone because it found more than can be believed."""

    title: str
    frames: int
    share: float
    worst_share: float
    worst_frame: int | None
    backed_off: int


def changes_of(shots: Sequence[RunShot]) -> list[Change]:
    """Of a version's finished shots, in the order in which the repairs run; nothing for versions that were made before
    this was written down."""
    told: dict[str, list[tuple[ChangeFacts, int]]] = defaultdict(list)
    for shot in shots:
        for change in shot.changes:
            told[change["repair"]].append((ChangeFacts.model_validate(change), shot.end - shot.start))
    total = sum(shot.end - shot.start for shot in shots)
    titles = {name: gettext(field.title or name) for name, field in Settings.model_fields.items()}
    return [_summed(title, told[name], total) for name, title in titles.items() if told[name]]


def _summed(title: str, told: list[tuple[ChangeFacts, int]], total: int) -> Change:
    worst = max((change for change, _ in told), key=lambda change: change.worst_share)
    return Change(title, sum(change.frames for change, _ in told),
                  sum(change.share * frames for change, frames in told) / total, worst.worst_share, worst.worst_frame,
                  sum(len(change.backed_off) for change, _ in told))
