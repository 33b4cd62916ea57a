import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.vocabularies import Preference


class BlindTrial(models.Model):
    """Two versions of one recording, shown without their names, to be chosen between. `frames` of the pair reel are
    shown as exact stills. `seed` decides in which order each voter sees them, and is never shown."""

    first = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=300)
    frames = models.JSONField()
    seed = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="a_trial_has_two_versions_and_frames",
                                   condition=~Q(first=F("second")) & ~Q(frames=[])),
        ]

    def __str__(self) -> str:
        return f"Trial {self.pk}"


class BlindVote(models.Model):
    """What one person preferred, and which version they saw on the left. Triggers refuse any change, and a vote in a
    trial that is closed."""

    trial = models.ForeignKey(BlindTrial, on_delete=models.PROTECT, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    preference = models.CharField(max_length=10, choices=Preference)
    preferred = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, null=True, related_name="+")
    left = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["trial", "voter"], name="a_person_votes_once_in_a_trial")]

    def __str__(self) -> str:
        return f"{self.trial} {self.voter}"
