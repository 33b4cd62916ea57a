"""The bell of restoration: as the archive rings, for jobs of its own."""

from dataclasses import dataclass
from typing import Any

from archive.actions import bell
from archive.actions.bell import QueueName, ringing

__all__ = ["Bell", "QueueName", "ring", "ringing"]


def ring(job: str, *args: Any, name: str, queue: QueueName = "default") -> None:
    """Wake a worker for `restoration.jobs.<job>(*args)` once the transaction around us has been committed.

    name: what the row waits for, such as "run-12-shot-3-attempt-1".
    """
    bell.ring(f"restoration.jobs.{job}", *args, name=name, queue=queue)


@dataclass(frozen=True, slots=True)
class Bell:
    """One ring that is due."""

    job: str
    args: tuple[Any, ...]
    name: str
    queue: QueueName = "default"

    def ring(self) -> None:
        ring(self.job, *self.args, name=self.name, queue=self.queue)
