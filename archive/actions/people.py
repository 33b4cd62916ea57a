"""Who is let in, and as whom. Nobody is ever deleted: what a person did stays theirs."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archive.actions.agents import agent_named
from archive.actions.wording import words
from archive.models import Agent, User
from archive.vocabularies import AgentKind, Role


def invite(username: str, *, role: Role | str | None = None, organisation: str = "", name: str = "") -> User:
    """The person of that name, who is made where there was none and cannot log in before choosing a password.

    Without a role, who is known keeps theirs. organisation: whom they belong to, by name; a rights holder belongs to
    one. Raises ValidationError.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first() or User(username=username)
        if user.pk is None:
            user.set_unusable_password()
        if role is not None:
            user.role = role
        if organisation:
            user.organisation = (Agent.objects.filter(name=words(organisation)).order_by("kind").first()
                                 or agent_named(organisation, AgentKind.ORGANISATION))
        if name:
            user.first_name, _space, user.last_name = name.strip().partition(" ")
        if not user.role:
            raise ValidationError(_("Say which role a new person has: --role."))
        if user.role == Role.RIGHTS_HOLDER and user.organisation is None:
            raise ValidationError(_("Say for which organisation a rights holder comes: --organisation."))
        user.full_clean(exclude=["password"], validate_constraints=False)
        user.save()
    return user
