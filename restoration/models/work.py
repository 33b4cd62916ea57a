from django.db import models

from restoration.models.failure import CanFail
from restoration.vocabularies import WorkState


class QueuedWork(CanFail):
    """What a worker does when it is its turn: where it stands, in whose hands and since when."""

    state = models.CharField(max_length=12, choices=WorkState, default=WorkState.QUEUED)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
