"""A file is there whole or not at all, and the same each time it is made of the same."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from restoration.engine.errors import DiskFullError, gettext_noop

# Otherwise FFmpeg names each Matroska file and its tracks by numbers from dice, and its own version in them.
ALIKE = {"fflags": "+bitexact"}
# EFBIG is what a file size limit says, which is a full disk to whoever meets it.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; it is named `target` only when the block ends well, else removed.

    Raises DiskFullError when the disk, the quota or the allowed file size is used up.
    """
    partial = target.with_name(f".{target.stem}.{os.getpid()}.partial{target.suffix}")
    try:
        yield partial
        _flush_to_disk(partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise DiskFullError(gettext_noop("The disk is full: “{name}” could not be written. Free some space and "
                                             "try again."), name=target.name) from error
        raise
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())
