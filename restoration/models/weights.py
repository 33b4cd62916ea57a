from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from restoration.engine.networks.brought import can_clean, can_draw_faces, can_enlarge
from restoration.vocabularies import NetworkPurpose


class Weights(models.Model):
    """A file of weights that a person brought, with its licence and what it was found to hold. Its bytes lie in the
    holdings under its digest. A trigger refuses any change of what it is: versions name it by its digest for good. Its
    name, its licence and where it comes from can be corrected."""

    name = models.CharField(_("name"), max_length=100)
    file_name = models.CharField(_("file"), max_length=1000)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size_bytes = models.BigIntegerField(_("size"))
    licence = models.CharField(_("licence"), max_length=200)
    origin = models.CharField(_("where it comes from"), max_length=500, blank=True)

    architecture = models.CharField(_("architecture"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=10, choices=NetworkPurpose)
    scale = models.PositiveSmallIntegerField()
    channels_in = models.PositiveSmallIntegerField()
    channels_out = models.PositiveSmallIntegerField()
    parameters = models.BigIntegerField()
    multiple = models.PositiveIntegerField(default=1)
    least = models.PositiveIntegerField(default=0)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)
    # Since when they are not offered for new versions; those that name them keep them.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "weights"
        verbose_name_plural = "weights"
        constraints = [
            models.CheckConstraint(name="weights_have_a_licence", condition=Q(licence__regex=r"\S")),
            models.CheckConstraint(name="weights_have_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="weights_are_known_by_their_sha256",
                                   condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_a_part(self) -> bool:
        """Whether there is anything here that can be made with it."""
        return self.can_enlarge or self.can_clean or self.can_draw_faces

    @property
    def can_enlarge(self) -> bool:
        return can_enlarge(self.purpose, self.scale, self.channels_in, self.channels_out)

    @property
    def can_clean(self) -> bool:
        return can_clean(self.purpose, self.scale, self.channels_in, self.channels_out)

    @property
    def can_draw_faces(self) -> bool:
        return can_draw_faces(self.purpose, self.channels_in, self.channels_out)
