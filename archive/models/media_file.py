import uuid
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import Custody, EssenceKind, FieldOrder, Outcome, PreviewState


class MediaFile(models.Model):
    """One named run of bytes we store. Its name is evidence and never a path: bytes lie under `storage_key`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instantiation = models.ForeignKey("archive.Instantiation", on_delete=models.PROTECT, related_name="media_files")
    original_name = models.BinaryField(_("original name"))
    name = models.CharField(_("name"), max_length=1000)
    custody = models.CharField(_("custody"), max_length=20, choices=Custody)
    storage_key = models.CharField(max_length=4096, unique=True)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    wrapper = models.CharField(_("wrapper"), max_length=100)
    duration_seconds = models.DecimalField(_("duration"), max_digits=14, decimal_places=6, null=True)
    start_timecode = models.CharField(_("start timecode"), max_length=11, blank=True)
    remarks = models.JSONField(_("remarks of the probe"), default=list, blank=True)
    preview_state = models.CharField(max_length=20, choices=PreviewState, default=PreviewState.WAITING)
    preview_error = models.CharField(max_length=500, blank=True)
    preview_attempts = models.PositiveSmallIntegerField(default=0)
    # Set while a check waits for a worker or is being done.
    fixity_asked_at = models.DateTimeField(null=True, blank=True)
    fixity_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True,
                                        related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_media_file_has_bytes", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="a_sha256_is_64_hex_digits", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name


class EssenceTrack(models.Model):
    """One stream of a media file: picture, sound or text itself, apart from its wrapper."""

    media_file = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="tracks")
    index = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=EssenceKind)
    codec = models.CharField(max_length=60)
    profile = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=20, blank=True)
    bit_rate = models.BigIntegerField(null=True)
    duration_seconds = models.DecimalField(max_digits=14, decimal_places=6, null=True)

    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    rate_numerator = models.PositiveIntegerField(null=True)
    rate_denominator = models.PositiveIntegerField(null=True)
    is_variable_rate = models.BooleanField(default=False)
    frames = models.PositiveBigIntegerField(null=True)
    field_order = models.CharField(max_length=12, choices=FieldOrder, blank=True)
    pixel_aspect = models.CharField(max_length=20, blank=True)
    display_aspect = models.CharField(max_length=20, blank=True)
    pixel_format = models.CharField(max_length=40, blank=True)
    bit_depth = models.PositiveSmallIntegerField(null=True)
    color_primaries = models.CharField(max_length=30, blank=True)
    color_transfer = models.CharField(max_length=30, blank=True)
    color_matrix = models.CharField(max_length=30, blank=True)
    color_range = models.CharField(max_length=20, blank=True)

    sample_rate = models.PositiveIntegerField(null=True)
    channels = models.PositiveSmallIntegerField(null=True)
    channel_layout = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["media_file", "index"], name="one_track_per_index")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.index}: {self.codec}"

    @property
    def rate(self) -> Fraction | None:
        """Frames per second, exactly."""
        if not self.rate_numerator or not self.rate_denominator:
            return None
        return Fraction(self.rate_numerator, self.rate_denominator)


class FixityCheck(models.Model):
    """One verification that bytes are unchanged, with its outcome; never edited."""

    media_file = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="fixity_checks")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    found_sha256 = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d}"
