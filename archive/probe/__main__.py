"""The child: read one file, write what was found as JSON to standard output."""

import json
import os
import resource
import sys
from pathlib import Path

from archive.probe.facts import ProbeError
from archive.probe.run import OUT_OF_MEMORY, REFUSED


def main(path: str, name: str, seconds: str, memory_bytes: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from archive.probe.reading import read

    try:
        written = json.dumps(read(Path(path), name, float(seconds) / 4).as_json())
        status = 0
    except ProbeError as error:
        written = json.dumps({"text": error.text, "values": error.values})
        status = REFUSED
    except MemoryError:
        written, status = "", OUT_OF_MEMORY
    sys.stdout.write(written)
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    # Leaving at once: closing a damaged container has nothing to say any more, and might crash.
    os._exit(main(*sys.argv[1:]))
