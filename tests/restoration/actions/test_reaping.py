from datetime import datetime, timedelta
from typing import Any

import django_rq
import pytest
from django.core.management import call_command
from django.utils import timezone

from restoration.actions import analyses, runs, shot_steps, steps
from restoration.actions.bell import ringing
from restoration.models import Run
from restoration.vocabularies import DeliveryState, WorkState
from tests.restoration.factories import AnalysisFactory, DeliveryFactory, RunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _silence() -> None:
    for name in ("high", "default", "low"):
        django_rq.get_queue(name).empty()


@pytest.fixture
def later(settings: Any) -> datetime:
    return timezone.now() + timedelta(seconds=settings.SHOT_HEARTBEAT_SECONDS + 1)


@pytest.fixture
def run() -> Run:
    return RunFactory(begun=True, shots=((0, 40), (40, 100)))


def test_a_shot_with_a_pulse_is_left_alone(run: Run) -> None:
    shot_steps.claim_shot(run.pk, 0, worker="one")
    assert runs.reap().given_back == 0


def test_a_shot_whose_worker_fell_silent_waits_again(run: Run, later: datetime) -> None:
    shot = shot_steps.claim_shot(run.pk, 0, worker="one")
    assert runs.reap(later).given_back == 1
    assert run.shots.get(index=0).state == WorkState.QUEUED
    assert not shot_steps.beat_shot(shot, 5), "the lost worker, should it wake up, is told"
    assert not shot_steps.finish_shot(shot)
    assert shot_steps.claim_shot(run.pk, 0, worker="two").attempts == 2


def test_a_run_whose_worker_died_between_its_last_shot_and_its_end_is_ended(run: Run) -> None:
    run.shots.filter(index=0).update(state=WorkState.FAILED)
    run.shots.filter(index=1).update(state=WorkState.FINISHED)
    Run.objects.filter(pk=run.pk).update(error_text="It broke.")
    runs.reap()
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.FAILED, "It broke.")


def test_a_worker_known_to_be_dead_is_not_waited_for(run: Run) -> None:
    shot_steps.claim_shot(run.pk, 0, worker="one")
    shot_steps.claim_shot(run.pk, 1, worker="two")
    assert runs.reap(worker="one").given_back == 1
    assert list(run.shots.values_list("state", flat=True)) == [WorkState.QUEUED, WorkState.RUNNING]


def test_a_shot_that_loses_its_third_worker_ends_the_run_with_a_sentence(run: Run, later: datetime) -> None:
    for name in ("one", "two", "three"):
        assert shot_steps.claim_shot(run.pk, 0, worker=name)
        runs.reap(later)
    run.refresh_from_db()
    assert (run.state, run.shots.get(index=0).state) == (WorkState.FAILED, WorkState.LOST)
    assert "lost 3 times" in run.error


def test_a_shot_of_a_cancelled_run_is_lost_and_not_queued(run: Run, later: datetime) -> None:
    shot_steps.claim_shot(run.pk, 0, worker="one")
    runs.cancel(run, by=run.by)
    runs.reap(later)
    assert run.shots.get(index=0).state == WorkState.LOST


def test_a_run_lost_before_its_plan_begins_again_and_while_joining_joins_again(later: datetime) -> None:
    beginning = steps.claim_beginning(RunFactory().pk, worker="one")
    joining = RunFactory(begun=True, shots=((0, 40),))
    joining.shots.update(state=WorkState.FINISHED)
    steps.claim_joining(joining.pk, worker="one")
    assert runs.reap(later).given_back == 2
    for run, state, bell in ((beginning, WorkState.QUEUED, "begin"), (joining, WorkState.RUNNING, "join")):
        run.refresh_from_db()
        assert (run.state, run.worker, run.is_joining) == (state, "", False)
        assert [found.name for found in steps.due(run)] == [f"run-{run.pk}-{bell}-attempt-2"]


def test_lost_analyses_and_packages_wait_again(later: datetime) -> None:
    analysis = AnalysisFactory(state=WorkState.RUNNING, report=None, worker="one", heartbeat_at=timezone.now())
    delivery = DeliveryFactory(state=DeliveryState.PACKAGING, worker="one", heartbeat_at=timezone.now(), attempts=1)
    assert runs.reap(later).given_back == 2
    analysis.refresh_from_db()
    delivery.refresh_from_db()
    assert (analysis.state, delivery.state) == (WorkState.QUEUED, DeliveryState.DRAFT)


def test_an_analysis_that_loses_its_third_worker_fails(later: datetime) -> None:
    analysis = AnalysisFactory(state=WorkState.RUNNING, report=None, worker="one", attempts=3,
                               heartbeat_at=timezone.now())
    runs.reap(later)
    analysis.refresh_from_db()
    assert (analysis.state, "lost 3 times" in analysis.error) == (WorkState.FAILED, True)


@pytest.mark.django_db(transaction=True)
def test_everything_that_waits_is_rung_for_again_after_redis_lost_everything() -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 100)))
    queued, analysis = RunFactory(), AnalysisFactory(state=WorkState.QUEUED, report=None)
    delivery = DeliveryFactory()
    django_rq.get_connection("default").flushall()
    assert runs.reap().rung == 5
    assert ringing() == {
        f"run-{run.pk}-shot-0-attempt-1", f"run-{run.pk}-shot-1-attempt-1", f"run-{queued.pk}-begin-attempt-1",
        analyses.job_name(analysis), f"delivery-{delivery.pk}-attempt-1"}
    assert runs.reap().rung == 0, "what has a bell is not rung for twice"


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    RunFactory()
    call_command("reapruns")
    assert capsys.readouterr().out == "0 given back, 2 rung again\n", "the analysis, and its file's previews"
