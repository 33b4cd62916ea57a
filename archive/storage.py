"""Where bytes live.

Holdings are what we must not lose, derivatives can be made again. A key is a relative path of our own making; the
name a file arrived with is evidence, kept in the row, and never part of a path.
"""

import os
import shutil
import uuid
from pathlib import Path

from django.conf import settings

from archive.models import MediaFile
from archive.vocabularies import Custody


class KeyOutsideStorageError(ValueError):
    """A key that would leave its folder: a programming error or an attack, never a person's mistake."""


def new_holding_key() -> str:
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


def holding_path(media_file: MediaFile) -> Path:
    """Where the bytes of a media file are, copied or in place."""
    if media_file.custody == Custody.IN_PLACE:
        return Path(media_file.storage_key)
    return path_of_key(settings.HOLDINGS_DIR, media_file.storage_key)


def managed_path(key: str) -> Path:
    return path_of_key(settings.HOLDINGS_DIR, key)


def derivative_path(key: str) -> Path:
    return path_of_key(settings.DERIVATIVES_DIR, key)


def preview_key(media_file: MediaFile, name: str) -> str:
    """The derivative key of a preview: poster.jpg, filmstrip.jpg, waveform.json or proxy.mp4."""
    return f"previews/{media_file.pk}/{name}"


def path_of_key(folder: Path, key: str) -> Path:
    root = Path(folder).resolve()
    path = (root / key).resolve()
    if not path.is_relative_to(root) or path == root:
        raise KeyOutsideStorageError(key)
    return path


def place(source: Path, target: Path) -> Path:
    """Move a finished file to its place; across file systems it is copied beside it first and then renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError:
        partial = target.with_name(f"{target.name}.partial")
        try:
            shutil.copyfile(source, partial)
            with partial.open("rb") as copied:
                os.fsync(copied.fileno())
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        source.unlink()
    return target
