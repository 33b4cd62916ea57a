"""Notices by e-mail, to whoever has an address: once, in both languages, from a job after the commit.

A mail that cannot be sent is tried again later and stops nothing; the notice itself stands in the application.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from archive.templatetags.patina import said
from restoration.actions.bell import Bell
from restoration.models import Notice

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8


def bell(notice: Notice) -> Bell:
    return Bell("mail_notice", (notice.pk,), f"notice-{notice.pk}-mail-{notice.mail_attempts + 1}", "low")


def waiting() -> QuerySet[Notice]:
    """What is to be mailed by now."""
    return Notice.objects.filter(mailed_at=None, mail_due_at__lte=timezone.now())


def send(pk: int) -> bool:
    """Mail a notice if that is due and nobody else is at it; whether it went out."""
    with transaction.atomic():
        due = waiting().filter(pk=pk).select_related("user")
        notice = due.select_for_update(skip_locked=True, of=("self",)).first()
        if notice is None:
            return False
        try:
            message(notice).send()
        except OSError as error:
            _put_off(notice, error)
        else:
            notice.mailed_at = timezone.now()
        notice.save(update_fields=["mailed_at", "mail_due_at", "mail_attempts"])
    return notice.mailed_at is not None


def message(notice: Notice) -> EmailMessage:
    told = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told.append(said(notice.text, notice.values))
    subject = " ".join(told[0].split())
    body = "\n\n".join([*told, f"{settings.SITE_URL}{notice.about}" if notice.about else settings.SITE_URL])
    return EmailMessage(subject[:150], body, to=[notice.user.email])


def _put_off(notice: Notice, error: OSError) -> None:
    """Twice as long each time, and after a day not at all."""
    notice.mail_attempts += 1
    is_over = notice.mail_attempts >= MOST_ATTEMPTS
    notice.mail_due_at = None if is_over else timezone.now() + timedelta(minutes=2 ** notice.mail_attempts)
    log.warning("Notice %s could not be mailed (attempt %s%s): %s", notice.pk, notice.mail_attempts,
                ", the last" if is_over else "", error)
