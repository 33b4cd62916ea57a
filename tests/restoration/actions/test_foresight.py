"""How long a version will take is told by the runs that were made here, and before there are any by the cores."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from archive.models import User
from restoration.actions import foresight, runs, versions
from restoration.actions.steps import RESUMED, say
from restoration.engine.edition import edition
from restoration.engine.effort import core_seconds
from restoration.engine.settings import PRESETS, Override
from restoration.models import Run, RunShot, Version
from restoration.vocabularies import WorkState
from tests.restoration.factories import AnalysisFactory, RunFactory, VersionFactory, report

TAPE = PRESETS["tape"].settings
WORK = core_seconds(report(), TAPE)

pytestmark = pytest.mark.django_db


def a_run_that_took(seconds: float, *, core_seconds: float, **more: object) -> None:
    ended: datetime = timezone.now()
    begun = ended - timedelta(seconds=seconds)
    run = RunFactory(state=WorkState.FINISHED, started_at=begun, ended_at=ended, core_seconds=core_seconds,
                     **{"shots": ((0, 100),), **more})
    run.shots.update(state=WorkState.FINISHED, started_at=begun, ended_at=begun + (ended - begun) / 2)


def test_before_anything_was_made_the_cores_of_this_machine_are_asked() -> None:
    told = foresight.foreseen(report(), TAPE)
    assert not told.is_known
    assert told.seconds == pytest.approx(WORK / (os.cpu_count() or 1), rel=0.2)


def test_the_middle_of_the_last_runs_says_how_fast_work_goes_here() -> None:
    for seconds in (1, 200, 10_000):
        a_run_that_took(seconds, core_seconds=100)
    told = foresight.foreseen(report(), TAPE)
    assert told.is_known
    assert told.seconds == pytest.approx(2 * WORK, rel=0.1)


def test_a_run_that_found_shots_made_tells_nothing_of_how_fast_they_are() -> None:
    a_run_that_took(1, core_seconds=100, shots=((0, 40), (40, 100)))
    Version.objects.get().runs.get().shots.filter(index=0).update(was_reused=True)
    assert not foresight.foreseen(report(), TAPE).is_known


def at(hours: float) -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)


def a_run_of_shots(*stretches: tuple[float, float], ended: float) -> Run:
    """Whose shots were begun and ended after so many hours, its work that of the tape."""
    run: Run = RunFactory(state=WorkState.FINISHED, started_at=at(0), ended_at=at(ended), core_seconds=WORK,
                          shots=tuple((10 * index, 10 * index + 10) for index in range(len(stretches))))
    for shot, (begun, done) in zip(run.shots.all(), stretches, strict=True):
        RunShot.objects.filter(pk=shot.pk).update(state=WorkState.FINISHED, started_at=at(begun), ended_at=at(done))
    return run


def resume_after(run: Run, hours: float) -> None:
    say(run, RESUMED, person="Rui")
    run.log.update(at=at(hours))


def hours_foreseen() -> float:
    return foresight.foreseen(report(), TAPE).seconds / 3600


def test_the_days_in_which_nothing_ran_do_not_count() -> None:
    resume_after(a_run_of_shots((0, 1), (72, 73), ended=74), 72)
    assert hours_foreseen() == 3


def test_the_days_between_the_last_shot_and_its_resumption_do_not_count() -> None:
    resume_after(a_run_of_shots((0, 1), (1, 2), ended=75), 74)
    assert hours_foreseen() == 3


def test_what_several_workers_did_at_once_counts_once() -> None:
    a_run_of_shots((0, 2), (0.5, 1), (1.5, 3), ended=3)
    assert hours_foreseen() == 3


def test_a_run_that_made_no_shot_tells_nothing_of_how_fast_they_are() -> None:
    a_run_that_took(1, core_seconds=100, shots=())
    assert not foresight.foreseen(report(), TAPE).is_known


@pytest.mark.parametrize(("seconds", "told"), [(4, 10), (47, 50), (127, 120), (3700, 3600), (9000, 9000),
                                               (9500, 9000), (100_000, 100_800)])
def test_it_is_told_no_more_exactly_than_it_is_known(seconds: float, told: int) -> None:
    a_run_that_took(seconds, core_seconds=WORK)
    assert foresight.foreseen(report(), TAPE).seconds == told


def test_a_version_of_settings_that_are_not_known_any_more_is_not_foreseen() -> None:
    assert foresight.of_version(VersionFactory(settings={"yesterday": {}}, settings_digest="ab" * 32)) is None


def test_of_a_derived_version_only_what_its_parent_does_not_hold_is_work(rui: User) -> None:
    made = VersionFactory(made=True, report={"engine": edition()})
    derived = VersionFactory(analysis=made.analysis, derived_from=made, settings=TAPE.model_copy(update={
        "overrides": (Override(start=40, end=90, changes={"noise": {"luma": 0.9}}),)}).model_dump(mode="json"))
    assert foresight.work_of(derived) == pytest.approx(WORK / 2)
    made.report = {"engine": "0.1.0+another"}
    made.save(update_fields=["report"])
    assert foresight.work_of(Version.objects.get(pk=derived.pk)) == pytest.approx(WORK)


def test_a_run_remembers_how_much_work_it_was_foreseen_to_be(rui: User) -> None:
    run = runs.queue(versions.propose(AnalysisFactory(), by=rui, settings=TAPE), by=rui)
    assert run.core_seconds == pytest.approx(WORK)
    told = foresight.of_run(run)
    assert told is not None and told == foresight.foreseen(report(), TAPE)
