"""Gives back what lost its worker, and rings again for what lost its bell."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from restoration.actions import adapting, analyses, clips, deliveries, inspections, looks, mailing
from restoration.actions.bell import Bell, ringing
from restoration.actions.ending import fail_run, settle
from restoration.actions.failing import Sentence
from restoration.actions.steps import LIVE, due, say
from restoration.models import Adaptation, Analysis, BeforeAfterClip, Delivery, Inspection, Look, Run, RunShot
from restoration.vocabularies import DeliveryState, WorkState

MOST_ATTEMPTS = 3
SHOT_LOST_TOO_OFTEN = gettext_noop("The worker was lost {times} times at the same place, shot {shot}. It may need "
                                   "more memory than there is. Resume to try again.")
LOST_TOO_OFTEN = gettext_noop("The worker was lost {times} times at the same place. It may need more memory than there "
                              "is. Try again.")


@dataclass(frozen=True, slots=True)
class Reaped:
    """How many rows were given back, and how many bells rung again."""

    given_back: int = 0
    rung: int = 0


def reap(now: datetime | None = None, *, worker: str | None = None) -> Reaped:
    """Give back everything whose worker has been silent for too long (or is `worker`, known to be dead), then ring for
    everything that waits without a bell. Any number of reapers may do this at the same time."""
    now = now or timezone.now()
    lost = ~Q(worker="") & _is_lost(now, worker)
    given_back = _reap_shots(lost, now) + _reap_runs(lost) + _reap_analyses(lost) + _reap_deliveries(lost)
    given_back += _reap_looks(lost) + _reap_adaptations(lost) + _reap_clips(lost) + _reap_inspections(lost)
    for run in Run.objects.filter(state=WorkState.RUNNING, shots__state=WorkState.FAILED).distinct():
        settle(run.pk)
    return Reaped(given_back, ring_again())


def ring_again() -> int:
    """Ring for every row that waits and has no job in Redis, also after Redis lost everything."""
    waiting = ringing()
    if waiting is None:
        return 0
    silent = [bell for bell in _all_due() if bell.name not in waiting]
    for bell in silent:
        bell.ring()
    return len(silent)


def _all_due() -> list[Bell]:
    bells = [Bell("analyse", (analysis.pk,), analyses.job_name(analysis), "high")
             for analysis in Analysis.objects.filter(state=WorkState.QUEUED)]
    bells += [deliveries.bell(delivery) for delivery in deliveries.waiting()]
    bells += [clips.bell(clip) for clip in clips.waiting()]
    bells += [inspections.bell(inspection) for inspection in inspections.waiting()]
    bells += [looks.bell(look) for look in looks.waiting()]
    bells += [adapting.bell(adaptation) for adaptation in adapting.waiting()]
    bells += [mailing.bell(notice) for notice in mailing.waiting()]
    runs = list(Run.objects.filter(state__in=LIVE).select_related("version"))
    unfinished = RunShot.objects.filter(run__in=runs).exclude(state=WorkState.FINISHED).order_by("index")
    by_run: dict[int, list[RunShot]] = {run.pk: [] for run in runs}
    for shot in unfinished:
        by_run[shot.run_id].append(shot)
    return bells + [bell for run in runs for bell in due(run, by_run[run.pk])]


def _is_lost(now: datetime, worker: str | None) -> Q:
    silence = Q(heartbeat_at__lt=now - timedelta(seconds=settings.SHOT_HEARTBEAT_SECONDS))
    return silence | Q(worker=worker) if worker else silence


def _reap_shots(lost: Q, now: datetime) -> int:
    given_back = 0
    for shot in RunShot.objects.filter(lost, state=WorkState.RUNNING).select_related("run__version__asset"):
        given_back += _reap_shot(shot, lost, now)
    return given_back


def _reap_shot(shot: RunShot, lost: Q, now: datetime) -> int:
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).select_related("version__asset", "by").get(pk=shot.run_id)
        row = RunShot.objects.filter(lost, pk=shot.pk, state=WorkState.RUNNING, attempts=shot.attempts)
        if run.state not in LIVE:
            return row.update(state=WorkState.LOST, worker="", ended_at=now)
        if shot.attempts >= MOST_ATTEMPTS:
            reaped = row.update(state=WorkState.LOST, worker="", ended_at=now)
            if reaped:
                fail_run(run, Sentence(SHOT_LOST_TOO_OFTEN, {"times": shot.attempts, "shot": shot.index + 1}))
            return reaped
        reaped = row.update(state=WorkState.QUEUED, worker="", frames_done=0)
        if reaped:
            say(run, gettext_noop("The worker of shot {shot} was lost; the shot waits for another one"),
                shot=shot.index + 1)
        return reaped


def _reap_runs(lost: Q) -> int:
    reaped = 0
    for run in Run.objects.filter(lost, state=WorkState.RUNNING).select_related("version__asset", "by"):
        reaped += _reap_run(run, lost)
    return reaped


def _reap_run(run: Run, lost: Q) -> int:
    row = Run.objects.filter(lost, pk=run.pk, state=WorkState.RUNNING, attempts=run.attempts)
    with transaction.atomic():
        if run.attempts >= MOST_ATTEMPTS:
            return int(row.select_for_update().exists() and fail_run(run, _lost_too_often(run.attempts)))
        state = WorkState.RUNNING if run.shots.exists() else WorkState.QUEUED
        return row.update(state=state, worker="", is_joining=False)


def _reap_analyses(lost: Q) -> int:
    running = Analysis.objects.filter(lost, state=WorkState.RUNNING)
    ended = sum(analyses.fail(analysis, _lost_too_often(analysis.attempts))
                for analysis in running.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + running.update(state=WorkState.QUEUED, worker="", frames_done=0)


def _reap_adaptations(lost: Q) -> int:
    running = Adaptation.objects.filter(lost, state=WorkState.RUNNING).select_related("analysis__media_file", "asset")
    ended = sum(adapting.fail(adaptation, _lost_too_often(adaptation.attempts))
                for adaptation in running.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + Adaptation.objects.filter(lost, state=WorkState.RUNNING).update(state=WorkState.QUEUED, worker="")


def _reap_deliveries(lost: Q) -> int:
    packaging = Delivery.objects.filter(lost, state=DeliveryState.PACKAGING)
    ended = sum(deliveries.fail(delivery, _lost_too_often(delivery.attempts))
                for delivery in packaging.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + packaging.update(state=DeliveryState.DRAFT, worker="")


def _reap_looks(lost: Q) -> int:
    running = Look.objects.filter(lost, state=WorkState.RUNNING)
    ended = sum(looks.fail(look, _lost_too_often(look.attempts))
                for look in running.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + running.update(state=WorkState.QUEUED, worker="")


def _reap_clips(lost: Q) -> int:
    running = BeforeAfterClip.objects.filter(lost, state=WorkState.RUNNING)
    ended = sum(clips.fail(clip, _lost_too_often(clip.attempts))
                for clip in running.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + running.update(state=WorkState.QUEUED, worker="", frames_done=0)


def _reap_inspections(lost: Q) -> int:
    running = Inspection.objects.filter(lost, state=WorkState.RUNNING)
    ended = sum(inspections.fail(inspection, _lost_too_often(inspection.attempts))
                for inspection in running.filter(attempts__gte=MOST_ATTEMPTS))
    return ended + running.update(state=WorkState.QUEUED, worker="")


def _lost_too_often(times: int) -> Sentence:
    return Sentence(LOST_TOO_OFTEN, {"times": times})
