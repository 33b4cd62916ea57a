"""The parent's side: start the child, wait, understand what it says."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from archive.errors import gettext_noop
from archive.probe.facts import ProbeError, ProbeResult, UnreadError, result_from_json

REFUSED = 3
OUT_OF_MEMORY = 4

logger = logging.getLogger(__name__)


def probe(path: Path, *, name: str) -> ProbeResult:
    """The facts of the file; `name` is what to call it in sentences. Raises ProbeError."""
    from django.conf import settings

    if not path.exists():
        raise ProbeError(gettext_noop("There is no file “{name}”. Check its name and its folder."), name=name)
    if not path.is_file():
        raise ProbeError(gettext_noop("“{name}” is not a file. Name a video file or a folder of them."), name=name)
    if path.stat().st_size == 0:
        raise ProbeError(gettext_noop("“{name}” is empty (0 bytes). Fetch it again from where it came."), name=name)
    command = [sys.executable, "-m", "archive.probe", str(path.resolve()), name,
               str(settings.PROBE_SECONDS), str(settings.PROBE_MEMORY_BYTES)]
    try:
        child = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=False,  # noqa: S603
                               stdin=subprocess.DEVNULL, timeout=settings.PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadError(gettext_noop("“{name}” could not be read within {seconds} s. It is probably damaged; play it "
                                       "elsewhere to see."), name=name, seconds=settings.PROBE_SECONDS) from None
    return _understand(child, name)


def _understand(child: subprocess.CompletedProcess[bytes], name: str) -> ProbeResult:
    if child.returncode == 0:
        return result_from_json(json.loads(child.stdout))
    if child.returncode == REFUSED:
        said = json.loads(child.stdout)
        raise ProbeError(said["text"], **said["values"])
    if child.returncode == OUT_OF_MEMORY:
        raise UnreadError(gettext_noop("“{name}” would need more memory to read than a recording may: its header is "
                                      "probably damaged. Fetch it again from where it came."), name=name)
    logger.error("Probing %r ended with status %s: %s", name, child.returncode,
                 child.stderr.decode(errors="replace")[-2000:])
    raise UnreadError(gettext_noop("“{name}” makes the reader crash. It is damaged; fetch it again from where it "
                                   "came."), name=name)
