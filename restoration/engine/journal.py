"""Finished segments, each under a digest of everything that made it: what is there need not be made again."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_BLOCK = 1 << 22


def digest_of(parts: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of everything that determines a segment."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes. Asked again for a file that has not changed since, it is not read again."""
    state = path.stat()
    return _read_digest(path.absolute(), state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _read_digest(path: Path, inode: int, size: int, changed: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    """Where the coded frames of a shot lie: in a segment of its own, or among those of a master that is held, which
    `frames` counts from its first."""

    file: Path
    frames: range | None = None


def in_one_go(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same frames in as few pieces as can be: what follows on each other in one master is one of them."""
    held: Piece | None = None
    for piece in pieces:
        if held and held.frames and piece.frames and (held.file, held.frames.stop) == (piece.file, piece.frames.start):
            held = Piece(held.file, range(held.frames.start, piece.frames.stop))
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


class Journal:
    """Segments in a folder, `<digest>.mkv` each. A name means a whole file: the writer renames when it is done.

    count_frames tells how many frames a file holds, 0 for one that cannot be read.
    """

    def __init__(self, folder: Path, count_frames: Callable[[Path], int]) -> None:
        self.folder = folder
        self._count_frames = count_frames
        folder.mkdir(parents=True, exist_ok=True)

    def place(self, digest: str) -> Path:
        """Where the segment of this digest lies, or will."""
        return self.folder / f"{digest}.mkv"

    def find(self, digest: str, frames: int) -> Path | None:
        """The finished segment, if it is there with as many frames as promised; a spoilt one is removed."""
        segment = self.place(digest)
        if not segment.exists():
            return None
        if self._count_frames(segment) != frames:
            segment.unlink()
            return None
        return segment

    def forget_partials(self) -> None:
        """Remove what processes that are gone left half written."""
        for partial in self.folder.glob(".*.partial.mkv"):
            process = partial.name.split(".")[-3]
            if process.isdecimal() and not _is_alive(int(process)):
                partial.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
