"""Decisions: one per version, by somebody else than who proposed it, bound to the bytes that were judged."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import User
from archive.vocabularies import EventType
from restoration.access import REVIEWERS
from restoration.actions import standing
from restoration.models import Review, Version
from restoration.vocabularies import Verdict, VersionState

OUTCOMES = {
    Verdict.APPROVED: (VersionState.APPROVED, EventType.APPROVED, gettext_noop("{version} approved")),
    Verdict.REJECTED: (VersionState.REJECTED, EventType.REJECTED, gettext_noop("{version} rejected: {reason}")),
}


def decide(version: Version, *, by: User, decision: Verdict | str, reason: str = "", master_sha256: str) -> Review:
    """Approve or reject a version. `master_sha256` is the digest of the master that the reviewer was shown.

    Raises PermissionDenied for one's own version, and ValidationError with a sentence when the decision has been
    taken, the bytes are others than those that were seen, or a rejection gives no reason.
    """
    require_role(by, REVIEWERS)
    verdict = _verdict(decision)
    reason = reason.strip()
    if verdict == Verdict.REJECTED and not reason:
        raise ValidationError({"reason": _("Say why, so that the next version can be better.")})
    with transaction.atomic():
        locked = Version.objects.select_for_update(of=("self",)).select_related("asset", "master").get(pk=version.pk)
        _refuse_unless_open(locked, by)
        if locked.master is None or locked.master.sha256 != master_sha256:
            raise ValidationError(_("The file has changed since you opened this page. Look at it again, then decide."))
        review = Review.objects.create(version=locked, reviewer=by, decision=verdict, reason=reason,
                                       master_sha256=master_sha256, pair_reel_sha256=locked.pair_reel_sha256)
        state, event, detail = OUTCOMES[verdict]
        Version.objects.filter(pk=locked.pk).update(state=state)
        provenance.record(event, on=locked, by=by, asset=locked.asset, detail=detail, version=str(locked),
                          reason=reason, review=review.pk, master_sha256=master_sha256,
                          pair_reel_sha256=locked.pair_reel_sha256)
        standing.keep(locked.asset)
    version.refresh_from_db()
    return review


def _refuse_unless_open(version: Version, by: User) -> None:
    if version.by_id == by.pk:
        raise PermissionDenied(_("You proposed this version; somebody else judges it."))
    decided = version.reviews.select_related("reviewer").first()
    if decided:
        raise ValidationError(_("%(person)s has decided already: %(decision)s."), params={
            "person": str(decided.reviewer), "decision": decided.get_decision_display()})
    if version.state != VersionState.TO_REVIEW:
        raise ValidationError(_("%(version)s is not ready for review."), params={"version": str(version)})


def _verdict(decision: Verdict | str) -> Verdict:
    try:
        return Verdict(decision)
    except ValueError:
        raise ValidationError({"decision": _("Choose to approve or to reject.")}) from None
