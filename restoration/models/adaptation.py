from django.conf import settings
from django.db import models
from django.db.models import Q

from restoration.models.work import QueuedWork
from restoration.vocabularies import WorkState


class Adaptation(QueuedWork):
    """The cleaner adapted to one recording, by itself. `sha256` names its weights, which lie in the holdings; empty
    where the shipped ones stayed, since what was held out came out no better. A trigger refuses any change of what was
    learnt: versions name it by its digest for good. `scores` is the engine's Judgement as JSON.
    """

    asset = models.ForeignKey("archive.Asset", on_delete=models.PROTECT, related_name="adaptations")
    analysis = models.ForeignKey("restoration.Analysis", on_delete=models.PROTECT, related_name="adaptations")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    base_sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    scores = models.JSONField(null=True, blank=True)
    lessons = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)

    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="adapted_weights_are_known_by_their_sha256",
                                   condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="what_was_learnt_was_judged",
                                   condition=~Q(state=WorkState.FINISHED) | Q(scores__isnull=False)),
            models.UniqueConstraint(fields=["asset"], name="one_adaptation_at_a_time_per_asset",
                                    condition=Q(state__in=[WorkState.QUEUED, WorkState.RUNNING])),
        ]

    def __str__(self) -> str:
        return f"adaptation {self.pk}"

    @property
    def name(self) -> str:
        """What its weights are called beside networks that people brought."""
        return f"cleaner · {self.asset.accession_number}"

    @property
    def was_kept(self) -> bool:
        return bool(self.sha256)
