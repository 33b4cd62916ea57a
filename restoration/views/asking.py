"""Whom a version waits for, on its own page."""

from typing import Any

from restoration.actions import approval, assignments
from restoration.decision_forms import AssignmentForm
from restoration.models import Assignment, Version
from restoration.vocabularies import VersionState


def asking(version: Version, here: approval.Standing) -> dict[str, Any]:
    """The form to ask somebody and who has been asked; nothing where nobody can judge it now."""
    if version.state != VersionState.TO_REVIEW or here.open is None:
        return {}
    decided = {review.reviewer_id for review in approval.counting(version, version.reviews.all())}
    asked = Assignment.objects.filter(version=version, withdrawn_at=None).exclude(reviewer__in=decided)
    return {"assign_form": AssignmentForm(people=assignments.who_may_judge(version, here)),
            "asked": asked.select_related("reviewer", "by")}
