"""A version on paper, its notes or its shots: made by a worker, since it decodes frames, and kept until what it says
changes.

No row waits for it: it lies under the digest of all that it says, so that it is there or is asked for.
"""

import contextlib
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from archive.actions.bell import claimed_among
from archive.storage import derivative_path
from restoration.access import annotations_seen
from restoration.actions import bell
from restoration.actions.failing import Sentence
from restoration.interchange.carried import Carried, carried
from restoration.models import Version
from restoration.reel_time import ReelTime

FOLDER, KEPT = "notes", 8


def key_of(version: Version, remarks: list[Carried], language: str) -> str:
    """The derivative key of the PDF that says this and nothing else."""
    return key_in(FOLDER, version, [remark.as_json() for remark in remarks], language)


def key_in(folder: str, version: Version, content: list[Any], language: str) -> str:
    """The derivative key of what says this of the version; `content` as JSON has it."""
    said = [content, version.master.sha256 if version.master else "", language, str(ReelTime.of(version)),
            version.state]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return f"{folder}/{version.pk}/{digest[:32]}.pdf"


def current(version: Version, language: str) -> tuple[str, list[Carried]]:
    """Where the PDF of today's notes lies, and what it says."""
    remarks = carried(annotations_seen(version))
    return key_of(version, remarks, language), remarks


def ask(version: Version, key: str, language: str, *, job: str = "print_notes") -> Sentence | None:
    """Have it made by that job, unless it is there or under way. What went wrong the last time is told once."""
    failed = _failure_path(key)
    if failed.exists():
        told = json.loads(failed.read_text())
        failed.unlink(missing_ok=True)
        return Sentence(told["text"], told["values"])
    name = bell_name(key)
    if derivative_path(key).exists() or name in claimed_among([name]) or name in (bell.ringing() or set()):
        return None
    bell.ring(job, version.pk, language, name=name, queue="high")
    return None


def bell_name(key: str) -> str:
    return f"print-{Path(key).stem}"


def keep(key: str, pdf: bytes) -> None:
    """Place it under its name, whole; of older ones a few stay."""
    _place(derivative_path(key), pdf)
    with contextlib.suppress(FileNotFoundError):
        made = sorted(derivative_path(key).parent.glob("*.pdf"), key=lambda path: path.stat().st_mtime)
        for old in made[:-KEPT]:
            old.unlink(missing_ok=True)


def fail(key: str, sentence: Sentence) -> None:
    _place(_failure_path(key), json.dumps({"text": sentence.text, "values": sentence.values}).encode())


def _failure_path(key: str) -> Path:
    return derivative_path(key).with_suffix(".failed")


def _place(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{uuid.uuid4().hex}.partial")
    try:
        partial.write_bytes(data)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
