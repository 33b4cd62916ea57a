from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import Role


class User(AbstractUser):
    """A person who can log in. The role says what they may do; the organisation, what a rights holder sees."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "archive.Agent", on_delete=models.PROTECT, null=True, blank=True, related_name="users",
        verbose_name=_("organisation"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_rights_holder_belongs_to_an_organisation",
                condition=~Q(role=Role.RIGHTS_HOLDER) | Q(organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def is_staff_of_archive(self) -> bool:
        return self.role != Role.RIGHTS_HOLDER
