"""What the repairs of one shot changed, frame by frame: numbers for the report, masks for whoever wants to see them."""

import io
import json
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from restoration.engine import masks
from restoration.engine.facts import ChangeFacts, Faithfulness
from restoration.engine.media.whole import written_whole
from restoration.engine.moments import Moments
from restoration.engine.stage import Flag, Note

INDEX, ADDED = "changes.json", "faithfulness.json"


class Ledger:
    """Notes of one shot. Frames are numbered as the master's are, which lie in the source's time as `moments` says.

    start, end: source frames; what is noted of the frames around them is forgotten. Of what is noted more than once of
    a frame, that which changed most stays.
    """

    def __init__(self, start: int, end: int, moments: Moments) -> None:
        self._moments, self._own = moments, moments.owned(start, end)
        self._shares: dict[str, dict[int, float]] = defaultdict(dict)
        self._flags: dict[str, dict[int, float]] = defaultdict(dict)
        self._masks: dict[str, bytes] = {}

    def pen(self, repair: str, *, of_source: bool) -> tuple[Note, Flag]:
        """The two things a repair may write, of frames numbered as the source's are or as those it makes. What changed
        a frame changed those in between that are made of it."""
        def note(number: int, mask: Tensor | None) -> None:
            share = 1.0 if mask is None else float(mask.float().mean())
            for frame in self._shown(number, of_source):
                if share < self._shares[repair].get(frame, 0.0):
                    continue
                self._shares[repair][frame] = share
                if mask is not None and share > 0:
                    self._masks[masks.named(repair, frame)] = _png(mask)

        def flag(number: int, share: float) -> None:
            for frame in self._shown(number, of_source):
                self._flags[repair][frame] = share

        return note, flag

    def facts(self) -> tuple[ChangeFacts, ...]:
        """One entry for each repair that wrote anything."""
        return tuple(_summed(repair, self._shares[repair], self._flags[repair], len(self._own))
                     for repair in dict.fromkeys([*self._shares, *self._flags]))

    def write(self, target: Path, faithfulness: Faithfulness | None = None) -> None:
        """Everything as one zip: changes.json, what enhancement added where that was measured, and a 1-bit PNG for each
        mask, at the raster it was found on."""
        with written_whole(target) as partial, zipfile.ZipFile(partial, "w") as packed:
            packed.writestr(INDEX, json.dumps([fact.model_dump(mode="json") for fact in self.facts()]))
            if faithfulness is not None:
                packed.writestr(ADDED, faithfulness.model_dump_json())
            for name, picture in self._masks.items():
                packed.writestr(name, picture)

    def _shown(self, number: int, of_source: bool) -> list[int]:
        frames = self._moments.shown_with(number) if of_source else self._moments.retimed_to(number)
        return [frame for frame in frames if frame in self._own]


def read_facts(path: Path) -> tuple[ChangeFacts, ...]:
    """What `write` kept of a shot; nothing where it is gone."""
    if not path.exists():
        return ()
    with zipfile.ZipFile(path) as packed:
        return tuple(ChangeFacts.model_validate(fact) for fact in json.loads(packed.read(INDEX)))


def read_faithfulness(path: Path) -> Faithfulness | None:
    """What `write` kept of what enhancement added; None where nothing was measured or it is gone."""
    if not path.exists():
        return None
    with zipfile.ZipFile(path) as packed:
        return Faithfulness.model_validate_json(packed.read(ADDED)) if ADDED in packed.namelist() else None


def _summed(repair: str, shares: dict[int, float], flags: dict[int, float], frames: int) -> ChangeFacts:
    worst = max(shares, key=lambda number: (shares[number], -number), default=None)
    return ChangeFacts(repair=repair, frames=sum(share > 0 for share in shares.values()),
                       share=round(sum(shares.values()) / frames, 6),
                       worst_share=round(shares[worst], 6) if worst is not None else 0.0,
                       worst_frame=worst, backed_off=tuple(sorted(flags)))


def _png(mask: Tensor) -> bytes:
    written = io.BytesIO()
    Image.fromarray(mask.cpu().numpy().astype(np.uint8) * 255).convert("1").save(written, "PNG")
    return written.getvalue()
