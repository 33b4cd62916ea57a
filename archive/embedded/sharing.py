"""Who uses a server. Each process holds a shared lock, which the kernel takes back however the process ends: so
nothing has to be cleaned up after a kill -9, and the last one to leave knows that it is the last."""

import atexit
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def starting_or_stopping(data_dir: Path) -> Iterator[None]:
    """One process at a time, for as long as the block lasts."""
    with _beside(data_dir, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def join(data_dir: Path, *, stop: Callable[[], None]) -> None:
    """This process uses the server from now on; `stop` is called at its end if nobody else does. Call it once, within
    `starting_or_stopping`."""
    presence = _beside(data_dir, "users").open("w")
    fcntl.flock(presence, fcntl.LOCK_SH)
    atexit.register(_leave, data_dir, presence, stop, os.getpid())


def _leave(data_dir: Path, presence: IO[str], stop: Callable[[], None], joined_as: int) -> None:
    if os.getpid() != joined_as or not data_dir.exists():
        return
    with starting_or_stopping(data_dir):
        try:
            fcntl.flock(presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            presence.close()
        stop()


def _beside(data_dir: Path, what: str) -> Path:
    return data_dir.with_name(f"{data_dir.name}.{what}")
