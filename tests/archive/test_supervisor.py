"""The supervisor starts, revives and stops real processes."""

import sys

import psutil

from archive.services import services
from archive.supervisor import Service, Supervisor

WAIT = [sys.executable, "-c", "import signal; signal.pause()"]


class Visitor:
    """Looks in at every tick, kills what it finds the first time, and leaves when it has been replaced."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.seen: list[int] = []

    def __call__(self) -> None:
        process = self.service.process
        if process is None or process.poll() is not None or process.pid in self.seen:
            return
        self.seen.append(process.pid)
        if len(self.seen) == 1:
            process.kill()
        else:
            self.keeper.stop()

    def run(self) -> None:
        self.keeper = Supervisor([self.service], each_tick=self, tick_seconds=0.01)
        self.keeper.run()


def test_a_process_that_was_killed_is_started_again_and_its_death_is_told() -> None:
    deaths: list[str] = []
    visitor = Visitor(Service("waiter", WAIT, on_death=lambda: deaths.append("waiter")))
    visitor.run()
    assert len(visitor.seen) == 2
    assert deaths == ["waiter"]


def test_nothing_is_left_behind_when_it_stops() -> None:
    visitor = Visitor(Service("waiter", WAIT))
    visitor.run()
    assert not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
                   for pid in visitor.seen)


def test_a_process_that_keeps_dying_is_given_more_and_more_time() -> None:
    service = Service("weakling", [sys.executable, "-c", "raise SystemExit(3)"])
    keeper = Supervisor([service], tick_seconds=0.01)
    service.start()
    waits = []
    for moment in range(3):
        assert service.process is not None
        service.process.wait()
        service.started_at = moment
        keeper._note_death(service, now=moment)
        waits.append(service.not_before - moment)
        service.start()
    assert service.process is not None
    service.process.wait()
    assert waits == [0, 1, 2]


def test_long_work_gives_way_to_whoever_waits_before_a_page() -> None:
    commands = {service.name: service.command for service in services(port=8000, workers=2)}
    niced = [name for name, words in commands.items() if words[0] == "nice"]
    assert niced == ["worker 1", "worker 2"]
    assert {"web server", "ready worker", "steward"} <= set(commands)
