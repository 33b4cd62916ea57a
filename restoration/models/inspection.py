from django.conf import settings
from django.db import models
from django.db.models import Q

from restoration.models.work import QueuedWork
from restoration.vocabularies import WorkState


class Inspection(QueuedWork):
    """A file that somebody brought as weights, and what they said of it, until a worker has looked into it. Its bytes
    lie in the holdings under the key `incoming` until then; `weights` is what it became.
    """

    name = models.CharField(max_length=100)
    licence = models.CharField(max_length=200)
    origin = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=1000)
    sha256 = models.CharField("SHA-256", max_length=64)
    size_bytes = models.BigIntegerField()
    incoming = models.CharField(max_length=100)
    weights = models.ForeignKey("restoration.Weights", on_delete=models.PROTECT, null=True, related_name="inspections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="what_passed_its_inspection_is_registered",
                                   condition=~Q(state=WorkState.FINISHED) | Q(weights__isnull=False)),
            models.UniqueConstraint(fields=["sha256"], name="one_inspection_at_a_time_of_the_same_bytes",
                                    condition=Q(state__in=[WorkState.QUEUED, WorkState.RUNNING])),
        ]

    def __str__(self) -> str:
        return f"inspection {self.pk}"
