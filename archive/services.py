"""Which processes make up a running Patina."""

import os
import socket
import sys

from django.conf import settings

from archive.supervisor import Service

QUEUES = ("high", "default", "low")
# What a person waits for before the screen. A worker of its own does it, so that no long work is in its way.
AT_ONCE = ("now",)
# A restoration takes every core for hours; whoever looks at a page or waits for a still meanwhile goes first.
GIVING_WAY = ("nice", "-n", "10")


def services(*, port: int, workers: int) -> list[Service]:
    """The web server, the workers, and the one who rings again for work whose worker or bell was lost."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = Service("web server", [
        sys.executable, "-m", "gunicorn", "archive.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--threads", "8", "--worker-class", "gthread", "--timeout", "120", "--log-level", "warning",
    ])
    hands = [
        Service(f"worker {number}", [*GIVING_WAY, *manage, "rqworker", *QUEUES,
                                     "--worker-class", "restoration.worker.Worker", "--verbosity", "0"])
        for number in range(1, workers + 1)
    ]
    ready = Service("ready worker", [*manage, "rqworker", *AT_ONCE, "--worker-class", "restoration.worker.ReadyWorker",
                                     "--verbosity", "0"])
    return [web, *hands, ready, Service("steward", [*manage, "reapruns", "--watch", "2"])]


def workers_wanted() -> int:
    """As many as cores, unless PATINA_WORKERS says otherwise."""
    return max(1, int(os.environ.get("PATINA_WORKERS", len(os.sched_getaffinity(0)))))


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
