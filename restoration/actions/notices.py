"""What people are told in the application."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from archive.access import STAFF
from archive.models import User
from restoration.actions import mailing
from restoration.models import Notice

MOST_MENTIONED = 20
_TOKEN = re.compile(r"(?<![\w@.+-])@([\w.@+-]{1,150})")
_ASCII_WORD = re.compile(r"[A-Za-z0-9_]")


def tell(users: Iterable[User], text: str, /, *, about: str = "", **values: Any) -> list[Notice]:
    """Tell each of them once.

    text: an English sentence with {placeholders}, marked for translation where it is written; values: what fills them,
    as plain JSON values; about: the address of what it is about, from the root of the site.
    """
    people, now = {user.pk: user for user in users}, timezone.now()
    told = Notice.objects.bulk_create(
        Notice(user=user, text=text, values=values, about=about, mail_due_at=now if user.email else None)
        for user in people.values())
    for notice in told:
        if notice.mail_due_at:
            mailing.bell(notice).ring()
    return told


def mark_read(user: User, *notices: int) -> int:
    """Mark these of a person's notices as read, or all of them where none is named; how many were unread."""
    unread = Notice.objects.filter(user=user, read_at__isnull=True)
    return (unread.filter(pk__in=notices) if notices else unread).update(read_at=timezone.now())


def mentioned(text: str) -> list[User]:
    """The archive's people whom a text names as @username; of two names that fit the longer one."""
    tokens = _TOKEN.findall(text)[:MOST_MENTIONED]
    wished = [list(_names_at_the_head_of(token)) for token in tokens]
    known = {user.username: user for user in User.objects.filter(
        username__in={name for names in wished for name in names}, role__in=STAFF, is_active=True)}
    named = (next((known[name] for name in names if name in known), None) for names in wished)
    return list({user.pk: user for user in named if user is not None}.values())


def whom_to_mention(user: User) -> Iterable[User]:
    """Everybody whom a text of this person may name, but themselves."""
    return User.objects.filter(role__in=STAFF, is_active=True).exclude(pk=user.pk).order_by("username")


def _names_at_the_head_of(token: str) -> Iterator[str]:
    """“rosa看看” may name rosa and “rosa.” too, but “rosalind” does not: a Latin word is not cut in two."""
    for length in range(len(token), 0, -1):
        if not (_ASCII_WORD.match(token[length:]) and _ASCII_WORD.match(token[length - 1])):
            yield token[:length]
