from django.conf import settings
from django.db import models
from django.db.models import Q

from archive.vocabularies import Role

ROLES_THAT_DECIDE = (Role.ARCHIVIST, Role.RESTORER, Role.REVIEWER, Role.ADMINISTRATOR)


class ApprovalPolicy(models.Model):
    """By whom versions of a collection's assets are approved, and of the collections within it that have no policy of
    their own. A row without stages does not exist for long: actions replace all of them together."""

    collection = models.OneToOneField("archive.Collection", on_delete=models.PROTECT, related_name="approval_policy")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.collection}"


class PolicyStage(models.Model):
    """One step of an approval: how many of a role must approve, and whether one rejection among them ends it."""

    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in ROLES_THAT_DECIDE])
    quorum = models.PositiveSmallIntegerField(default=1)
    veto = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "order"], name="stages_come_one_after_the_other"),
            models.CheckConstraint(name="a_stage_is_decided_by_people",
                                   condition=Q(order__gte=1, quorum__gte=1, role__in=ROLES_THAT_DECIDE)),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.quorum} {self.role}"
