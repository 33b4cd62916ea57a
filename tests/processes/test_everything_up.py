"""`manage.py up` as a person starts it: on servers and data of its own, with pieces of it killed."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes.hands import eventually
from tests.processes.houses import House, command, free_port, house_of_its_own

pytestmark = pytest.mark.processes


@pytest.fixture
def var(grounds: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=grounds)) / "var"


@pytest.fixture
def house(var: Path, tmp_path: Path) -> Iterator[House]:
    started = house_of_its_own(free_port(), var, tmp_path / "log")
    try:
        eventually(started.answers, seconds=150, log=started.log)
        yield started
    finally:
        started.close()


def test_web_server_worker_and_redis_come_back_after_kill_9(house: House) -> None:
    for words in (("gunicorn",), ("rqworker",), ("redis-server",)):
        victims = eventually(lambda words=words: house.named(*words), log=house.log)
        for victim in victims:
            victim.kill()
        eventually(lambda words=words, gone={victim.pid for victim in victims}: [
            one for one in house.named(*words) if one.pid not in gone], seconds=150, log=house.log)
    assert eventually(house.answers, seconds=150, log=house.log)


def test_whoever_started_the_servers_a_dead_one_comes_back(house: House, var: Path) -> None:
    postmaster = int((var / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    psutil.Process(postmaster).kill()
    assert eventually(lambda: [one for one in house.named("postgres", "-D") if one.pid != postmaster], seconds=60,
                      log=house.log)
    assert eventually(house.answers, seconds=150, log=house.log)


def test_a_kill_9_of_all_that_keeps_the_others_running_leaves_none_of_them(house: House, var: Path,
                                                                           tmp_path: Path) -> None:
    def kept_running() -> list[psutil.Process]:
        return [one for one in psutil.Process(house.process.pid).children() if set(command(one)) & {
            "rqworker", "reapruns", "gunicorn"}]

    # The web server, the reaper, and two workers: one for what is queued, one for what somebody waits for.
    eventually(lambda: len(kept_running()) == 4, seconds=60, log=house.log)
    kept = kept_running()
    house.process.kill()
    house.process.wait()
    _, alive = psutil.wait_procs(kept, timeout=40)
    assert alive == []
    again = house_of_its_own(house.port, var, tmp_path / "log of the second")
    try:
        eventually(again.answers, seconds=150, log=again.log)
    finally:
        again.close()
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_ctrl_c_stops_everything_and_leaves_no_process_behind(house: House, var: Path) -> None:
    family = psutil.Process(house.process.pid).children(recursive=True)
    assert any("gunicorn" in " ".join(command(one)) for one in family)
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(timeout=60) == 0
    _, alive = psutil.wait_procs(family, timeout=20)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert not (var / "postgres" / "postmaster.pid").exists()
