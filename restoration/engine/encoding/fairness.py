"""An encoder gets its share of the machine, and not the whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_THREADS = Path("/proc/self/task")


@contextmanager
def fairly_scheduled() -> Iterator[None]:
    """Threads that were given real-time priority meanwhile are scheduled like all others again.

    SVT-AV1, where it may, gives it to its own threads and to the one that opens it (SCHED_FIFO at the highest
    priority). Nothing else runs before these, and whatever is started afterwards, a browser or a worker, inherits it.
    """
    before = _in_real_time()
    try:
        yield
    finally:
        for thread in _in_real_time() - before:
            with suppress(ProcessLookupError):
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def _in_real_time() -> set[int]:
    if not _THREADS.is_dir():
        return set()
    return {thread for thread in map(int, (each.name for each in _THREADS.iterdir())) if _is_in_real_time(thread)}


def _is_in_real_time(thread: int) -> bool:
    try:
        return os.sched_getscheduler(thread) in (os.SCHED_FIFO, os.SCHED_RR)
    except ProcessLookupError:
        return False
