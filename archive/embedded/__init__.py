"""Our own PostgreSQL and Redis, from wheels, for whoever has set neither `DATABASE_URL` nor `REDIS_URL`.

The servers live under `var/` (or `PATINA_VAR`), listen on Unix sockets only, are shared by every process that asks
for them, and stop with the last. Child processes inherit the two addresses through the environment.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from archive.embedded.places import EmbeddedServerError, choose_var, var_dir

__all__ = ["EmbeddedServerError", "choose_var", "revive", "revive_redis", "start_missing_servers", "start_postgres",
           "start_redis", "var_dir", "wanted_by"]

SERVERLESS_COMMANDS = {"makemessages", "help", "--help", "--version", "version", "collectstatic"}


def wanted_by(argv: Sequence[str]) -> bool:
    return len(argv) > 1 and argv[1] not in SERVERLESS_COMMANDS


def start_missing_servers() -> None:
    """Start the servers no address was given for, and publish their addresses to this process and its children."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgres(var_dir() / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_redis(var_dir() / "redis")


def start_postgres(data_dir: Path) -> str:
    """Start, or join, the PostgreSQL whose data is in `data_dir`; return its address with the database `patina`."""
    from archive.embedded import postgres

    return postgres.start(data_dir)


def start_redis(data_dir: Path) -> str:
    """Start, or join, the Redis whose data is in `data_dir`; return its address."""
    from archive.embedded import redis

    return redis.start(data_dir)


def revive() -> bool:
    """Start again whichever of our servers this process uses and has died. True if one had to be."""
    from archive.embedded import postgres

    return any([postgres.revive(), revive_redis()])


def revive_redis() -> bool:
    from archive.embedded import redis

    return redis.revive()
