from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.models.work import QueuedWork


class Look(QueuedWork):
    """A few frames of one shot of a version under one or several settings, made while somebody waits.

    `shot` is its index in the analysis, `start` and `end` its source frames; `frames` are the master's numbers;
    `trials` a list of {changes, retouch}, exceptions from the version's settings for this shot; `pictures` those of
    [trial, frame] that are there. Rows and pictures go after a day.
    """

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="looks")
    shot = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    frames = models.JSONField()
    trials = models.JSONField()
    pictures = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["version", "shot", "-id"], name="looks_at_a_shot")]
        constraints = [
            models.CheckConstraint(name="a_look_at_a_shot_with_frames", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="a_look_has_frames_and_trials", condition=~Q(frames=[]) & ~Q(trials=[])),
        ]

    def __str__(self) -> str:
        return f"look {self.pk} at shot {self.shot + 1} of {self.version}"
