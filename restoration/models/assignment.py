from django.conf import settings
from django.db import models
from django.db.models import Q


class Assignment(models.Model):
    """Somebody asked a person to judge a version, until the end of a day. It ends by itself when they have decided or
    the version is decided; a withdrawn one stays, out of sight."""

    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "reviewer"], condition=Q(withdrawn_at=None),
                                               name="a_person_is_asked_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.reviewer}"
