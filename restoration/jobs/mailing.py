"""E-mail, one notice at a time."""

from restoration.actions import mailing


def mail_notice(pk: int) -> None:
    mailing.send(pk)
