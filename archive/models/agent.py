from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import AgentKind, CreditRole


class Agent(models.Model):
    """A person, organisation or program that did or owns something (PREMIS agent)."""

    name = models.CharField(_("name"), max_length=300)
    other_names = ArrayField(models.CharField(max_length=300), default=list, blank=True, verbose_name=_("other names"),
                             help_text=_("In other scripts and spellings; the search finds them too."))
    kind = models.CharField(_("kind"), max_length=20, choices=AgentKind)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "kind"], name="one_agent_per_name_and_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def all_names(self) -> list[str]:
        return [self.name, *self.other_names]


class Credit(models.Model):
    """An agent's part in an asset."""

    asset = models.ForeignKey("archive.Asset", on_delete=models.CASCADE, related_name="credits")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="credits")
    role = models.CharField(_("role"), max_length=20, choices=CreditRole)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["asset", "agent", "role"], name="one_credit_per_agent_and_role")]

    def __str__(self) -> str:
        return f"{self.agent}, {self.get_role_display()}"
