from django.conf import settings as site
from django.db import models
from django.db.models import Q


class Preset(models.Model):
    """Settings that somebody found worth a name, and the version they were learnt on. `settings` is the engine's
    Settings as JSON, without what held for single shots."""

    name = models.CharField(max_length=100, unique=True)
    description = models.CharField(max_length=500, blank=True)
    settings = models.JSONField()
    learnt_on = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="presets")
    by = models.ForeignKey(site.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="a_preset_has_a_name", condition=Q(name__regex=r"\S"))]

    def __str__(self) -> str:
        return self.name
