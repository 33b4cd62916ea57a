"""The rights holder's side of a delivery: terms, permission, and the record of every download."""

import hashlib

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.actions import provenance
from archive.models import User
from archive.vocabularies import EventType, Role
from restoration.models import Delivery, DeliveryItem, Download, TermsAcceptance
from restoration.vocabularies import DeliveryState


def terms_digest(delivery: Delivery) -> str:
    """SHA-256 of the exact text."""
    return hashlib.sha256(delivery.terms.encode()).hexdigest()


def accept_terms(delivery: Delivery, *, by: User, address: str | None = None,
                 terms_sha256: str | None = None) -> TermsAcceptance:
    """One person accepts the text as it is now; accepting twice is accepting once.

    terms_sha256: the digest of the text that was shown, so that nobody accepts what they have not read.
    """
    if not _is_for(delivery, by):
        raise PermissionDenied(_("This delivery is for another organisation."))
    digest = terms_digest(delivery)
    if terms_sha256 not in (None, digest):
        raise ValidationError(_("The terms have changed since you opened this page. Read them again."))
    with transaction.atomic():
        acceptance, is_new = TermsAcceptance.objects.get_or_create(
            delivery=delivery, by=by, terms_sha256=digest, defaults={"address": address})
        if is_new:
            provenance.record(EventType.TERMS_ACCEPTED, on=delivery, by=by, asset=delivery.version.asset,
                              detail=gettext_noop("{person} accepted the terms"), person=str(by), terms_sha256=digest)
    return acceptance


def has_accepted(delivery: Delivery, user: User) -> bool:
    return TermsAcceptance.objects.filter(delivery=delivery, by=user, terms_sha256=terms_digest(delivery)).exists()


def may_download(delivery: Delivery, user: User) -> bool:
    """Released now, to this person's organisation, whose current terms they accepted."""
    return _is_for(delivery, user) and has_accepted(delivery, user)


def record_download(item: DeliveryItem, *, by: User, first: int, last: int, sent: int = 0,
                    address: str | None = None) -> Download:
    """Write down one retrieval of the bytes first..last (both included), when it begins or when it is over.

    sent: bytes handed out so far; `finish_download` corrects it. Permission is the caller's gate: what was sent was
    sent, and is recorded whoever asked.
    """
    if not 0 <= first <= last < max(item.size_bytes, 1):
        raise ValueError(f"bytes {first}-{last} of {item.size_bytes}")
    download = Download.objects.create(item=item, by=by, first_byte=first, last_byte=last, address=address)
    if sent:
        finish_download(download, sent=sent)
    return download


def finish_download(download: Download, *, sent: int) -> None:
    """So many of its bytes were handed out. Once a person has had every byte of a file, provenance says so."""
    with transaction.atomic():
        item = DeliveryItem.objects.select_for_update().get(pk=download.item_id)
        had_all = _has_every_byte(item, download.by)
        Download.objects.filter(pk=download.pk).update(sent_bytes=sent, ended_at=timezone.now())
        if not had_all and _has_every_byte(item, download.by):
            delivery = item.delivery
            provenance.record(EventType.DOWNLOADED, on=delivery, by=download.by, asset=delivery.version.asset,
                              detail=gettext_noop("{person} has downloaded all of {name}"), person=str(download.by),
                              name=item.name, sha256=item.sha256)
    download.refresh_from_db()


def _has_every_byte(item: DeliveryItem, by: User) -> bool:
    ranges = Download.objects.filter(item=item, by=by, sent_bytes__gt=0).order_by("first_byte")
    covered = 0
    for first, sent in ranges.values_list("first_byte", "sent_bytes"):
        if first > covered:
            return False
        covered = max(covered, first + sent)
    return covered >= item.size_bytes


def _is_for(delivery: Delivery, user: User) -> bool:
    return (user.is_active and user.role == Role.RIGHTS_HOLDER and user.organisation_id == delivery.recipient_id
            and delivery.state == DeliveryState.RELEASED)
