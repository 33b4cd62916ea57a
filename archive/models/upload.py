import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from archive.vocabularies import AssetKind


class Upload(models.Model):
    """A file on its way in from a browser, in pieces; it can be taken up again at `received_bytes`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=1000)
    size_bytes = models.BigIntegerField()
    received_bytes = models.BigIntegerField(default=0)
    asset = models.ForeignKey("archive.Asset", on_delete=models.CASCADE, null=True, related_name="uploads")
    collection = models.ForeignKey("archive.Collection", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=AssetKind, default=AssetKind.PROGRAMME)
    media_file = models.ForeignKey("archive.MediaFile", on_delete=models.SET_NULL, null=True, related_name="+")
    error = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    # When the file was last changed where it comes from, in milliseconds, as the browser says: half of what tells two
    # files of one name and size apart; the bytes are the other half.
    modified_ms = models.BigIntegerField(null=True)
    # When its last byte came.
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.CheckConstraint(
            name="an_upload_receives_no_more_than_its_size",
            condition=Q(received_bytes__gte=0) & Q(received_bytes__lte=F("size_bytes")))]

    def __str__(self) -> str:
        return self.name
