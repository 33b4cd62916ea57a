"""`manage.py up`: the web server and the workers, until Ctrl-C."""

import logging
import os
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from archive import embedded
from archive.models import User
from archive.services import port_is_free, services, workers_wanted
from archive.supervisor import Supervisor

log = logging.getLogger(__name__)


def prepare() -> None:
    """Bring the database up to date and gather the static files."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def supervisor(port: int) -> Supervisor:
    """Everything that runs, ready to be started. Raises CommandError when the port is taken."""
    if not port_is_free(port):
        raise CommandError(f"Port {port} is in use. Choose another one: PORT={port + 1} make demo", returncode=2)
    workers = workers_wanted()
    os.environ["PATINA_WORKERS"] = str(workers)
    keeper = Supervisor(services(port=port, workers=workers), each_tick=_revive_servers)
    keeper.stop_on_signals()
    return keeper


def _revive_servers() -> None:
    try:
        embedded.revive()
    except embedded.EmbeddedServerError as error:
        log.error("%s", error)


class Command(BaseCommand):
    help = "Run the web server and the workers until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        prepare()
        self.stdout.write(f"Patina answers at http://localhost:{port}")
        if not User.objects.exists():
            self.stdout.write("Nobody can log in yet: manage.py invite USERNAME --role administrator")
        supervisor(port).run()
