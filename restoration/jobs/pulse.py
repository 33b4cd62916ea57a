"""A row's heartbeat while its job works: how far it is goes out, whether it should stop comes in."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection

from archive.actions.custody import digest_of
from restoration.engine.errors import Cancelled
from restoration.engine.progress import IsCancelled, Progress, check, never

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
# Set by the worker when it was asked to go: the job at hand is given back within a frame's time.
leaving = threading.Event()


class Pulse:
    """What the engine is given: `report` to say how far it is, `is_cancelled` to ask whether to stop."""

    def __init__(self) -> None:
        self.latest: Progress | None = None
        self.step = ""
        self.taken_away = threading.Event()

    def begin(self, step: str) -> None:
        """The work goes on with another step, whose frames are counted anew."""
        self.step, self.latest = step, None

    def report(self, progress: Progress) -> None:
        self.latest = progress

    def is_cancelled(self) -> bool:
        return leaving.is_set() or self.taken_away.is_set()

    def scaled(self, total: int) -> int:
        """How far it is, counted in frames of another total: the engine counts what it makes, a row what it takes."""
        if self.latest is None or self.latest.total <= 0:
            return 0
        return min(total, self.latest.done * total // self.latest.total)


@contextmanager
def beating(beat: Callable[[Pulse], bool]) -> Iterator[Pulse]:
    """Call `beat` once a second, in a thread and on a connection of its own, until the block ends.

    beat writes the heartbeat and answers whether the row is still this job's and wanted; after False the engine stops
    at the next frame. A database that does not answer for a while changes nothing: the row tells in the end.
    """
    pulse, ended = Pulse(), threading.Event()
    thread = threading.Thread(target=_beat_until, args=(ended, pulse, beat), name="pulse", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        ended.set()
        thread.join()


def _beat_until(ended: threading.Event, pulse: Pulse, beat: Callable[[Pulse], bool]) -> None:
    try:
        while not ended.wait(BEAT_SECONDS):
            try:
                if not beat(pulse):
                    pulse.taken_away.set()
                    return
            except DatabaseError as error:
                log.warning("A heartbeat could not be written: %s", error)
                connection.close()
    finally:
        connection.close()


def carry_out(work: Callable[[Pulse], None], *, beat: Callable[[Pulse], bool], interrupted: Callable[[], object],
              failed: Callable[[Exception], object]) -> None:
    """Do the work of one claimed row. Whatever happens, exactly one of three things is written: the work's own result,
    that it was interrupted, or why it failed."""
    try:
        with beating(beat) as pulse:
            work(pulse)
    except Cancelled:
        interrupted()
    except Exception as error:  # noqa: BLE001 (told to a person and logged with a reference by `failed`)
        failed(error)


def worker_name() -> str:
    """Of this process, unique among all that reach the same database."""
    return f"{socket.gethostname()}-{os.getpid()}"


def file_digest(path: Path, *, is_cancelled: IsCancelled = never) -> str:
    """SHA-256 in hexadecimal. Raises Cancelled within a few megabytes of being asked to stop."""
    with path.open("rb") as file:
        return digest_of(file, report=lambda done, total: check(is_cancelled))
