"""Keeps a handful of processes running: starts them, starts again whichever dies, stops them all together."""

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

# A process that dies at once is not started again at once: its fault may need a moment to pass.
PATIENCE_SECONDS = (0, 1, 2, 5, 10, 30)
STEADY_SECONDS = 60
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None)


def end_with(parent: int) -> None:
    """Runs in a child before its program: the kernel asks it to go as soon as its parent is gone, however that went."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Service:
    """One process that should be running. `on_death` is told after it died and before it is started again."""

    name: str
    command: Sequence[str]
    on_death: Callable[[], None] | None = None
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    started_at: float = 0.0
    not_before: float = 0.0

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the others in order.
        parent = os.getpid()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, start_new_session=True, preexec_fn=lambda: end_with(parent))
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    services: Sequence[Service]
    each_tick: Callable[[], None] | None = None
    tick_seconds: float = 0.5
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start everything and keep it running until `stop` is called or a signal comes; then stop all of it."""
        try:
            for service in self.services:
                service.start()
            while not self.stopping.wait(self.tick_seconds):
                self._revive_the_dead()
                if self.each_tick:
                    self.each_tick()
        finally:
            self._stop_all()

    def stop(self) -> None:
        self.stopping.set()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop())

    def _revive_the_dead(self) -> None:
        now = time.monotonic()
        for service in self.services:
            if service.is_running:
                continue
            if service.process is not None:
                self._note_death(service, now)
            if now >= service.not_before:
                service.start()

    def _note_death(self, service: Service, now: float) -> None:
        if service.process is None:
            return
        service.deaths = 0 if now - service.started_at > STEADY_SECONDS else service.deaths
        delay = PATIENCE_SECONDS[min(service.deaths, len(PATIENCE_SECONDS) - 1)]
        log.warning("%s ended with status %s; it is started again in %s s", service.name,
                    service.process.returncode, delay)
        service.deaths += 1
        service.not_before = now + delay
        service.process = None
        if service.on_death:
            service.on_death()

    def _stop_all(self) -> None:
        running = [service.process for service in self.services if service.process and service.is_running]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + 15
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
