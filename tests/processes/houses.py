"""`manage.py up` as a person starts it, watched from outside."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings


@dataclass
class House:
    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def page(self, path: str, *, session: str = "") -> str:
        """What somebody sees there, logged in by that session; nothing while nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}",
                                         headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError):
            return ""

    def answers(self) -> bool:
        return "Patina" in self.page("/log-in")

    def named(self, *words: str) -> list[psutil.Process]:
        """Processes of this house whose command line holds these words."""
        everyone = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in everyone if all(word in " ".join(command(one)) for word in words)]


def command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_house(port: int, log: Path, environment: Mapping[str, str]) -> House:
    """Starts it, with one worker; it may take some seconds until it answers."""
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "manage.py", "up", "--port", str(port)], cwd=settings.BASE_DIR,
                                   env={**environment, "PATINA_WORKERS": "1"}, stdout=said, stderr=said,
                                   start_new_session=True)
    return House(process, port, log)


def house_of_its_own(port: int, var: Path, log: Path) -> House:
    """One with its own servers and data under `var`."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return open_house(port, log, {**environment, "PATINA_VAR": str(var)})
