from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import CarrierFormat, Condition, Generation


class Instantiation(models.Model):
    """One tangible embodiment of an asset: a physical carrier, or a digital one that holds a media file."""

    asset = models.ForeignKey("archive.Asset", on_delete=models.PROTECT, related_name="instantiations")
    is_physical = models.BooleanField(_("physical"), default=False)
    label = models.CharField(_("label"), max_length=300, blank=True)
    carrier_format = models.CharField(_("format"), max_length=40, choices=CarrierFormat, blank=True)
    generation = models.CharField(_("generation"), max_length=20, choices=Generation, default=Generation.UNKNOWN)
    condition = models.CharField(_("condition"), max_length=20, choices=Condition, default=Condition.UNKNOWN)
    condition_note = models.CharField(_("what was seen"), max_length=500, blank=True)
    shelf = models.CharField(_("shelf"), max_length=100, blank=True)
    derived_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True,
                                     related_name="derivatives", verbose_name=_("made from"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_physical_instantiation_has_a_format",
                                   condition=Q(is_physical=False) | ~Q(carrier_format="")),
        ]

    def __str__(self) -> str:
        return self.label or (self.get_carrier_format_display() if self.is_physical else self.get_generation_display())
