from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.vocabularies import AnnotationCategory, ShotJudgement


class ShotVerdict(models.Model):
    """What one person thinks of one shot of a version. `shot` is its index in the analysis, `start` and `end` its
    source frames, `frame` the master's that was on the screen. The latest of each person counts; triggers refuse any
    change, so that what was thought before stays."""

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="shot_verdicts")
    shot = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    verdict = models.CharField(max_length=10, choices=ShotJudgement)
    category = models.CharField(max_length=20, choices=AnnotationCategory, blank=True)
    words = models.TextField(blank=True)
    frame = models.PositiveBigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    # Where the shot came out as in the version before: what was thought of it there.
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["version", "shot", "-id"], name="verdicts_of_a_shot")]
        constraints = [
            models.CheckConstraint(name="a_judged_shot_has_frames", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="a_bad_case_has_a_category",
                                   condition=~Q(verdict=ShotJudgement.BAD_CASE) | ~Q(category="")),
        ]

    def __str__(self) -> str:
        return f"shot {self.shot} of {self.version}: {self.verdict}"


class ShotOverride(models.Model):
    """What a restorer has settled on for one shot of a version, until a version is derived with it: `changes` as in the
    engine's Override, `retouch` the masks drawn for it. One at a time for each shot."""

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="shot_overrides")
    shot = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    changes = models.JSONField(default=dict)
    retouch = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    derived_as = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["shot"]
        constraints = [
            models.UniqueConstraint(fields=["version", "shot"], name="one_open_override_per_shot",
                                    condition=Q(derived_as=None)),
            models.CheckConstraint(name="an_overridden_shot_has_frames", condition=Q(end__gt=F("start"))),
        ]

    def __str__(self) -> str:
        return f"override for shot {self.shot + 1} of {self.version}"
