"""Redis is only the bell: it tells a worker that a row may be due. What is due is written in the database.

A bell that could not be rung, or was lost with Redis, is rung again by `reap`; one rung twice wakes somebody who finds
nothing left to claim.
"""

import logging
import secrets
from typing import Any, Literal

import django_rq
from django.db import transaction
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

QueueName = Literal["high", "default", "low"]
QUEUES: tuple[QueueName, ...] = ("high", "default", "low")
# Longer than any shot takes. RQ would otherwise end a job after its queue's default.
JOB_SECONDS = 7 * 24 * 3600


def ring(job: str, *args: Any, name: str, queue: QueueName = "default") -> None:
    """Wake a worker for `restoration.jobs.<job>(*args)` once the transaction around us has been committed.

    name: what the row waits for, such as "run-12-shot-3-attempt-1". Each ring is a job of its own under that name, for
    a job that is just ending takes everything with it that RQ keeps under its identifier.
    """
    transaction.on_commit(lambda: _ring_now(job, args, name, queue))


def _ring_now(job: str, args: tuple[Any, ...], name: str, queue: QueueName) -> None:
    try:
        django_rq.get_queue(queue, commit_mode="auto").enqueue_call(
            f"restoration.jobs.{job}", args=args, job_id=f"{name}_{secrets.token_hex(4)}", timeout=JOB_SECONDS,
            result_ttl=0, failure_ttl=24 * 3600)
    except RedisError as error:
        log.warning("The bell for %s could not be rung and will be rung again: %s", name, error)


def ringing() -> set[str] | None:
    """The names of all bells that lie in the queues; None when Redis does not answer."""
    try:
        return {job_id.rpartition("_")[0] for name in QUEUES for job_id in django_rq.get_queue(name).get_job_ids()}
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return None
