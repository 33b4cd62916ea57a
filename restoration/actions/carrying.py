"""Remarks that come in from a file: all of them, or none."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from archive.access import STAFF, require_role
from archive.actions import provenance
from archive.models import User
from archive.vocabularies import EventType
from restoration.actions.annotations import refuse_malformed, worded
from restoration.interchange.carried import Carried, CarriedReply, moment
from restoration.interchange.table_reading import MOST_COMPLAINTS, complaint
from restoration.models import Annotation, AnnotationReply, Version

LONGEST_NAME = 200


def take(version: Version, remarks: Sequence[Carried], *, by: User, key: uuid.UUID, file_name: str) -> int:
    """Keep these remarks on a version; how many there are. Raises ValidationError with a sentence for each that is
    none.

    `key` is made when the file is read: taken in twice they are kept once.
    """
    rows = checked(version, remarks, by=by, key=key)
    replies = [row for annotation, remark in zip(rows, remarks, strict=True)
               for row in _replies(annotation, remark.replies, by)]
    with transaction.atomic():
        Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if not rows or Annotation.objects.filter(key=rows[0].key).exists():
            return len(rows)
        Annotation.objects.bulk_create(rows)
        AnnotationReply.objects.bulk_create(replies)
        provenance.record(EventType.ANNOTATIONS_TAKEN, on=version, by=by, asset=version.asset, count=len(rows),
                          file=file_name, version=str(version),
                          detail=gettext_noop("{count} notes on {version} brought in from “{file}”"))
    return len(rows)


def checked(version: Version, remarks: Sequence[Carried], *, by: User, key: uuid.UUID) -> list[Annotation]:
    """The rows that these remarks would be, each able to stand. Raises as `take` does."""
    require_role(by, STAFF)
    rows, complaints = [], []
    for number, remark in enumerate(remarks):
        row = _row(version, remark, by, uuid.uuid5(key, str(number)))
        try:
            refuse_malformed(row)
            for reply in remark.replies:
                worded(reply.text)
        except ValidationError as error:
            complaints.append(complaint(remark.place, error))
        rows.append(row)
    if complaints:
        raise ValidationError(complaints[:MOST_COMPLAINTS])
    return rows


def _row(version: Version, remark: Carried, by: User, key: uuid.UUID) -> Annotation:
    told_at = moment(remark.written_at)
    row = Annotation(
        key=key, version=version, start=remark.start, end=remark.end, side=remark.side, category=remark.category,
        text=remark.text.strip(), drawing=list(remark.drawing), author=by, told_by=remark.author[:LONGEST_NAME],
        told_at=told_at)
    if remark.is_resolved:
        row.resolved_by, row.resolved_at = by, timezone.now()
    return row


def _replies(annotation: Annotation, replies: Sequence[CarriedReply], by: User) -> list[AnnotationReply]:
    return [AnnotationReply(annotation=annotation, author=by, text=reply.text.strip(),
                            told_by=reply.author[:LONGEST_NAME], told_at=moment(reply.written_at))
            for reply in replies]
