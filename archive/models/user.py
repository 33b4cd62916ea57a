from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.vocabularies import Role


class People(UserManager["User"]):
    use_in_migrations = False

    def create_superuser(self, username: str, email: str | None = None, password: str | None = None,
                         **more: Any) -> "User":
        """Who may do everything at the shell administers the archive too."""
        return super().create_superuser(username, email, password, **{"role": Role.ADMINISTRATOR, **more})


class User(AbstractUser):
    """A person who can log in. The role says what they may do; the organisation, what a rights holder sees."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "archive.Agent", on_delete=models.PROTECT, null=True, blank=True, related_name="users",
        verbose_name=_("organisation"),
    )

    objects: ClassVar[People] = People()

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
        return self.role not in ("", Role.RIGHTS_HOLDER)
