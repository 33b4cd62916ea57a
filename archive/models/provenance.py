from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import EventType, Outcome


class ProvenanceEvent(models.Model):
    """Something that was done to an object: what, when, by whom, with which outcome. A trigger refuses any change.

    `detail` is an English sentence with {placeholders}, translated when shown; `facts` fills them and may hold more.
    """

    type = models.CharField(_("event"), max_length=30, choices=EventType)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    software = models.CharField(_("by program"), max_length=100, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.SUCCESS)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    asset = models.ForeignKey("archive.Asset", on_delete=models.PROTECT, null=True, related_name="provenance")
    detail = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="provenance_of_object"),
            models.Index(fields=["asset", "-at"], name="provenance_of_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_type_display()}"
