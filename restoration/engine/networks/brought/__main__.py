"""The child: inspect one file of weights, write what was found as JSON to standard output."""

import json
import os
import resource
import sys
from pathlib import Path

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought import OUT_OF_MEMORY, REFUSED, as_json


def main(path: str, name: str, seconds: str, memory_bytes: str) -> int:
    from restoration.engine.networks.brought.known import examined, spandrel

    try:
        spandrel()  # Ours, so it may take what it needs; the limits are for what the file asks for.
        _limit(int(seconds), int(memory_bytes))
        written, status = as_json(examined(Path(path).read_bytes(), name)), 0
    except WeightsError as error:
        written, status = json.dumps({"text": error.text, "values": error.values}), REFUSED
    except MemoryError:
        written, status = "", OUT_OF_MEMORY
    except RuntimeError as error:
        if "allocate memory" not in str(error):
            raise
        written, status = "", OUT_OF_MEMORY
    sys.stdout.write(written)
    sys.stdout.flush()
    return status


def _limit(seconds: int, memory_bytes: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, used + seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # It has nothing to write.


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))
