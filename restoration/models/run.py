from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.models.work import QueuedWork
from restoration.vocabularies import WorkState


class Run(QueuedWork):
    """One attempt to make a version."""

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    is_joining = models.BooleanField(default=False)
    frames_total = models.PositiveBigIntegerField(default=0)
    # Seconds of one core that it was foreseen to take; null where nothing could be said.
    core_seconds = models.FloatField(null=True)
    # The engine's edition that its shots are made by; "" before they are planned.
    engine = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_run_per_number"),
            models.UniqueConstraint(fields=["version"], name="one_run_at_a_time_per_version",
                                    condition=Q(state__in=[WorkState.QUEUED, WorkState.RUNNING])),
        ]

    def __str__(self) -> str:
        return f"run {self.number} of {self.version}"


class RunShot(models.Model):
    """One shot (or part of a long one) of a run: the unit of work, of resuming and of progress."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shots")
    index = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=WorkState, default=WorkState.QUEUED)
    frames_done = models.PositiveBigIntegerField(default=0)
    segment_digest = models.CharField(max_length=64, blank=True)
    was_reused = models.BooleanField(default=False)
    # The version whose master holds its frames; null where it has a segment of its own.
    held_by = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, null=True, related_name="+")
    # What each repair changed, as engine.facts.ChangeFacts.
    changes = models.JSONField(default=list, blank=True)
    # What enhancement added, as engine.facts.Faithfulness; null where nothing was enhanced.
    faithfulness = models.JSONField(null=True, blank=True)
    # SHA-256 of all weights that its frames come from; null where that was not written down yet.
    weights = models.JSONField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run", "index"]
        constraints = [
            models.UniqueConstraint(fields=["run", "index"], name="one_shot_per_index"),
            models.CheckConstraint(name="a_shot_has_frames", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return f"shot {self.index} of {self.run}"


class RunLogLine(models.Model):
    """What a run says about itself, for people: an English sentence with {placeholders} and what fills them."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=500)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
