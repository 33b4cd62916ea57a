"""Where our servers keep their data, and where they listen."""

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# A Unix socket's path may not exceed 107 bytes, and what is not plain does not survive being quoted in an address.
LONGEST_FOLDER = 90
PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")


class EmbeddedServerError(RuntimeError):
    """A server that ships with Patina did not come up: one sentence, which names the log that tells why."""


def choose_var(argv: Sequence[str]) -> None:
    """The demo's people have a password that everybody knows: unless a folder is named, it has data of its own."""
    if "demo" in argv[1:2]:
        os.environ.setdefault("PATINA_VAR", str(ROOT / "var" / "demo"))


def var_dir() -> Path:
    """The folder for everything that is data and not code."""
    path = Path(os.environ.get("PATINA_VAR", ROOT / "var"))
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def socket_folder(data_dir: Path, *, uid: int) -> Path:
    """Where the server with this data listens: beside its data or, where that path is no good as an address, in a
    folder of its own that nobody but `uid` may enter.

    It depends on the data's path alone, never on the environment: whoever asks for a server must find the same one.
    """
    data_dir = data_dir.resolve()
    if PLAIN.fullmatch(str(data_dir)) and len(str(data_dir)) <= LONGEST_FOLDER:
        return data_dir
    folder = _folder_in_tmp(data_dir)
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    except FileExistsError:
        _refuse_unless_private(folder, uid)
    return folder


def forget_socket_folder(data_dir: Path) -> None:
    """Once its server has stopped. A folder that is not empty is still needed, or will be found by the next one."""
    folder = _folder_in_tmp(data_dir.resolve())
    with contextlib.suppress(OSError):
        folder.rmdir()


def _folder_in_tmp(data_dir: Path) -> Path:
    return Path("/tmp") / f"patina-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"  # noqa: S108 (checked)


def _refuse_unless_private(folder: Path, uid: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise EmbeddedServerError(f"{folder} should be a folder of ours that nobody else can enter, and is not. "
                                  "Remove it and start again.")
