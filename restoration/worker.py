"""The worker process: it keeps itself (torch takes seconds to load), shares the cores with its siblings, gives the
work at hand back when it is asked to go, and outlives a Redis that was restarted."""

import logging
import os
import time
from typing import Any

from django.db import close_old_connections
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from rq import SimpleWorker

from restoration.jobs.looking import be_ready
from restoration.jobs.pulse import leaving

log = logging.getLogger(__name__)

# Bounds what a leak in a native library can take. Whoever keeps the worker running starts it again.
MOST_JOBS = 500
REDIS_PATIENCE_SECONDS = 600


class Worker(SimpleWorker):
    """One process, one job at a time."""

    def work(self, *args: Any, **kwargs: Any) -> bool:
        share_cores()
        leaving.clear()
        if kwargs.get("max_jobs") is None:
            kwargs["max_jobs"] = MOST_JOBS
        return bool(super().work(*args, **kwargs))

    def handle_warm_shutdown_request(self) -> None:
        leaving.set()
        super().handle_warm_shutdown_request()

    def execute_job(self, job: Any, queue: Any) -> None:
        """A job writes its result into the database; that RQ cannot note it down meanwhile is no reason to go."""
        # A database that was restarted meanwhile is asked on a new connection.
        close_old_connections()
        try:
            super().execute_job(job, queue)
        except RedisConnectionError as error:
            log.warning("Redis went away while %s was done: %s", job.id, error)
            self._wait_for_redis()

    def _wait_for_redis(self) -> None:
        deadline = time.monotonic() + REDIS_PATIENCE_SECONDS
        while not leaving.is_set():
            try:
                self.connection.ping()
                return
            except RedisError:
                if time.monotonic() > deadline:
                    raise
                leaving.wait(0.5)


class ReadyWorker(Worker):
    """The one that answers people who wait: it has loaded what its jobs need before the first of them comes, and takes
    all cores by threads of its own."""

    def work(self, *args: Any, **kwargs: Any) -> bool:
        for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        be_ready()
        return super().work(*args, **kwargs)


def share_cores() -> None:
    """Workers × threads = cores, and a thread that waits leaves its core to the others. It must be said before torch is
    loaded."""
    workers = max(1, int(os.environ.get("PATINA_WORKERS", "1")))
    threads = str(max(1, len(os.sched_getaffinity(0)) // workers))
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, threads)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
