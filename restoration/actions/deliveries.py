"""What leaves the house: create, package, release, revoke."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import Agent, User
from archive.vocabularies import EventType, Outcome
from restoration.access import DELIVERERS
from restoration.actions import clips as made_clips
from restoration.actions import standing
from restoration.actions.failing import NO_ERROR, Sentence
from restoration.actions.retrieval import (
    accept_terms,
    finish_download,
    has_accepted,
    may_download,
    record_download,
    terms_digest,
)
from restoration.actions.steps import Bell
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.facts import WIDE_RANGE
from restoration.models import BeforeAfterClip, Delivery, DeliveryItem, Version
from restoration.vocabularies import DeliveryState, VersionState

__all__ = ["EXTRAS", "RECIPIENT", "accept_terms", "create", "finish_download", "has_accepted", "may_download",
           "package", "record_download", "release", "revoke", "terms_digest"]

RECIPIENT = "{recipient}"
# Profiles that a person may choose for a delivery, beside what every delivery has.
EXTRAS = ("hdr10", "hlg", "av1")


def create(version: Version, *, recipient: Agent, terms: str, by: User, extras: Sequence[str] = (),
           clips: Sequence[BeforeAfterClip] = ()) -> Delivery:
    """A delivery of an approved version to a rights holder; its package is made by a job. RECIPIENT in the terms stands
    for the recipient's name; extras: names of the profiles of EXTRAS to make as well; clips: finished ones of its
    master that go along. Raises ValidationError."""
    require_role(by, DELIVERERS)
    if not set(extras) <= set(EXTRAS):
        raise ValidationError({"extras": _("Choose among the copies that are offered.")})
    if not terms.strip():
        raise ValidationError({"terms": _("Write the terms under which the files are handed over.")})
    with transaction.atomic():
        locked = Version.objects.select_for_update(of=("self",)).select_related("asset").get(pk=version.pk)
        if locked.state != VersionState.APPROVED:
            raise ValidationError(_("Only an approved version can be delivered."))
        _refuse_a_second_wide_range(locked, extras)
        going = {clip.pk for clip in clips}
        # Locked, so that none is removed before the delivery holds it.
        held = made_clips.to_deliver(locked).select_for_update().filter(pk__in=going)
        if len(held) != len(going):
            raise ValidationError({"clips": _("Choose among the finished clips of this master.")})
        delivery = Delivery.objects.create(version=locked, recipient=recipient, by=by, extras=list(extras),
                                           terms=terms.replace(RECIPIENT, str(recipient)))
        delivery.clips.set(held)
        bell(delivery).ring()
    return delivery


def _refuse_a_second_wide_range(version: Version, extras: Iterable[str]) -> None:
    transfer = (version.analysis.report or {}).get("source", {}).get("transfer", "")
    if transfer in WIDE_RANGE and any(PROFILES[extra].widens for extra in extras):
        raise ValidationError({"extras": _("This recording has a wide range (%(transfer)s) already; its master holds "
                                           "it. Leave the copies of wide range out.") % {
            "transfer": WIDE_RANGE[transfer]}})


def package(delivery: Delivery, *, by: User) -> None:
    """Try again after a package could not be made."""
    require_role(by, DELIVERERS)
    with transaction.atomic():
        changed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DRAFT).exclude(error_text="").update(
            attempts=0, **NO_ERROR.as_columns())
        if not changed:
            raise ValidationError(_("This package is being made or has been made."))
        delivery.refresh_from_db()
        bell(delivery).ring()


def release(delivery: Delivery, *, by: User) -> None:
    """From now on the recipient's people see it."""
    _change(delivery, {DeliveryState.PACKAGED}, DeliveryState.RELEASED, by=by, event=EventType.RELEASED,
            detail=gettext_noop("{version} released to {recipient}"), column="released_at",
            refusal=_("Only a complete package can be released."))


def revoke(delivery: Delivery, *, by: User) -> None:
    """From the next request on nobody downloads it any more."""
    _change(delivery, {DeliveryState.PACKAGED, DeliveryState.RELEASED}, DeliveryState.REVOKED, by=by,
            event=EventType.REVOKED, detail=gettext_noop("Delivery of {version} to {recipient} revoked"),
            column="revoked_at", refusal=_("Only what was packaged or released can be revoked."))


def bell(delivery: Delivery) -> Bell:
    return Bell("package", (str(delivery.pk),), f"delivery-{delivery.pk}-attempt-{delivery.attempts + 1}", "low")


def waiting() -> QuerySet[Delivery]:
    """Drafts whose package waits for a worker."""
    return Delivery.objects.filter(state=DeliveryState.DRAFT, error_text="")


def claim(pk: str, *, worker: str) -> Delivery | None:
    claimed = Delivery.objects.filter(pk=pk, state=DeliveryState.DRAFT, error_text="").update(
        state=DeliveryState.PACKAGING, worker=worker, heartbeat_at=timezone.now(), attempts=F("attempts") + 1,
        progress="")
    if not claimed:
        return None
    return Delivery.objects.select_related("version__asset", "version__source__instantiation", "version__master",
                                           "version__analysis", "version__by", "recipient", "by").get(pk=pk)


def beat(delivery: Delivery, progress: str) -> bool:
    """Say that it is worked on. False when it is no longer wanted from this worker."""
    return bool(_own(delivery).update(heartbeat_at=timezone.now(), progress=progress))


def finish(delivery: Delivery, items: list[DeliveryItem], *, put_in_place: Callable[[], None]) -> bool:
    """Keep the package, its files and its items together. False when it was no longer this worker's; then the files
    stay where they are, for the places may be another worker's by now."""
    with transaction.atomic():
        if not _own(delivery).select_for_update().exists():
            return False
        put_in_place()
        changed = _own(delivery).update(state=DeliveryState.PACKAGED, packaged_at=timezone.now(), worker="",
                                                progress="", attempts=0)
        if changed:
            DeliveryItem.objects.bulk_create(items)
            _record(delivery, EventType.PACKAGED, gettext_noop("{version} packaged for {recipient}: {files} files"),
                    by=delivery.by, files=len(items), digests={item.name: item.sha256 for item in items})
    return bool(changed)


def fail(delivery: Delivery, sentence: Sentence) -> bool:
    with transaction.atomic():
        changed = _own(delivery).update(state=DeliveryState.DRAFT, worker="", progress="",
                                                **sentence.as_columns())
        if changed:
            _record(delivery, EventType.PACKAGED, sentence.text, by=delivery.by, outcome=Outcome.FAILURE,
                    **sentence.values)
    return bool(changed)


def give_back(delivery: Delivery) -> None:
    """An interrupted package waits again."""
    with transaction.atomic():
        if _own(delivery).update(state=DeliveryState.DRAFT, worker="", progress="",
                                         attempts=F("attempts") - 1):
            delivery.refresh_from_db()
            bell(delivery).ring()


def _own(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PACKAGING, worker=delivery.worker,
                                   attempts=delivery.attempts)


def _change(delivery: Delivery, before: set[DeliveryState], after: DeliveryState, *, by: User, event: EventType,
            detail: str, column: str, refusal: str) -> None:
    require_role(by, DELIVERERS)
    with transaction.atomic():
        changed = Delivery.objects.filter(pk=delivery.pk, state__in=before).update(
            state=after, **{column: timezone.now()})
        if not changed:
            raise ValidationError(refusal)
        _record(delivery, event, detail, by=by)
        standing.keep(delivery.version.asset)
    delivery.refresh_from_db()


def _record(delivery: Delivery, event: EventType, detail: str, *, by: User, outcome: Outcome = Outcome.SUCCESS,
            **facts: Any) -> None:
    provenance.record(event, on=delivery, by=by, asset=delivery.version.asset, outcome=outcome, detail=detail,
                      **{"version": str(delivery.version), "recipient": str(delivery.recipient), **facts})
