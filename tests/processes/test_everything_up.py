"""`manage.py up` as a person starts it: on servers and data of its own, with pieces of it killed."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.processes.hands import eventually

pytestmark = pytest.mark.processes


@dataclass
class House:
    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    var: Path

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/log-in", timeout=10) as page:
                return b"Patina" in page.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def named(self, *words: str) -> list[psutil.Process]:
        """Processes of this house whose command line holds these words."""
        everyone = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in everyone if all(word in " ".join(_command(one)) for word in words)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _open_house(port: int, var: Path, log: Path) -> House:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"PATINA_VAR": str(var), "PATINA_WORKERS": "1"}
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "manage.py", "up", "--port", str(port)], cwd=settings.BASE_DIR,
                                   env=environment, stdout=said, stderr=said, start_new_session=True)
    return House(process, port, log, var)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    started = _open_house(_free_port(), tmp_path / "var", tmp_path / "log")
    try:
        eventually(started.answers, seconds=60, log=started.log)
        yield started
    finally:
        started.close()


def test_web_server_worker_and_redis_come_back_after_kill_9(house: House) -> None:
    for words in (("gunicorn",), ("rqworker",), ("redis-server",)):
        victims = eventually(lambda words=words: house.named(*words), log=house.log)
        for victim in victims:
            victim.kill()
        eventually(lambda words=words, gone={victim.pid for victim in victims}: [
            one for one in house.named(*words) if one.pid not in gone], seconds=60, log=house.log)
    assert eventually(house.answers, seconds=60, log=house.log)


def test_whoever_started_the_servers_a_dead_one_comes_back(house: House) -> None:
    postmaster = int((house.var / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    psutil.Process(postmaster).kill()
    assert eventually(lambda: [one for one in house.named("postgres", "-D") if one.pid != postmaster], seconds=60,
                      log=house.log)
    assert eventually(house.answers, seconds=60, log=house.log)


def test_a_kill_9_of_all_that_keeps_the_others_running_leaves_none_of_them(house: House, tmp_path: Path) -> None:
    kept = [one for one in psutil.Process(house.process.pid).children() if set(_command(one)) & {
        "rqworker", "reapruns", "gunicorn"}]
    assert len(kept) == 3
    house.process.kill()
    house.process.wait()
    _, alive = psutil.wait_procs(kept, timeout=40)
    assert alive == []
    again = _open_house(house.port, house.var, tmp_path / "log of the second")
    try:
        eventually(again.answers, seconds=60, log=again.log)
    finally:
        again.close()
    assert not (house.var / "postgres" / "postmaster.pid").exists()


def test_ctrl_c_stops_everything_and_leaves_no_process_behind(house: House) -> None:
    family = psutil.Process(house.process.pid).children(recursive=True)
    assert any("gunicorn" in " ".join(_command(one)) for one in family)
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(timeout=60) == 0
    _, alive = psutil.wait_procs(family, timeout=20)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert not (house.log.parent / "var" / "postgres" / "postmaster.pid").exists()
