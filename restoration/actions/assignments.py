"""Who is asked to judge what, and until when."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import STAFF, require_role
from archive.actions.catalogue import preferred_title
from archive.models import User
from restoration.actions import approval, notices
from restoration.models import Assignment, Version
from restoration.vocabularies import VersionState

ASKED = gettext_noop("{person} asks you to judge {version} of “{title}”.")
ASKED_UNTIL = gettext_noop("{person} asks you to judge {version} of “{title}” by {due}.")


def assign(version: Version, *, to: User, by: User, due_on: datetime.date | None = None) -> Assignment:
    """Ask a person to judge a version, and tell them; asked again, the day is changed. Raises ValidationError with a
    sentence where they may not judge it, or the day has passed."""
    require_role(by, STAFF)
    if due_on is not None and due_on < timezone.localdate():
        raise ValidationError({"due_on": _("This day has passed. Choose today or a later one.")})
    with transaction.atomic():
        locked = Version.objects.select_for_update(of=("self",)).select_related("asset", "master").get(pk=version.pk)
        if not who_may_judge(locked).filter(pk=to.pk).exists():
            raise ValidationError({"reviewer": _("%(person)s cannot judge this version now. Choose somebody else.") % {
                "person": to}})
        row, _is_new = Assignment.objects.update_or_create(
            version=locked, reviewer=to, withdrawn_at=None, defaults={"due_on": due_on, "by": by})
        if to.pk != by.pk:
            notices.tell([to], ASKED_UNTIL if due_on else ASKED, about=reverse("review", args=[version.pk]),
                         person=str(by), version=str(locked), title=preferred_title(locked.asset),
                         due=due_on.isoformat() if due_on else "")
    return row


def withdraw(assignment: Assignment, *, by: User) -> None:
    """Ask them no longer."""
    require_role(by, STAFF)
    Assignment.objects.filter(pk=assignment.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())


def who_may_judge(version: Version, here: approval.Standing | None = None) -> QuerySet[User]:
    """The people whose decision the open stage of a version waits for; nobody where none is open."""
    here = here or approval.standing_of(version)
    if here.open is None or version.state != VersionState.TO_REVIEW:
        return User.objects.none()
    decided = [review.reviewer_id for review in approval.counting(version, version.reviews.all())]
    return User.objects.filter(role__in=here.open.stage.roles, is_active=True).exclude(
        pk__in=[version.by_id, *decided]).order_by("username")
