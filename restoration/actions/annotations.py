"""Remarks on a version: written once, answered, resolved; corrected or withdrawn by their author until answered."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import STAFF, require_role
from archive.actions.catalogue import preferred_title
from archive.models import User
from restoration import drawings
from restoration.actions import notices
from restoration.interchange.carried import refuse_outside
from restoration.models import Annotation, AnnotationReply, Version
from restoration.reel_time import ReelTime
from restoration.vocabularies import AnnotationCategory, PictureSide

LONGEST_TEXT = 4000


def add(version: Version, *, by: User, start: int, end: int, text: str = "", drawing: Any = (),
        side: PictureSide | str = PictureSide.RESTORED, category: AnnotationCategory | str = AnnotationCategory.OTHER,
        key: uuid.UUID | None = None) -> Annotation:
    """Keep a remark at frames `start` to `end` (without `end`) of the version's pair reel, and tell whom it mentions.

    `key` is made by whoever wrote it: a remark that is sent again is not kept again, the first one is returned. Raises
    ValidationError with a sentence for what is no remark, or lies outside the reel.
    """
    require_role(by, STAFF)
    row = Annotation(version=version, start=start, end=end, text=text.strip(), side=side, category=category, author=by,
                     drawing=drawings.as_json(drawings.parse(drawing)), key=key or uuid.uuid4())
    refuse_malformed(row)
    try:
        with transaction.atomic():
            row.save()
            _tell_mentioned(row, row.text, by)
    except IntegrityError:
        known = Annotation.objects.filter(key=row.key).first()
        if known is None:
            raise
        return _same(known, row)
    return row


def reply(annotation: Annotation, *, by: User, text: str, key: uuid.UUID | None = None) -> AnnotationReply:
    """Answer in the thread. Its author and whom the answer mentions are told. Idempotent by `key` as `add`."""
    require_role(by, STAFF)
    key = key or uuid.uuid4()
    known = AnnotationReply.objects.filter(key=key, annotation=annotation, author=by).first()
    if known is not None:
        return known
    with transaction.atomic():
        _locked(annotation)
        row = AnnotationReply.objects.create(annotation=annotation, author=by, text=worded(text), key=key)
        _tell_mentioned(annotation, row.text, by, and_also=annotation.author)
    return row


def edit(annotation: Annotation, *, by: User, text: str, category: AnnotationCategory | str) -> None:
    """Correct the words of one's own remark, as long as nobody has answered or resolved it."""
    text = text.strip()

    def change(row: Annotation) -> None:
        _refuse_unless_own_and_open(row, by)
        row.text, row.category, row.edited_at = text, category, timezone.now()
        refuse_malformed(row)

    _change(annotation, by, change, "text", "category", "edited_at")


def withdraw(annotation: Annotation, *, by: User) -> None:
    """Take one's own remark back, as long as nobody has answered or resolved it. The row stays, out of sight."""

    def change(row: Annotation) -> None:
        _refuse_unless_own_and_open(row, by)
        row.withdrawn_at = timezone.now()

    _change(annotation, by, change, "withdrawn_at")


def resolve(annotation: Annotation, *, by: User) -> None:
    """Say that there is nothing left to do. Who resolved it first stays."""

    def change(row: Annotation) -> None:
        if not row.is_resolved:
            row.resolved_by, row.resolved_at = by, timezone.now()

    _change(annotation, by, change, "resolved_by", "resolved_at")


def reopen(annotation: Annotation, *, by: User) -> None:

    def change(row: Annotation) -> None:
        row.resolved_by, row.resolved_at = None, None

    _change(annotation, by, change, "resolved_by", "resolved_at")


def _change(annotation: Annotation, by: User, change: Callable[[Annotation], None], *fields: str) -> None:
    require_role(by, STAFF)
    with transaction.atomic():
        row = _locked(annotation)
        change(row)
        row.save(update_fields=fields)
    annotation.refresh_from_db()


def _locked(annotation: Annotation) -> Annotation:
    row = Annotation.objects.select_for_update().get(pk=annotation.pk)
    if row.withdrawn_at:
        raise ValidationError(_("This note was withdrawn by who wrote it."))
    return row


def _refuse_unless_own_and_open(row: Annotation, by: User) -> None:
    if row.author_id != by.pk:
        raise PermissionDenied(_("Only who wrote a note may change or withdraw it."))
    if row.is_resolved:
        raise ValidationError(_("This note is resolved. Open it again to change it."))
    if row.replies.exclude(author=by).exists():
        raise ValidationError(_("Others have answered this note, so it stays as it is. Add a reply, or resolve it."))


def refuse_malformed(row: Annotation) -> None:
    """Raises ValidationError for what lies outside its reel, or says nothing."""
    if row.side not in PictureSide.values or row.category not in AnnotationCategory.values:
        raise ValidationError(_("Choose a side and a category from the lists."))
    refuse_outside(ReelTime.of(row.version), row.start, row.end)
    if row.text or not row.drawing:
        row.text = worded(row.text)


def worded(text: str) -> str:
    """Raises ValidationError for no words, or too many."""
    text = text.replace("\0", "").strip()
    if not text:
        raise ValidationError(_("Write what you see, or draw it."))
    if len(text) > LONGEST_TEXT:
        raise ValidationError(_("A note holds up to %(count)s characters. Split it in two."),
                              params={"count": LONGEST_TEXT})
    return text


def _same(known: Annotation, row: Annotation) -> Annotation:
    """The remark that was kept when it was sent for the first time."""
    if (known.version_id, known.author_id) != (row.version_id, row.author_id):
        raise ValidationError(_("This note bears the mark of another one. Write it again."))
    return known


def _tell_mentioned(annotation: Annotation, text: str, by: User, and_also: User | None = None) -> None:
    about = f"{reverse('review', args=[annotation.version_id])}?f={annotation.start}#note-{annotation.pk}"
    said = {"person": str(by), "version": str(annotation.version), "title": preferred_title(annotation.version.asset),
            "text": text[:200]}
    named = [user for user in notices.mentioned(text) if user.pk != by.pk]
    mentions = gettext_noop("{person} mentions you in a note on {version} of “{title}”: “{text}”")
    notices.tell(named, mentions, about=about, **said)
    others = {user.pk for user in named} | {by.pk}
    if and_also is not None and and_also.pk not in others:
        answers = gettext_noop("{person} answers your note on {version} of “{title}”: “{text}”")
        notices.tell([and_also], answers, about=about, **said)
