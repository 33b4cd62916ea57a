"""How long a version will take to make, told before it is begun: by the work it is (`engine/effort.py`), and by how
fast such work went in the last runs that were made here."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Exists, Max, OuterRef, Q

from restoration.actions.pace import Stretch, time_covered
from restoration.actions.steps import RESUMED
from restoration.engine.edition import edition
from restoration.engine.effort import core_seconds
from restoration.engine.errors import SettingsError
from restoration.engine.facts import AnalysisReport
from restoration.engine.settings import Settings, parse
from restoration.models import Run, RunShot, Version, Weights
from restoration.vocabularies import WorkState

_RUNS = 5
_TIMED = RunShot.objects.filter(started_at__isnull=False, ended_at__isnull=False).order_by()
# Up to so many seconds, what is foreseen is told in steps of so many: it is no more exact than that.
_STEPS = ((60, 10), (600, 60), (7200, 300), (86_400, 1800), (float("inf"), 7200))


@dataclass(frozen=True)
class Foresight:
    """seconds: of the clock, from the first frame to the pair reel; is_known: told by runs that were made here, else
    by the cores of this machine alone."""

    seconds: int
    is_known: bool


def foreseen(report: AnalysisReport, settings: Settings) -> Foresight:
    """For a version that is made of these settings."""
    return _told(core_seconds(report, settings, brought=_brought(settings)))


def of_version(version: Version) -> Foresight | None:
    """For a version that has been proposed; None where its settings or its analysis are not known any more."""
    work = work_of(version)
    return None if work is None else _told(work)


def of_run(run: Run) -> Foresight | None:
    """For a run that has made nothing yet."""
    return None if run.core_seconds is None else _told(run.core_seconds)


def work_of(version: Version) -> float | None:
    """Seconds of one core; shots aside that the version it was derived from holds as they are wanted."""
    try:
        settings = parse(version.settings)
        before = version.derived_from
        beside = parse(before.settings) if before is not None and _is_held_as_of_today(before) else None
    except SettingsError:
        return None
    report = AnalysisReport.model_validate(version.analysis.report)
    return core_seconds(report, settings, beside=beside, brought=_brought(settings))


def _is_held_as_of_today(version: Version) -> bool:
    """Whether its master's shots can be used again: another edition of the engine would make all of them anew."""
    return version.master_id is not None and (version.report or {}).get("engine") == edition()


def _told(work: float) -> Foresight:
    pace = _pace()
    seconds = work * (_of_all_cores() if pace is None else pace)
    step = next(step for most, step in _STEPS if seconds <= most)
    return Foresight(max(step, step * round(seconds / step)), is_known=pace is not None)


def _pace() -> float | None:
    """Seconds of the clock for each of one core, as the last runs went that made all of their shots."""
    made = Run.objects.filter(Exists(_TIMED.filter(run=OuterRef("pk"))), state=WorkState.FINISHED, core_seconds__gt=0,
                              ended_at__isnull=False).exclude(shots__was_reused=True).order_by("-ended_at")
    last = list(made.annotate(resumed_at=Max("log__at", filter=Q(log__text=RESUMED))).values_list(
        "pk", "core_seconds", "ended_at", "resumed_at")[:_RUNS])
    shots: dict[int, list[Stretch]] = {pk: [] for pk, *_ in last}
    for pk, begun, ended in _TIMED.filter(run__in=shots).values_list("run", "started_at", "ended_at"):
        if begun and ended:
            shots[pk].append((begun, ended))
    paces = [_worked(shots[pk], ended, resumed).total_seconds() / work for pk, work, ended, resumed in last
             if work and ended]
    return median(paces) if paces else None


def _worked(shots: list[Stretch], ended: datetime, resumed: datetime | None) -> timedelta:
    """How long any of a run's shots was made, several at once counted once, and how long the master and the pair reel
    took after them, once it was resumed last. All other time in which it waited, cancelled or failed, is left out."""
    made = max(end for _begin, end in shots)
    return time_covered([*shots, (max(made, resumed or made), ended)])


def _of_all_cores() -> float:
    return 1 / (os.cpu_count() or 1)


def _brought(settings: Settings) -> dict[str, int]:
    """By digest, the parameters of the networks of others that have a part."""
    return dict(Weights.objects.filter(sha256__in=settings.brought).values_list("sha256", "parameters"))
