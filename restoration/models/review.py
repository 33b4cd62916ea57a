from django.conf import settings
from django.db import models
from django.db.models import Q

from restoration.vocabularies import Verdict


class Review(models.Model):
    """One reviewer's judgement of one version, bound to the bytes that were judged. Triggers refuse any change, a
    digest that is not the master's, and a reviewer who proposed the version."""

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=12, choices=Verdict)
    reason = models.TextField(blank=True)
    master_sha256 = models.CharField(max_length=64)
    pair_reel_sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], name="one_decision_per_version"),
            models.CheckConstraint(name="a_rejection_has_a_reason",
                                   condition=~Q(decision=Verdict.REJECTED) | Q(reason__regex=r"\S")),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.decision}"
