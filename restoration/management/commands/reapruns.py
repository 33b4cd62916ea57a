"""`manage.py reapruns`: give back what lost its worker, and ring again for what lost its bell."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from archive.actions import waiting
from restoration.actions import looks, runs
from restoration.actions.segments import sweep

log = logging.getLogger(__name__)

SWEEP_SECONDS = 3600


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Give back work whose worker was lost, and ring again for work that nobody was told of."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="do it again and again, this far apart")
        parser.add_argument("--worker", help="the name of a worker that is known to be dead")

    def handle(self, *args: Any, watch: float | None, worker: str | None, **options: Any) -> None:
        if watch is None:
            reaped, rung = runs.reap(worker=worker), waiting.ring_again()
            self.stdout.write(f"{reaped.given_back} given back, {reaped.rung + rung} rung again")
            return
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        swept_at = -float(SWEEP_SECONDS)
        while not ended.is_set():
            self._reap_once()
            if time.monotonic() - swept_at >= SWEEP_SECONDS:
                self._sweep()
                swept_at = time.monotonic()
            ended.wait(watch)

    def _sweep(self) -> None:
        try:
            sweep()
            looks.sweep()
        except (DatabaseError, OSError) as error:
            log.warning("Not everything could be swept: %s", error)
            connection.close()

    def _reap_once(self) -> None:
        """A database that does not answer for a while is no reason to go."""
        try:
            reaped, rung = runs.reap(), waiting.ring_again()
        except DatabaseError as error:
            log.warning("Nothing could be reaped: %s", error)
            connection.close()
            return
        if reaped.given_back or reaped.rung or rung:
            log.info("%s given back, %s rung again", reaped.given_back, reaped.rung + rung)
