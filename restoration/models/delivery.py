import uuid

from django.conf import settings
from django.db import models

from restoration.models.failure import CanFail
from restoration.vocabularies import DeliveryState, ItemKind


class Delivery(CanFail):
    """What one rights holder receives: approved renditions, released on a date.

    A trigger refuses a delivery whose version is not approved with the master it has now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey("archive.Agent", on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.DRAFT)
    terms = models.TextField()
    # Names of encoding profiles that are made beside the mezzanine and the viewing copy.
    extras = models.JSONField(default=list, blank=True)
    # Before/after clips of the same version that go along.
    clips = models.ManyToManyField("restoration.BeforeAfterClip", related_name="deliveries", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    packaged_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    progress = models.CharField(max_length=300, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.version} to {self.recipient}"


class DeliveryItem(models.Model):
    """One file of a package. The master is delivered from where it is held; the others lie under the derivatives."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=ItemKind)
    name = models.CharField(max_length=300)
    storage_key = models.CharField(max_length=4096)
    is_holding = models.BooleanField(default=False)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["delivery", "name"], name="one_item_per_name_in_a_delivery")]

    def __str__(self) -> str:
        return self.name


class TermsAcceptance(models.Model):
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="acceptances")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    terms_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "by", "terms_sha256"],
                                               name="terms_are_accepted_once")]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d}"


class Download(models.Model):
    """One recorded retrieval by one person: which bytes were asked for and how many were sent."""

    item = models.ForeignKey(DeliveryItem, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_byte = models.BigIntegerField()
    last_byte = models.BigIntegerField()
    sent_bytes = models.BigIntegerField(default=0)
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.item} bytes {self.first_byte}-{self.last_byte}"
