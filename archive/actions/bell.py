"""Redis is only the bell: it tells a worker that a row may be due. What is due is written in the database.

A bell that could not be rung, or was lost with Redis, is rung again by the steward; one rung twice wakes somebody who
finds nothing left to do, or somebody else at it.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import django_rq
from django.db import connection, transaction
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

QueueName = Literal["now", "high", "default", "low"]
QUEUES: tuple[QueueName, ...] = ("now", "high", "default", "low")
# Longer than anything takes. RQ would otherwise end a job after its queue's default.
JOB_SECONDS = 7 * 24 * 3600


def ring(job: str, *args: Any, name: str, queue: QueueName = "default") -> None:
    """Wake a worker for `job(*args)`, a dotted name, once the transaction around us has been committed.

    name: what the row waits for, such as "fixity-check-<key>". Each ring is a job of its own under that name, for a job
    that is just ending takes everything with it that RQ keeps under its identifier.
    """
    transaction.on_commit(lambda: _ring_now(job, args, name, queue))


def _ring_now(job: str, args: tuple[Any, ...], name: str, queue: QueueName) -> None:
    try:
        django_rq.get_queue(queue, commit_mode="auto").enqueue_call(
            job, args=args, job_id=f"{name}_{secrets.token_hex(4)}", timeout=JOB_SECONDS, result_ttl=0,
            failure_ttl=7 * 24 * 3600)
    except RedisError as error:
        log.warning("The bell for %s could not be rung and will be rung again: %s", name, error)


def ringing() -> set[str] | None:
    """The names of all bells that lie in the queues; None when Redis does not answer."""
    try:
        return {job_id.rpartition("_")[0] for name in QUEUES for job_id in django_rq.get_queue(name).get_job_ids()}
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return None


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Whether this process, and no other, is to do what the bell of that name asks for, until the end of the block.

    The claim is held by the database session, and is gone with it should the worker die.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


def claimed_among(names: list[str]) -> set[str]:
    """Those of the names that somebody is at right now; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory'"
                       " AND granted AND objsubid = 1"
                       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
        held = {key for (key,) in cursor.fetchall()}
    return {name for name in names if _key(name) in held}


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
