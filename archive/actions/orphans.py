"""Bytes that no row keeps: what lies where a process died after placing them and before committing the row about them.

Only what carries a name that this house gives is ever looked at, and only once it has been left alone for a while: it
may belong to a row that is just being written.
"""

import contextlib
import logging
import re
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from archive.models import MediaFile
from archive.previews import NAMES
from archive.storage import path_of_key
from archive.vocabularies import Custody, PreviewState

GRACE = timedelta(days=1)
UNCLAIMED = "unclaimed"
_HOLDING = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.incoming)?")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file that no row keeps. A holding may be the only copy of something; a derivative can be made again."""

    path: Path
    size_bytes: int
    is_holding: bool


def in_holdings(older_than: timedelta = GRACE, *, named: re.Pattern[str] = _HOLDING,
                keys: Callable[[], set[str]] = lambda: set()) -> list[Orphan]:
    """What was taken in, or half taken in, and never became a media file. `named`: how the keys of what is looked for
    are written; `keys`, asked once it is listed: which of them other rows keep."""
    root = Path(settings.HOLDINGS_DIR).resolve()
    # The files first, the rows after them: what is committed in between is kept.
    found = {str(one.path.relative_to(root)): one for one in _idle(root, older_than, is_holding=True)}
    kept = set(MediaFile.objects.values_list("storage_key", flat=True)) | keys()
    return [one for key, one in found.items()
            if named.fullmatch(key) and key not in kept and str(one.path.resolve()) not in kept]


def in_previews(older_than: timedelta = GRACE) -> list[Orphan]:
    """Previews of no media file, and what was left where one that made them died."""
    def keeper() -> Callable[[str, str], bool]:
        states = {str(pk): state for pk, state in MediaFile.objects.values_list("pk", "preview_state")}

        def is_kept(folder: str, name: str) -> bool:
            pk, _, workshop = folder.partition(".")
            return pk in states and (states[pk] == PreviewState.WAITING if workshop else name in NAMES)
        return is_kept

    return in_derivatives("previews", keeper, older_than)


def in_derivatives(kind: str, keeper: Callable[[], Callable[[str, str], bool]], older_than: timedelta) -> list[Orphan]:
    """Files under the derivatives as `kind/folder/name` of which the keeper, asked once they are listed, says no."""
    found = list(_idle(path_of_key(settings.DERIVATIVES_DIR, kind), older_than, is_holding=False))
    is_kept = keeper()
    in_place = set(MediaFile.objects.filter(custody=Custody.IN_PLACE).values_list("storage_key", flat=True))
    return [one for one in found
            if not is_kept(one.path.parent.name, one.path.name) and str(one.path.resolve()) not in in_place]


def clear(orphan: Orphan) -> Path | None:
    """Set a holding aside, from where it can be taken in again, and say where; remove what can be made again."""
    if not orphan.is_holding:
        orphan.path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            orphan.path.parent.rmdir()
        log.warning("No row kept %s (%s bytes): removed", orphan.path, orphan.size_bytes)
        return None
    aside = path_of_key(settings.HOLDINGS_DIR, f"{UNCLAIMED}/{orphan.path.name}")
    aside.parent.mkdir(parents=True, exist_ok=True)
    orphan.path.rename(aside)
    log.warning("No row kept %s (%s bytes): set aside as %s", orphan.path, orphan.size_bytes, aside)
    return aside


def _idle(root: Path, older_than: timedelta, *, is_holding: bool) -> Iterator[Orphan]:
    latest = time.time() - older_than.total_seconds()
    for path in sorted(root.glob("*/*")):
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        # A file that was moved here keeps the time of its last change; when it came is told by the other clock.
        if stat.S_ISREG(found.st_mode) and max(found.st_mtime, found.st_ctime) <= latest:
            yield Orphan(path, found.st_size, is_holding)
