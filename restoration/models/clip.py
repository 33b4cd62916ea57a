from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.models.work import QueuedWork
from restoration.vocabularies import ClipStyle, WorkState


class BeforeAfterClip(QueuedWork):
    """The master's frames start..end-1 of a version beside the original, as one file to show to people. What is written
    on it is kept as it was asked for; `facts` says what the file holds, `master_sha256` what it was made from.
    """

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="clips")
    style = models.CharField(max_length=12, choices=ClipStyle)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    original_name = models.CharField(max_length=40, blank=True)
    restored_name = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=80, blank=True)
    credit = models.CharField(max_length=120, blank=True)

    file_key = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    facts = models.JSONField(null=True, blank=True)
    master_sha256 = models.CharField(max_length=64, blank=True)

    frames_done = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="a_clip_has_frames", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="a_finished_clip_has_its_file", condition=~Q(state=WorkState.FINISHED) | (
                ~Q(file_key="") & Q(size_bytes__gt=0) & Q(sha256__regex=r"^[0-9a-f]{64}$")
                & Q(master_sha256__regex=r"^[0-9a-f]{64}$"))),
        ]

    def __str__(self) -> str:
        return f"clip {self.pk} of {self.version}"

    @property
    def frames(self) -> int:
        return self.end - self.start

    @property
    def is_of_the_present_master(self) -> bool:
        """Whether it shows the bytes that the version has now."""
        master = self.version.master
        return master is not None and master.sha256 == self.master_sha256
