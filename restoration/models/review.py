from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from restoration.vocabularies import Verdict


class Review(models.Model):
    """One person's judgement of one version at one stage of its approval, bound to the bytes that were judged, and one
    link in the chain of all decisions.

    `stages` are the rules of approval that held, as `actions.approval.Stage` describes them; `watched` is what the
    browser said it had shown, as `restoration.watched` describes it. Triggers refuse any change, other bytes than the
    version's, a reviewer who proposed it, a version that is not open, and a link that does not follow the last one.
    """

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Verdict)
    reason = models.TextField(blank=True)
    stage = models.PositiveSmallIntegerField(default=1)
    stages = models.JSONField(default=list, blank=True)
    watched = models.JSONField(default=dict, blank=True)
    master_sha256 = models.CharField(max_length=64)
    pair_reel_sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField(default=timezone.now)
    number = models.PositiveBigIntegerField(unique=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "reviewer", "master_sha256", "pair_reel_sha256"],
                                    name="one_decision_per_person_and_bytes"),
            models.CheckConstraint(name="a_rejection_has_a_reason",
                                   condition=~Q(decision=Verdict.REJECTED) | Q(reason__regex=r"\S")),
            models.CheckConstraint(name="an_approval_with_notes_has_notes",
                                   condition=~Q(decision=Verdict.APPROVED_WITH_NOTES) | Q(reason__regex=r"\S")),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.decision}"


class ReviewChain(models.Model):
    """The end of the chain of decisions, in one row: how many there are, and the hash of the last. A trigger moves it
    with each decision; whoever decides locks it first."""

    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_chain_of_decisions", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.length} decisions"
