"""Real workers and a real steward on the test's database, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from archive import embedded
from tests.processes.houses import House, free_port, open_house

FOLDERS = ("HOLDINGS_DIR", "DERIVATIVES_DIR", "WORK_DIR", "UPLOADS_DIR")


@dataclass
class Hands:
    """Processes that this test started; `dismiss` ends them all."""

    log: Path
    heartbeat_seconds: int = 3
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def worker(self) -> "subprocess.Popen[bytes]":
        return self._start("rqworker", "high", "default", "low", "--worker-class", "restoration.worker.Worker",
                           "--skip-checks")

    def steward(self) -> "subprocess.Popen[bytes]":
        return self._start("reapruns", "--watch", "0.5")

    def house(self) -> House:
        """The web server, a worker and the steward, kept running by their supervisor."""
        return open_house(free_port(), self.log, self._environment())

    def dismiss(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "manage.py", *command], env=self._environment(),
                                       cwd=settings.BASE_DIR, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def _environment(self) -> dict[str, str]:
        address = os.environ["DATABASE_URL"].rpartition("/")[0]
        return {**os.environ, "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}", "PATINA_WORKERS": "2",
                "SHOT_HEARTBEAT_SECONDS": str(self.heartbeat_seconds),
                **{name: str(getattr(settings, name)) for name in FOLDERS}}


def eventually(what: Callable[[], Any], *, seconds: float = 150, log: Path | None = None) -> Any:
    """The first true answer. A test that waits in vain shows what the processes said."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-4000:] if log and log.exists() else ""
            raise AssertionError(f"It did not come to pass within {seconds:.0f} s.\n{said}")
        time.sleep(0.02)
    return answer


def kill_redis() -> None:
    server = redis.Redis.from_url(os.environ["REDIS_URL"])
    os.kill(server.info("server")["process_id"], signal.SIGKILL)
    eventually(lambda: not _answers(server))


def revive_redis(*, with_its_data: bool = True) -> None:
    if not with_its_data:
        for part in (embedded.var_dir() / "redis").rglob("*.aof*"):
            part.unlink()
    eventually(embedded.revive_redis, seconds=20)


def _answers(server: "redis.Redis") -> bool:
    try:
        return bool(server.ping())
    except redis.exceptions.ConnectionError:
        return False
