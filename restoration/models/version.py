from django.conf import settings as site
from django.db import models
from django.db.models import Q

from restoration.vocabularies import VersionState


class Version(models.Model):
    """A promise: source and settings, numbered and immutable, and the result once there.

    `settings` is the engine's Settings as JSON, `reasons` a list of {field, text, values}. Triggers refuse any change
    of number, source or settings, let `master` be set only once, and derive a version from none but one of the same
    asset, source and analysis that has a master.
    """

    asset = models.ForeignKey("archive.Asset", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.ForeignKey("archive.MediaFile", on_delete=models.PROTECT, related_name="versions_from")
    analysis = models.ForeignKey("restoration.Analysis", on_delete=models.PROTECT, related_name="versions")
    preset = models.CharField(max_length=60, blank=True)
    settings = models.JSONField()
    settings_digest = models.CharField(max_length=64)
    reasons = models.JSONField(default=list)
    note = models.TextField(blank=True)
    # The version of the same asset and source whose settings these are, but for some shots.
    derived_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="derived")
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.PLANNED, db_index=True)
    by = models.ForeignKey(site.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)

    master = models.OneToOneField("archive.MediaFile", on_delete=models.PROTECT, null=True,
                                  related_name="version_made")
    report = models.JSONField(null=True)
    # The reviewer's file: where it lies under the derivatives, and its contract (rate, frames, raster, frame map).
    pair_reel_key = models.CharField(max_length=300, blank=True)
    pair_reel_sha256 = models.CharField(max_length=64, blank=True)
    pair_reel = models.JSONField(null=True)
    # An English sentence with {placeholders}, and what fills them.
    not_reviewable_because = models.CharField(max_length=500, blank=True)
    not_reviewable_values = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["asset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="one_version_per_number"),
            models.CheckConstraint(name="what_is_judged_has_a_master",
                                   condition=~Q(state__in=[VersionState.TO_REVIEW, VersionState.APPROVED,
                                                           VersionState.REJECTED]) | Q(master__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"
