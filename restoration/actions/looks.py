"""Looks: asked for by a restorer who waits, made by the worker that is kept ready for them, gone after a day."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import require_role
from archive.models import User
from archive.storage import derivative_path
from restoration.access import RESTORERS
from restoration.actions import attempts
from restoration.actions.bell import Bell
from restoration.actions.failing import Sentence
from restoration.actions.shots import shot_of
from restoration.engine.facts import Shot
from restoration.engine.moments import Moments
from restoration.engine.settings import Override, Settings, parse
from restoration.models import Look, Version
from restoration.vocabularies import WorkState

FRAMES, MOST_FRAMES, MOST_TRIALS = 3, 6, 4
KEPT = timedelta(days=1)
ONGOING = (WorkState.QUEUED, WorkState.RUNNING)
Trial = dict[str, Any]


def queue(version: Version, *, shot: int, trials: Sequence[Trial], by: User, frames: Sequence[int] = ()) -> Look:
    """Ask for a look at a shot under each of these trials. Without frames, at a few of it, evenly spread. A look of the
    same person at the same shot that is still waiting or being made is given up for it.

    Raises SettingsError for a trial that cannot be, ValidationError for too many or none, and for foreign frames.
    """
    require_role(by, RESTORERS)
    bounds = shot_of(version, shot)
    if not 1 <= len(trials) <= MOST_TRIALS or len(frames) > MOST_FRAMES:
        raise ValidationError(_("A look holds up to %(frames)s frames under up to %(trials)s settings."),
                              params={"frames": MOST_FRAMES, "trials": MOST_TRIALS})
    for trial in trials:
        settings_of(version, bounds, trial)
    own = frames_of(version, bounds)
    chosen = sorted(set(frames)) or spread(own, FRAMES)
    if any(frame not in own for frame in chosen):
        raise ValidationError(_("These frames do not lie in shot %(number)s."), params={"number": shot + 1})
    with transaction.atomic():
        end(Look.objects.filter(version=version, shot=shot, by=by))
        look = Look.objects.create(version=version, shot=shot, start=bounds.start, end=bounds.end, frames=chosen,
                                   trials=list(trials), by=by)
        bell(look).ring()
    return look


def cancel(look: Look, *, by: User) -> None:
    """Give it up; its worker stops within a frame's time."""
    require_role(by, RESTORERS)
    if not end(Look.objects.filter(pk=look.pk)):
        raise ValidationError(_("This look has already ended."))
    look.refresh_from_db()


def end(looks: QuerySet[Look]) -> int:
    return looks.filter(state__in=ONGOING).update(state=WorkState.CANCELLED, worker="", ended_at=timezone.now())


def settings_of(version: Version, shot: Shot, trial: Trial) -> Settings:
    """The version's settings with what a trial changes for the shot. Raises SettingsError."""
    override = Override(start=shot.start, end=shot.end, changes=trial.get("changes") or {})
    return parse(version.settings).with_exceptions([override], trial.get("retouch") or ())


def frames_of(version: Version, shot: Shot) -> range:
    """The master's frames that a shot owns."""
    settings = parse(version.settings)
    return Moments.of(settings.fields, settings.retime).owned(shot.start, shot.end)


def spread(own: range, count: int) -> list[int]:
    """So many of these frames, evenly spread and away from the cuts; all where there are no more."""
    return sorted({own.start + len(own) * (2 * place + 1) // (2 * count) for place in range(count)}) if own else []


def bell(look: Look) -> Bell:
    return Bell("look", (look.pk,), f"look-{look.pk}-attempt-{look.attempts + 1}", "now")


def waiting() -> Iterable[Look]:
    return Look.objects.filter(state=WorkState.QUEUED)


def claim(pk: int, *, worker: str) -> Look | None:
    if not attempts.claim(Look, pk, worker=worker, pictures=[]):
        return None
    return Look.objects.select_related("version__source", "version__analysis").get(pk=pk)


def beat(look: Look) -> bool:
    """False when it is no longer wanted from this worker."""
    return attempts.beat(look)


def keep_picture(look: Look, trial: int, frame: int) -> None:
    """Say that a picture is there; it can be seen at once."""
    look.pictures.append([trial, frame])
    attempts.own(look).update(pictures=look.pictures)


def finish(look: Look) -> bool:
    return attempts.end(look, WorkState.FINISHED)


def fail(look: Look, sentence: Sentence) -> bool:
    return attempts.end(look, WorkState.FAILED, **sentence.as_columns())


def give_back(look: Look) -> None:
    """An interrupted look waits again, unless it was given up."""
    with transaction.atomic():
        if attempts.wait_again(look):
            bell(look).ring()


def sweep() -> int:
    """Let go of the looks of yesterday."""
    old = Look.objects.filter(queued_at__lt=timezone.now() - KEPT).exclude(state__in=ONGOING)
    gone = list(old.values_list("pk", flat=True))
    for pk in gone:
        shutil.rmtree(derivative_path(f"looks/{pk}"), ignore_errors=True)
    Look.objects.filter(pk__in=gone).delete()
    return len(gone)


def picture_key(look: Look, trial: int, frame: int) -> str:
    return f"looks/{look.pk}/{trial}-{frame}.png"
