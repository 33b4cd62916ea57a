"""Our own PostgreSQL and Redis, as processes that share, leave and die find them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.processes.hands import eventually

pytestmark = pytest.mark.processes

GUEST = """
import sys
from archive import embedded
embedded.start_missing_servers()
import os, psycopg, redis
def works():
    psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT 1")
    return redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], works(), flush=True)
for line in sys.stdin:
    print(works(), flush=True)
"""


class Guest:
    """A process that uses the servers until it is told to leave."""

    def __init__(self, var: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen([sys.executable, "-c", GUEST], cwd=settings.BASE_DIR, text=True,
                                        env={**environment, "PATINA_VAR": str(var)}, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def is_served(self) -> bool:
        assert self.process.stdin is not None
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return self.says() == "True"

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0
        self._hang_up()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._hang_up()

    def _hang_up(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def servers_of(var: Path) -> list[psutil.Process]:
    """The postmaster and Redis of this folder, whoever their parents are."""
    found = []
    for process in psutil.process_iter():
        try:
            words, folder = process.cmdline(), Path(process.cwd())
        except psutil.Error:
            continue
        if str(var / "postgres") in words or (folder == var / "redis" and "redis-server" in words[0]):
            found.append(process)
    return found


@pytest.fixture(scope="module")
def var(grounds: Path) -> Iterator[Path]:
    """Deep, with spaces, in two scripts: no path for a socket. Its data is laid out once."""
    folder = grounds / "深い path, with spaces" / ("long" * 20)
    folder.mkdir(parents=True)
    yield folder
    for process in servers_of(folder):
        process.kill()


def test_two_processes_that_start_at_once_share_what_they_started(var: Path) -> None:
    guests = [Guest(var), Guest(var)]
    first, second = (guest.says() for guest in guests)
    assert first == second
    assert first.endswith("True")
    assert len(servers_of(var)) == 2
    for guest in guests:
        guest.leave()
    assert servers_of(var) == []


def test_who_came_first_may_leave_first(var: Path) -> None:
    first = Guest(var)
    first.says()
    second = Guest(var)
    second.says()
    first.leave()
    assert second.is_served()
    second.leave()
    assert servers_of(var) == []


def test_servers_that_outlived_their_last_guest_are_joined_and_stopped_by_the_next(var: Path) -> None:
    guest = Guest(var)
    before = guest.says()
    guest.kill()
    assert len(servers_of(var)) == 2
    following = Guest(var)
    assert following.says() == before
    following.leave()
    assert servers_of(var) == []


def test_servers_that_outlive_whoever_started_them_do_not_hold_on_to_its_pipe(var: Path) -> None:
    guest = Guest(var)
    guest.says()
    guest.process.kill()
    said, _ = guest.process.communicate(timeout=60)
    assert said == ""
    assert len(servers_of(var)) == 2
    for server in servers_of(var):
        server.kill()
    eventually(lambda: not servers_of(var))


def test_a_kill_9_of_everything_is_recovered_from(var: Path) -> None:
    guest = Guest(var)
    guest.says()
    victims = servers_of(var)
    guest.kill()
    for victim in victims:
        victim.kill()
    eventually(lambda: not servers_of(var))
    following = Guest(var)
    assert following.says().endswith("True")
    following.leave()


def test_the_number_of_a_dead_server_may_be_another_programs_now(var: Path) -> None:
    guest = Guest(var)
    guest.says()
    written = (var / "postgres" / "postmaster.pid").read_text()
    guest.leave()
    (var / "postgres" / "postmaster.pid").write_text(written.replace(written.split("\n")[0], str(os.getpid()), 1))
    following = Guest(var)
    assert following.says().endswith("True")
    following.leave()
