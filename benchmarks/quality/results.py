"""What was measured, one file a case, so that the table can be put together from single runs."""

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import torch

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "benchmarks" / "quality"
Json = dict[str, Any]


# What the numbers of a case follow from, beside its own file: the engine, and these.
_MEASURING = ("case.py", "detection.py", "measuring.py", "mending.py", "oracles.py", "scores.py", "truth.py")


def keep(half: str, name: str, found: Json, *, source: Path) -> None:
    """Write what was found of a case, with when, where and on which code. source: the file that states the case."""
    path = KEPT / half / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**found, "made": _made(source)}, indent=1) + "\n")


def kept(half: str, name: str) -> Json | None:
    path = KEPT / half / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def code_digest(source: Path) -> str:
    """Of the engine, of what measures, and of the case's own file, as they are now: another digest, other numbers."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    engine = sorted((ROOT / "restoration" / "engine").rglob("*.py"))
    for path in (*engine, *(here / name for name in _MEASURING), source):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def machine() -> str:
    """The processor's name and how many cores this process may use."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")),
                 platform.processor())
    return f"{model}, {len(os.sched_getaffinity(0))} cores, no GPU used"


def versions() -> str:
    import imageio_ffmpeg

    said = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-version"], capture_output=True, text=True, check=True)
    ffmpeg = said.stdout.split()[2]
    return f"Python {platform.python_version()}, torch {torch.__version__}, PyAV {av.__version__}, ffmpeg {ffmpeg}"


def _made(source: Path) -> Json:
    return {"at": datetime.now(UTC).strftime("%Y-%m-%d"), "code": code_digest(source), "machine": machine(),
            "load": round(os.getloadavg()[0], 1), "threads": torch.get_num_threads()}
