"""What waits for whom: asked of me and overdue, asked of me, open to me, waiting for others, and decided lately."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import STAFF, require_role
from archive.models import EssenceTrack, User
from archive.vocabularies import EssenceKind
from restoration.access import version_for
from restoration.actions import approval, assignments, reviews
from restoration.decision_forms import AssignmentForm
from restoration.models import Assignment, Review, Version
from restoration.views.telling import telling
from restoration.vocabularies import VersionState

JUDGED = 12


@dataclass(frozen=True)
class Waiting:
    """A version that waits; `mine` is what this person was asked, `asked` whom else."""

    version: Version
    here: approval.Standing
    can_judge: bool
    mine: Assignment | None
    asked: list[Assignment]

    @property
    def answered_by(self) -> Version | None:
        """The version derived from this one that can be judged in its place."""
        return next((each for each in self.version.derived.all() if each.pair_reel_key), None)

    @property
    def due_on(self) -> date | None:
        return self.mine.due_on if self.mine else None

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


def show(request: HttpRequest) -> HttpResponse:
    user = require_role(request.user, STAFF)
    policies = approval.Policies()
    waiting = [_waiting(version, user, policies) for version in _versions()]
    asked = sorted((each for each in waiting if each.can_judge and each.mine),
                   key=lambda each: (each.due_on or date.max, each.version.pk))
    decided = Review.objects.select_related("version__asset", "reviewer").prefetch_related("version__asset__titles")
    return render(request, "restoration/inbox.html", {
        "asked": asked, "overdue": sum(each.is_overdue for each in asked),
        "open": sorted((each for each in waiting if each.can_judge and not each.mine),
                       key=lambda each: each.answered_by is not None),
        "others": [each for each in waiting if not each.can_judge],
        "mine": sum(each.can_judge for each in waiting), "decided": decided[:JUDGED],
    })


def _versions() -> QuerySet[Version]:
    """Oldest first, with everything that is asked of them."""
    pictures = EssenceTrack.objects.filter(kind=EssenceKind.PICTURE)
    open_ones = Assignment.objects.filter(withdrawn_at=None).select_related("reviewer", "by")
    return Version.objects.filter(state=VersionState.TO_REVIEW).select_related(
        "asset", "by", "master", "source", "derived_from").prefetch_related(
        "asset__titles", "runs", "derived", Prefetch("reviews", queryset=Review.objects.select_related("reviewer")),
        Prefetch("master__tracks", queryset=pictures, to_attr="pictures"),
        Prefetch("assignments", queryset=open_ones, to_attr="asked")).defer("report", "reasons").order_by("pk")


def _waiting(version: Version, user: User, policies: approval.Policies) -> Waiting:
    here = approval.standing_of(version, policies=policies)
    known = approval.counting(version, version.reviews.all())
    asked: list[Assignment] = version.asked  # type: ignore[attr-defined]
    can_judge = (here.open is not None and user.role in here.open.stage.roles
                 and not reviews.why_not(version, here, known, user))
    deciders = {review.reviewer_id for review in known}
    return Waiting(version, here, can_judge, next((each for each in asked if each.reviewer_id == user.pk), None),
                   [each for each in asked if each.reviewer_id not in {user.pk, *deciders}])


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, STAFF)
    version = version_for(user, pk)
    form = AssignmentForm(request.POST, people=assignments.who_may_judge(version))
    if form.is_valid():
        said = form.cleaned_data
        with telling(request, _("%(person)s is asked to judge %(version)s.") % {
                "person": said["reviewer"], "version": version}):
            assignments.assign(version, to=said["reviewer"], due_on=said["due_on"], by=user)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("version", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, STAFF)
    assignment = get_object_or_404(Assignment.objects.select_related("reviewer"), pk=pk, withdrawn_at=None)
    with telling(request, _("%(person)s is no longer asked.") % {"person": assignment.reviewer}):
        assignments.withdraw(assignment, by=user)
    return redirect("version", assignment.version_id)
