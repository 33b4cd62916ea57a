"""A file is there whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from restoration.engine.errors import DiskFullError, gettext_noop


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; name it `target` only when the block ends well, else remove it.

    Raises DiskFullError when the disk (or the quota) is full.
    """
    partial = target.with_name(f".{target.stem}.partial{target.suffix}")
    try:
        yield partial
        _flush_to_disk(partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(gettext_noop("The disk is full: {name} could not be written. Free some space and try "
                                             "again."), name=target.name) from error
        raise
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())
