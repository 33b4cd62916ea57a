from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Collection(models.Model):
    """A body of assets kept together for their origin or purpose. Collections nest; actions refuse a cycle."""

    name = models.CharField(_("name"), max_length=300)
    name_zh = models.CharField(_("name in Chinese"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
                               verbose_name=_("part of"))

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(name="a_collection_is_not_its_own_parent",
                                   condition=Q(parent__isnull=True) | ~Q(parent=F("pk"))),
            models.UniqueConstraint(fields=["parent", "name"], name="one_collection_per_name_and_parent",
                                    nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return name_for_the_reader(self.name, self.name_zh)


def name_for_the_reader(name: str, name_zh: str) -> str:
    """The Chinese name to those who read Chinese, where there is one."""
    return name_zh if name_zh and (get_language() or "").startswith("zh") else name
