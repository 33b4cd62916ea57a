import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from restoration.vocabularies import AnnotationCategory, PictureSide


class Annotation(models.Model):
    """A remark at frames `start` to `end`, without `end` as in shots, counted in the version's pair reel.

    `drawing` is a list of strokes as `restoration.drawings` describes them. `key` is made by the page that wrote the
    remark: sent twice it is kept once. `told_by` and `told_at` say who wrote one that was brought in from a file, and
    when. Triggers refuse to move it to other frames, another version or another author, and to delete it.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("restoration.Version", on_delete=models.PROTECT, related_name="annotations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=PictureSide, default=PictureSide.RESTORED)
    category = models.CharField(max_length=20, choices=AnnotationCategory)
    text = models.TextField(blank=True)
    drawing = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations")
    told_by = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["start", "end", "pk"]
        indexes = [models.Index(fields=["version", "start"], name="annotations_over_time")]
        constraints = [
            models.CheckConstraint(name="an_annotation_covers_a_frame", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="an_annotation_says_or_draws", condition=Q(text__regex=r"\S") | ~Q(drawing=[])),
            models.CheckConstraint(name="annotations_have_a_known_side", condition=Q(side__in=PictureSide.values)),
            models.CheckConstraint(name="who_resolved_is_known_with_when",
                                   condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                                   | Q(resolved_by__isnull=False, resolved_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.start}"

    @property
    def last(self) -> int:
        return self.end - 1

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def author_name(self) -> str:
        return self.told_by or str(self.author)

    @property
    def written_at(self) -> datetime.datetime:
        return self.told_at or self.created_at


class AnnotationReply(models.Model):
    """An answer in the thread of an annotation. Triggers refuse to change or delete it."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_by = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="a_reply_says_something", condition=Q(text__regex=r"\S"))]

    def __str__(self) -> str:
        return f"{self.annotation}: {self.text[:40]}"

    @property
    def author_name(self) -> str:
        return self.told_by or str(self.author)

    @property
    def written_at(self) -> datetime.datetime:
        return self.told_at or self.created_at
