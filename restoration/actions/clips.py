"""Before/after clips: asked for by whoever shows a version to people, made by a worker, kept until somebody lets them
go."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import User
from archive.storage import derivative_path
from archive.vocabularies import EventType
from restoration.access import CLIP_MAKERS
from restoration.actions import attempts
from restoration.actions.bell import Bell
from restoration.actions.failing import NO_ERROR, Sentence
from restoration.engine.encoding.captions import Captions
from restoration.engine.encoding.lettering import one_line
from restoration.engine.facts import AnalysisReport
from restoration.engine.moments import Moments
from restoration.engine.settings import parse
from restoration.models import BeforeAfterClip, Version
from restoration.reel_time import ReelTime
from restoration.vocabularies import RESUMABLE_STATES, ClipStyle, DeliveryState, WorkState

MOST_SECONDS = 180
ONGOING = (WorkState.QUEUED, WorkState.RUNNING)
UNPACKAGED = (DeliveryState.DRAFT, DeliveryState.PACKAGING)
_MADE = gettext_noop("Before/after clip of {version} made, frames {first} to {last}: SHA-256 {sha256}")
_MADE_FOR_TWO_EYES = gettext_noop("Clip of {version} for two eyes made, frames {first} to {last}: SHA-256 {sha256}")


def ask(version: Version, *, style: str, start: int, end: int, captions: Captions, language: str,
        by: User) -> BeforeAfterClip:
    """A clip of the frames start..end-1 of the version's pair reel, which are its master's.

    Raises ValidationError for frames that are not there or too many; SettingsError for signs that no font here has.
    """
    require_role(by, CLIP_MAKERS)
    reel = ReelTime.of(version)
    if version.master_id is None or not reel.frames:
        raise ValidationError(_("There is nothing to compare yet: this version has no pair reel."))
    if style not in ClipStyle.values:
        raise ValidationError({"style": _("Choose how both sides are shown.")})
    if not 0 <= start < end <= reel.frames:
        raise ValidationError(_("A clip has at least one frame, and ends within the reel: at %(last)s.") % {
            "last": reel.label(reel.frames - 1)})
    if end - start > MOST_SECONDS * reel.rate:
        raise ValidationError(_("A clip lasts up to %(minutes)s minutes. Choose a shorter stretch.") % {
            "minutes": MOST_SECONDS // 60})
    if style == ClipStyle.STEREO:
        _refuse_for_two_eyes(version, start, end)
    words = Captions(*map(one_line, (captions.original, captions.restored, captions.title, captions.credit)))
    words.face()
    with transaction.atomic():
        clip = BeforeAfterClip.objects.create(
            version=version, style=style, start=start, end=end, language=language, by=by, original_name=words.original,
            restored_name=words.restored, title=words.title, credit=words.credit)
        bell(clip).ring()
    return clip


def _refuse_for_two_eyes(version: Version, start: int, end: int) -> None:
    """Layers are told within one shot, from whole frames."""
    report, settings = AnalysisReport.model_validate(version.analysis.report), parse(version.settings)
    if settings.fields.method == "none" and report.source.scan != "progressive":
        raise ValidationError({"style": _("This master has two fields in a frame; views for two eyes are made from "
                                          "whole frames.")})
    moments, first = Moments.of(settings.fields, settings.retime), int((version.pair_reel or {}).get("first_frame", 0))
    begins = moments.first(first)
    owned = [moments.owned(shot.start, shot.end) for shot in report.shots]
    if not any(one.start - begins <= start and end <= one.stop - begins for one in owned):
        raise ValidationError({"style": _("One shot at a time is made for two eyes. Choose a stretch within a shot.")})


def cancel(clip: BeforeAfterClip, *, by: User) -> None:
    """Give it up; its worker stops within a frame's time."""
    require_role(by, CLIP_MAKERS)
    changed = BeforeAfterClip.objects.filter(pk=clip.pk, state__in=ONGOING).update(
        state=WorkState.CANCELLED, worker="", ended_at=timezone.now())
    if not changed:
        raise ValidationError(_("This clip is no longer being made."))
    clip.refresh_from_db()


def again(clip: BeforeAfterClip, *, by: User) -> None:
    """Have one made after all that failed or was given up; a finished one of a former master is made of this one."""
    require_role(by, CLIP_MAKERS)
    is_outdated = clip.state == WorkState.FINISHED and not clip.is_of_the_present_master
    states = [*RESUMABLE_STATES, *([WorkState.FINISHED] if is_outdated else [])]
    with transaction.atomic():
        changed = BeforeAfterClip.objects.filter(pk=clip.pk, state__in=states).update(
            state=WorkState.QUEUED, attempts=0, frames_done=0, ended_at=None, **NO_ERROR.as_columns())
        if not changed:
            raise ValidationError(_("This clip is being made or has been made."))
        clip.refresh_from_db()
        bell(clip).ring()


def remove(clip: BeforeAfterClip, *, by: User) -> None:
    """Let it go, with its file. One that is to go along with a delivery stays until that is packaged, which holds a
    copy of its own."""
    require_role(by, CLIP_MAKERS)
    with transaction.atomic():
        locked = BeforeAfterClip.objects.select_for_update().filter(pk=clip.pk).first()
        if locked is None or locked.state in ONGOING:
            raise ValidationError(_("This clip is being made. Cancel it first."))
        if locked.deliveries.filter(state__in=UNPACKAGED).exists():
            raise ValidationError(_("This clip is to go along with a delivery whose package is not made yet."))
        locked.delete()
        if locked.file_key:
            path = derivative_path(locked.file_key)
            transaction.on_commit(lambda: path.unlink(missing_ok=True))


def to_deliver(version: Version) -> QuerySet[BeforeAfterClip]:
    """Those that may go along with a delivery: finished, and of the master that is delivered."""
    sha256 = version.master.sha256 if version.master else ""
    return BeforeAfterClip.objects.filter(version=version, state=WorkState.FINISHED, master_sha256=sha256)


def captions_of(clip: BeforeAfterClip) -> Captions:
    return Captions(clip.original_name, clip.restored_name, clip.title, clip.credit)


def bell(clip: BeforeAfterClip) -> Bell:
    return Bell("make_clip", (clip.pk,), f"clip-{clip.pk}-attempt-{clip.attempts + 1}", "low")


def waiting() -> QuerySet[BeforeAfterClip]:
    return BeforeAfterClip.objects.filter(state=WorkState.QUEUED)


def claim(pk: int, *, worker: str) -> BeforeAfterClip | None:
    if not attempts.claim(BeforeAfterClip, pk, worker=worker, frames_done=0):
        return None
    return BeforeAfterClip.objects.select_related(
        "version__asset", "version__source", "version__master", "version__analysis", "by").get(pk=pk)


def beat(clip: BeforeAfterClip, frames_done: int) -> bool:
    """Say that it is worked on. False when it is no longer wanted from this worker."""
    return attempts.beat(clip, frames_done=frames_done)


def finish(clip: BeforeAfterClip, *, key: str, put_in_place: Callable[[], None], **made: Any) -> bool:
    """Keep the file. made: the columns that say what it is. False when it was no longer this worker's."""
    with transaction.atomic():
        held = attempts.own(clip).select_for_update().first()
        if held is None:
            return False
        put_in_place()
        attempts.end(clip, WorkState.FINISHED, attempts=0, frames_done=clip.frames, file_key=key, **made)
        provenance.record(
            EventType.CLIP_MADE, on=clip.version, by=clip.by, asset=clip.version.asset,
            detail=_MADE_FOR_TWO_EYES if clip.style == ClipStyle.STEREO else _MADE,
            version=str(clip.version), first=clip.start, last=clip.end - 1, sha256=made["sha256"],
            master_sha256=made["master_sha256"])
        if held.file_key and held.file_key != key:
            before = derivative_path(held.file_key)
            transaction.on_commit(lambda: before.unlink(missing_ok=True))
    return True


def fail(clip: BeforeAfterClip, sentence: Sentence) -> bool:
    return attempts.end(clip, WorkState.FAILED, **sentence.as_columns())


def give_back(clip: BeforeAfterClip) -> None:
    """An interrupted clip waits again, unless it was given up."""
    with transaction.atomic():
        if attempts.wait_again(clip):
            bell(clip).ring()
