"""Approve, reject or abstain: a page of its own for each, so that one can decide without a script; the room opens them
as dialogs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from archive.access import STAFF, require_role
from archive.models import User
from restoration import watched
from restoration.access import REVIEWERS, version_to_judge_for
from restoration.actions import approval, reviews, shots
from restoration.actions.certificate import certificate_of, finished_shots
from restoration.decision_forms import AbstentionForm, ApprovalForm, DecisionForm, RejectionForm
from restoration.engine.facts import AnalysisReport
from restoration.models import Version
from restoration.views.telling import telling
from restoration.views.timeline import reel_lanes
from restoration.vocabularies import VersionState

FORMS: dict[str, type[DecisionForm]] = {"approve": ApprovalForm, "reject": RejectionForm, "abstain": AbstentionForm}


def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _judge(request, pk, "approve")


def reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _judge(request, pk, "reject")


def abstain(request: HttpRequest, pk: int) -> HttpResponse:
    return _judge(request, pk, "abstain")


def _judge(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    user = require_role(request.user, STAFF)
    version = version_to_judge_for(user, pk)
    panel = decision_panel(version, user)
    require_role(user, panel["roles"])
    form = FORMS[decision](request.POST or None, initial=_seen(version))
    if request.method == "POST" and form.is_valid():
        with telling(request) as asked:
            _decide(version, user, form)
        if asked.was_done:
            _tell(request, version)
        return redirect("review-inbox" if asked.was_done else "review", *([] if asked.was_done else [pk]))
    return render(request, "restoration/decide.html", {
        **panel, "version": version, "asset": version.asset, "form": form, "decision": decision,
    }, status=422 if form.errors else 200)


def _decide(version: Version, user: User, form: DecisionForm) -> None:
    said = form.cleaned_data
    reviews.decide(version, by=user, decision=form.verdict(), reason=said["reason"],
                   master_sha256=said["master_sha256"], pair_reel_sha256=said["pair_reel_sha256"] or None,
                   watched=_watched(version, said["watched"]))


def _tell(request: HttpRequest, version: Version) -> None:
    words = {
        VersionState.APPROVED: _("%(version)s is approved."),
        VersionState.REJECTED: _("%(version)s goes back to the restorer."),
    }.get(VersionState(version.state), _("Your decision about %(version)s is recorded; others decide with you."))
    messages.success(request, words % {"version": version})


def _watched(version: Version, report: str) -> dict[str, Any]:
    frames = int((version.pair_reel or {}).get("frames", 0))
    return watched.parse(report, frames=frames, shots=shots_of(version, frames)) if report and frames else {}


def shots_of(version: Version, frames: int) -> list[tuple[int, int]]:
    """Where the shots begin and end in the pair reel."""
    lanes = reel_lanes(version, AnalysisReport.model_validate(version.analysis.report))
    return [(max(0, cell.start), min(frames, cell.start + cell.length)) for lane in lanes[:1] for cell in lane.cells
            if cell.start + cell.length > 0 and cell.start < frames]


def _seen(version: Version) -> dict[str, str]:
    return {"master_sha256": version.master.sha256 if version.master else "",
            "pair_reel_sha256": version.pair_reel_sha256}


def decision_panel(version: Version, user: User) -> dict[str, Any]:
    """What stands beside the picture: how far the approval has come, who said what, and whether this person may judge.

    `roles` may judge now; `void_reviews` are about bytes that are no longer the version's.
    """
    told = list(version.reviews.select_related("reviewer"))
    known = approval.counting(version, told)
    here = approval.standing_of(version)
    roles = here.open.stage.roles if here.open else REVIEWERS
    refusal = reviews.why_not(version, here, known, user)
    is_judge = user.role in roles
    seen = _seen(version)
    return {
        "reviews": [review for review in told if review in known],
        "void_reviews": [review for review in told if review not in known],
        "certificate": certificate_of(finished_shots(version), shots.shots_of(version)),
        "approval_standing": here, "roles": roles, "is_judge": is_judge, "why_not": refusal,
        "can_judge": is_judge and not refusal,
        "approval": ApprovalForm(initial=seen, auto_id="approve_%s"),
        "rejection": RejectionForm(initial=seen, auto_id="reject_%s"),
        "abstention": AbstentionForm(initial=seen, auto_id="abstain_%s"),
    }
