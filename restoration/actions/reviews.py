"""Decisions: by people of the stage's role, bound to the bytes that were judged, in one chain that only grows."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import STAFF, require_role
from archive.actions import provenance
from archive.actions.catalogue import preferred_title
from archive.models import User
from archive.vocabularies import EventType
from restoration.actions import approval, decision_chain, notices, standing
from restoration.models import Review, Version
from restoration.vocabularies import Verdict, VersionState

EVENTS = {
    VersionState.APPROVED: (EventType.APPROVED, gettext_noop("{version} approved")),
    VersionState.REJECTED: (EventType.REJECTED, gettext_noop("{version} rejected: {reason}")),
    VersionState.TO_REVIEW: (EventType.DECIDED, gettext_noop("{version} judged, and not decided yet")),
}
TOLD = {
    VersionState.APPROVED: gettext_noop("{version} of “{title}” is approved; {person} decided last."),
    VersionState.REJECTED: gettext_noop("{person} rejects {version} of “{title}”: {reason}"),
}


def decide(version: Version, *, by: User, decision: Verdict | str, reason: str = "", master_sha256: str,
           pair_reel_sha256: str | None = None, watched: dict[str, Any] | None = None) -> Review:
    """Judge a version at the stage of its approval that is open, and approve or reject it where that settles it.

    `master_sha256` and `pair_reel_sha256` are the digests of what the reviewer was shown, None where nobody said;
    `watched` is what the browser reported, as `restoration.watched` describes it. Raises PermissionDenied for one's own
    version or another role's stage, and ValidationError with a sentence when the version is decided, this person has
    decided, the bytes are others than those that were seen, or words are missing.
    """
    require_role(by, STAFF)
    verdict = _verdict(decision)
    reason = reason.strip()
    _refuse_silence(verdict, reason)
    with transaction.atomic():
        locked = Version.objects.select_for_update(of=("self",)).select_related("asset", "master").get(pk=version.pk)
        known = approval.counting(locked, locked.reviews.select_related("reviewer"))
        here = approval.standing_of(locked)
        _refuse_unless_open(locked, here, known, by)
        _refuse_other_bytes(locked, master_sha256, pair_reel_sha256)
        review = decision_chain.append(Review(
            version=locked, reviewer=by, decision=verdict, reason=reason, watched=watched or {},
            stage=_open(here).stage.order, stages=[each.stage.as_json() for each in here.stages],
            master_sha256=master_sha256, pair_reel_sha256=locked.pair_reel_sha256))
        _settle(locked, review, by)
    version.refresh_from_db()
    return review


def _settle(version: Version, review: Review, by: User) -> None:
    """Bring the version into the state that its decisions amount to now, and tell who waits for it."""
    after = approval.standing_of(version)
    Version.objects.filter(pk=version.pk).update(state=after.outcome)
    event, detail = EVENTS[after.outcome]
    provenance.record(event, on=version, by=by, asset=version.asset, detail=detail, version=str(version),
                      reason=review.reason, decision=str(review.decision), review=review.pk,
                      decision_hash=review.hash, master_sha256=review.master_sha256,
                      pair_reel_sha256=review.pair_reel_sha256)
    if after.outcome in TOLD:
        notices.tell([version.by], TOLD[after.outcome], about=reverse("review", args=[version.pk]), person=str(by),
                     version=str(version), title=preferred_title(version.asset), reason=review.reason[:200])
    standing.keep(version.asset)


def why_not(version: Version, here: approval.Standing, known: list[Review], by: User) -> str:
    """Why this person cannot judge the version now; empty when they can. known: the decisions that count."""
    if version.state == VersionState.APPROVED:
        return _("This version is approved. Decisions stay as they were made.")
    if version.state == VersionState.REJECTED:
        return _("This version was rejected. A new version can be proposed with other settings.")
    if version.state != VersionState.TO_REVIEW or version.master is None or here.open is None:
        return _("There is nothing to judge yet: this version has no master.")
    if any(review.reviewer_id == by.pk for review in known):
        return _("You have decided about these bytes; what remains is for others.")
    if version.by_id == by.pk and by.role in here.open.stage.roles:
        return _("You proposed this version; somebody else judges it.")
    return ""


def _open(here: approval.Standing) -> approval.StageStanding:
    if here.open is None:
        raise ValidationError(_("There is nothing left to decide."))
    return here.open


def _refuse_unless_open(version: Version, here: approval.Standing, known: list[Review], by: User) -> None:
    if version.state != VersionState.TO_REVIEW and known:
        raise ValidationError(_("%(person)s has decided already: %(decision)s."), params={
            "person": str(known[-1].reviewer), "decision": known[-1].get_decision_display()})
    if version.state == VersionState.TO_REVIEW and here.open is not None:
        require_role(by, here.open.stage.roles)
    else:
        raise ValidationError(_("%(version)s is not ready for review."), params={"version": str(version)})
    if version.by_id == by.pk:
        raise PermissionDenied(_("You proposed this version; somebody else judges it."))
    if refusal := why_not(version, here, known, by):
        raise ValidationError(refusal)


def _refuse_other_bytes(version: Version, master_sha256: str, pair_reel_sha256: str | None) -> None:
    seen = (master_sha256, version.pair_reel_sha256 if pair_reel_sha256 is None else pair_reel_sha256)
    if version.master is None or seen != (version.master.sha256, version.pair_reel_sha256):
        raise ValidationError(_("The file has changed since you opened this page. Look at it again, then decide."))


def _refuse_silence(verdict: Verdict, reason: str) -> None:
    if verdict == Verdict.REJECTED and not reason:
        raise ValidationError({"reason": _("Say why, so that the next version can be better.")})
    if verdict == Verdict.APPROVED_WITH_NOTES and not reason:
        raise ValidationError({"reason": _("Write the notes that go with your approval.")})


def _verdict(decision: Verdict | str) -> Verdict:
    try:
        return Verdict(decision)
    except ValueError:
        raise ValidationError({"decision": _("Choose to approve or to reject.")}) from None
