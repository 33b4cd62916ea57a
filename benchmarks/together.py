"""Processes that begin together."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier

import psutil


def timed(works: Sequence[Callable[[Barrier], None]]) -> tuple[float, float]:
    """Seconds from when all are ready until all are done, each in a process of its own, and the share of all cores that
    was busy meanwhile. Each waits at the barrier when it has loaded what it needs."""
    spawning = multiprocessing.get_context("spawn")
    ready = spawning.Barrier(len(works) + 1)
    processes = [spawning.Process(target=work, args=(ready,)) for work in works]
    for process in processes:
        process.start()
    ready.wait()
    psutil.cpu_percent()
    began = time.monotonic()
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit(f"One of the processes ended with {process.exitcode}.")
    return time.monotonic() - began, psutil.cpu_percent() / 100
