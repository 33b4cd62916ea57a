from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import RightsBasis


class RightsStatement(models.Model):
    """What may be done with an asset, on what basis, for whom and how long. Both days of the term belong to it."""

    asset = models.ForeignKey("archive.Asset", on_delete=models.CASCADE, related_name="rights_statements")
    holder = models.ForeignKey("archive.Agent", on_delete=models.PROTECT, related_name="rights_statements",
                               verbose_name=_("rights holder"))
    basis = models.CharField(_("basis"), max_length=20, choices=RightsBasis)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [models.CheckConstraint(
            name="a_term_does_not_end_before_it_begins",
            condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return f"{self.holder}, {self.get_basis_display()}"
