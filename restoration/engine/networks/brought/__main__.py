"""The child: inspect one file of weights, write what was found as JSON to standard output."""

import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought import OUT_OF_MEMORY, REFUSED, WeightsFacts, as_json
from restoration.engine.networks.brought.kinds import is_pickled


def main(path: str, name: str, seconds: str, memory_bytes: str) -> int:
    try:
        found = _examined(Path(path), name, int(seconds), int(memory_bytes))
        written, status = as_json(found), 0
    except WeightsError as error:
        written, status = json.dumps({"text": error.text, "values": error.values}), REFUSED
    except (MemoryError, RuntimeError) as error:
        from restoration.engine.compute.device import is_out_of_memory

        if not is_out_of_memory(error):
            raise
        written, status = "", OUT_OF_MEMORY
    sys.stdout.write(written)
    sys.stdout.flush()
    return status


def _examined(path: Path, name: str, seconds: int, memory_bytes: int) -> WeightsFacts:
    """What would run code, or is no weights at all, is refused before torch is even there."""
    with _limited(seconds, memory_bytes):
        data = path.read_bytes()
        is_pickled(data, name)
    from restoration.engine.networks.brought.known import examined, spandrel

    spandrel()  # Ours, so it may take what it needs; the limits are for what the file asks for.
    with _limited(seconds, memory_bytes):
        return examined(data, name)


@contextmanager
def _limited(seconds: int, memory_bytes: int) -> Iterator[None]:
    """So much memory more than there is already, and so many seconds of computing."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory_bytes
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    unlimited = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + 1, unlimited))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limit, unlimited))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (unlimited, unlimited))


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))
