"""Redis is only the bell: it tells a worker that a row may be due. What is due is written in the database.

A bell that could not be rung, or was lost with Redis, is rung again by `reap`; one rung twice wakes somebody who finds
nothing left to claim.
"""

import logging
from typing import Any, Literal

import django_rq
from django.db import transaction
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

QueueName = Literal["high", "default", "low"]
QUEUES: tuple[QueueName, ...] = ("high", "default", "low")
# Longer than any shot takes. RQ would otherwise end a job after its queue's default.
JOB_SECONDS = 7 * 24 * 3600


def ring(job: str, *args: Any, job_id: str, queue: QueueName = "default") -> None:
    """Wake a worker for `restoration.jobs.<job>(*args)` once the transaction around us has been committed."""
    transaction.on_commit(lambda: _ring_now(job, args, job_id, queue))


def _ring_now(job: str, args: tuple[Any, ...], job_id: str, queue: QueueName) -> None:
    try:
        django_rq.get_queue(queue, commit_mode="auto").enqueue_call(
            f"restoration.jobs.{job}", args=args, job_id=job_id, timeout=JOB_SECONDS, result_ttl=0,
            failure_ttl=24 * 3600)
    except RedisError as error:
        log.warning("The bell for %s could not be rung and will be rung again: %s", job_id, error)


def waiting_jobs() -> set[str] | None:
    """The names of all jobs that lie in the queues; None when Redis does not answer."""
    try:
        return {job_id for name in QUEUES for job_id in django_rq.get_queue(name).get_job_ids()}
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return None
