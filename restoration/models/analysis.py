from django.conf import settings
from django.db import models

from restoration.models.work import QueuedWork
from restoration.vocabularies import WorkState


class Analysis(QueuedWork):
    """One scan of a media file. `report` is the engine's AnalysisReport as JSON, present once it is finished."""

    media_file = models.ForeignKey("archive.MediaFile", on_delete=models.PROTECT, related_name="analyses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.JSONField(null=True)
    frames_done = models.PositiveBigIntegerField(default=0)
    frames_total = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_finished_analysis_has_a_report",
                condition=~models.Q(state=WorkState.FINISHED) | models.Q(report__isnull=False)),
            models.UniqueConstraint(fields=["media_file"], name="one_analysis_at_a_time_per_file",
                                    condition=models.Q(state__in=[WorkState.QUEUED, WorkState.RUNNING])),
        ]

    def __str__(self) -> str:
        return f"analysis {self.pk}"
