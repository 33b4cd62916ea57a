from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from archive.models import ProvenanceEvent, User
from archive.vocabularies import Outcome, RestorationState
from restoration.actions import pace, planning, runs, shot_steps, steps
from restoration.actions.bell import ringing
from restoration.actions.failing import Sentence
from restoration.actions.planning import PlannedShot
from restoration.models import Run, RunShot, Version
from restoration.vocabularies import VersionState, WorkState
from tests.restoration.factories import RunFactory, VersionFactory

pytestmark = pytest.mark.django_db

PLAN = [PlannedShot(0, 40, "a" * 64, is_there=False), PlannedShot(40, 90, "b" * 64, is_there=True),
        PlannedShot(90, 100, "c" * 64, is_there=False)]


@pytest.fixture(autouse=True)
def _silence() -> None:
    for name in ("high", "default", "low"):
        django_rq.get_queue(name).empty()


@pytest.fixture
def version(rui: User) -> Version:
    return VersionFactory(by=rui)


def states(run: Run) -> list[str]:
    return list(run.shots.values_list("state", flat=True))


def bells(run: Run) -> list[str]:
    run.refresh_from_db()
    return [bell.name for bell in steps.due(run)]


def test_a_queued_run_takes_its_version_and_asset_into_work(rui: User, version: Version) -> None:
    run = runs.queue(version, by=rui)
    version.asset.refresh_from_db()
    assert (run.number, run.state, version.state) == (1, WorkState.QUEUED, VersionState.IN_WORK)
    assert version.asset.restoration_state == RestorationState.RESTORING
    assert ProvenanceEvent.objects.get(type="run_queued").facts["version"] == "v1"


def test_the_bell_rings_only_after_the_commit(rui: User, version: Version,
                                               django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.queue(version, by=rui)
        assert ringing() == set()
    assert ringing() == {f"run-{run.pk}-begin-attempt-1"}


def test_a_version_is_made_by_one_run_at_a_time(rui: User, version: Version) -> None:
    runs.queue(version, by=rui)
    with pytest.raises(ValidationError, match="being made already"):
        runs.queue(version, by=rui)


def test_what_has_been_made_is_not_made_again(rui: User) -> None:
    with pytest.raises(ValidationError, match="made already"):
        runs.queue(VersionFactory(made=True), by=rui)


def test_queueing_cancelling_and_resuming_are_for_restorers(ada: User, version: Version) -> None:
    for verb, on in ((runs.queue, version), (runs.cancel, RunFactory()), (runs.resume, RunFactory())):
        with pytest.raises(PermissionDenied):
            verb(on, by=ada)


def test_of_two_workers_that_begin_one_run_one_goes_home(rui: User, version: Version) -> None:
    run = runs.queue(version, by=rui)
    assert steps.claim_beginning(run.pk, worker="one") is not None
    assert steps.claim_beginning(run.pk, worker="two") is None


def test_a_plan_rings_for_what_is_missing_and_counts_what_is_there(rui: User, version: Version) -> None:
    run = steps.claim_beginning(runs.queue(version, by=rui).pk, worker="one")
    planning.plan_shots(run, PLAN, engine="test")
    assert states(run) == [WorkState.QUEUED, WorkState.FINISHED, WorkState.QUEUED]
    assert bells(run) == [f"run-{run.pk}-shot-0-attempt-1", f"run-{run.pk}-shot-2-attempt-1"]
    assert (run.frames_total, run.worker) == (100, "")
    assert run.shots.get(index=1).was_reused


def test_a_plan_of_somebody_who_lost_the_run_is_not_kept(rui: User, version: Version) -> None:
    run = steps.claim_beginning(runs.queue(version, by=rui).pk, worker="one")
    runs.cancel(Run.objects.get(pk=run.pk), by=rui)
    planning.plan_shots(run, PLAN, engine="test")
    assert states(run) == []


def test_of_two_workers_that_claim_one_shot_one_wins() -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    shot = shot_steps.claim_shot(run.pk, 0, worker="one")
    assert (shot.state, shot.worker, shot.attempts) == (WorkState.RUNNING, "one", 1)
    assert shot_steps.claim_shot(run.pk, 0, worker="two") is None


def test_when_the_last_shot_is_finished_the_run_wants_to_be_joined() -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 100)))
    first, last = (shot_steps.claim_shot(run.pk, index, worker="one") for index in (0, 1))
    shot_steps.finish_shot(last)
    assert bells(run) == []
    assert steps.claim_joining(run.pk, worker="one") is None
    shot_steps.finish_shot(first)
    assert bells(run) == [f"run-{run.pk}-join-attempt-1"]
    assert steps.claim_joining(run.pk, worker="one").is_joining
    assert steps.claim_joining(run.pk, worker="two") is None


def test_a_failed_shot_ends_the_run_with_its_sentence_and_leaves_what_is_finished(rui: User) -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 90), (90, 100)))
    shot_steps.finish_shot(shot_steps.claim_shot(run.pk, 0, worker="one"))
    shot = shot_steps.claim_shot(run.pk, 1, worker="one")
    shot_steps.fail_shot(shot, Sentence("The disk is full: {name}.", {"name": "b.mkv"}))
    run.refresh_from_db()
    run.version.refresh_from_db()
    assert (run.state, run.error) == (WorkState.FAILED, "The disk is full: b.mkv.")
    assert states(run) == [WorkState.FINISHED, WorkState.FAILED, WorkState.CANCELLED]
    assert run.version.state == VersionState.PLANNED
    assert ProvenanceEvent.objects.get(type="run_failed").outcome == Outcome.FAILURE
    assert run.log.last().text == "The disk is full: {name}."


def test_a_shot_that_fails_by_itself_spares_the_others_and_ends_the_run_after_them() -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 90), (90, 100)))
    failing, working = (shot_steps.claim_shot(run.pk, index, worker=f"w{index}") for index in (0, 1))
    shot_steps.fail_shot(failing, Sentence("Frame {frame} broke.", {"frame": 7}), spares_others=True)
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.RUNNING, "Frame 7 broke.")
    assert shot_steps.beat_shot(working, 8)
    shot_steps.finish_shot(working)
    shot_steps.finish_shot(shot_steps.claim_shot(run.pk, 2, worker="w1"))
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.FAILED, "Frame 7 broke.")
    assert states(run) == [WorkState.FAILED, WorkState.FINISHED, WorkState.FINISHED]
    assert [line.text for line in run.log.all()].count("Frame {frame} broke.") == 1
    assert ProvenanceEvent.objects.get(type="run_failed").outcome == Outcome.FAILURE
    assert bells(run) == []


def test_other_shots_of_a_failed_run_are_told_to_stop() -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 100)))
    failing, working = (shot_steps.claim_shot(run.pk, index, worker=f"w{index}") for index in (0, 1))
    assert shot_steps.beat_shot(working, 7)
    shot_steps.fail_shot(failing, Sentence("No."))
    assert not shot_steps.beat_shot(working, 8)
    shot_steps.give_back_shot(working)
    assert states(run) == [WorkState.FAILED, WorkState.CANCELLED]


def test_a_resumed_run_keeps_its_finished_shots(rui: User) -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 100)))
    shot_steps.finish_shot(shot_steps.claim_shot(run.pk, 0, worker="one"))
    runs.cancel(run, by=rui)
    assert (run.state, states(run)) == (WorkState.CANCELLED, [WorkState.FINISHED, WorkState.CANCELLED])
    runs.resume(run, by=rui)
    assert (run.state, states(run)) == (WorkState.QUEUED, [WorkState.FINISHED, WorkState.QUEUED])
    run = steps.claim_beginning(run.pk, worker="one")
    planning.plan_shots(run, [PlannedShot(0, 40, f"{0:064x}", is_there=True),
                              PlannedShot(40, 100, f"{1:064x}", is_there=False)], engine="test")
    assert bells(run) == [f"run-{run.pk}-shot-1-attempt-1"]


def test_a_finished_shot_whose_segment_is_gone_is_made_again(rui: User) -> None:
    run = RunFactory(shots=((0, 40), (40, 100)))
    run.shots.update(state=WorkState.FINISHED)
    run = steps.claim_beginning(run.pk, worker="one")
    planning.plan_shots(run, [PlannedShot(0, 40, f"{0:064x}", is_there=False),
                              PlannedShot(40, 100, f"{1:064x}", is_there=True)], engine="test")
    assert states(run) == [WorkState.QUEUED, WorkState.FINISHED]


def test_a_shot_that_stops_after_its_run_was_resumed_waits_again(rui: User) -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    shot = shot_steps.claim_shot(run.pk, 0, worker="one")
    runs.cancel(run, by=rui)
    runs.resume(run, by=rui)
    shot_steps.give_back_shot(shot)
    assert states(run) == [WorkState.QUEUED]


def test_a_shot_that_finishes_after_the_cancel_stays_finished(rui: User) -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    shot = shot_steps.claim_shot(run.pk, 0, worker="one")
    runs.cancel(run, by=rui)
    assert shot_steps.finish_shot(shot)
    assert bells(run) == []


def test_an_ended_run_is_not_cancelled_and_a_live_one_not_resumed(rui: User) -> None:
    run = RunFactory(begun=True)
    with pytest.raises(ValidationError, match="being made already"):
        runs.resume(run, by=rui)
    runs.cancel(run, by=rui)
    with pytest.raises(ValidationError, match="already ended"):
        runs.cancel(run, by=rui)


def test_a_second_run_gets_the_next_number(rui: User, version: Version) -> None:
    runs.cancel(runs.queue(version, by=rui), by=rui)
    assert runs.queue(version, by=rui).number == 2


def test_a_run_whose_version_has_its_master_wants_its_pair_reel_only(rui: User) -> None:
    run = RunFactory(begun=True, shots=((0, 40),), version=VersionFactory(made=True, state=VersionState.IN_WORK))
    run.shots.update(state=WorkState.FINISHED)
    assert bells(run) == [f"run-{run.pk}-pair-reel-attempt-1"]
    assert runs.progress(run).phase == "pair reel"
    assert steps.claim_joining(run.pk, worker="late for the join") is None
    assert steps.claim_joining(run.pk, worker="one", has_master=True) is not None


def test_a_pair_reel_is_not_made_before_the_master() -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    run.shots.update(state=WorkState.FINISHED)
    assert steps.claim_joining(run.pk, worker="early", has_master=True) is None
    assert bells(run) == [f"run-{run.pk}-join-attempt-1"]


def test_progress_counts_shots_and_frames_and_the_last_minutes_pace(django_assert_num_queries: Any) -> None:
    now = timezone.now()
    run = RunFactory(begun=True, shots=((0, 40), (40, 90), (90, 100)))
    run.shots.filter(index=0).update(state=WorkState.FINISHED, frames_done=40,
                                     started_at=now - timedelta(seconds=30), ended_at=now - timedelta(seconds=10))
    run.shots.filter(index=1).update(state=WorkState.RUNNING, frames_done=20,
                                     started_at=now - timedelta(seconds=10), heartbeat_at=now)
    with django_assert_num_queries(1):
        progress = runs.progress(run, now=now)
    assert (progress.shots_done, progress.shots_total, progress.frames_done) == (1, 3, 60)
    assert progress.frames_per_second == pytest.approx(2.0)
    assert progress.seconds_left == 20
    assert progress.fraction == 0.6


def test_what_was_done_long_ago_or_used_again_says_nothing_of_the_pace() -> None:
    now = timezone.now()
    old = RunShot(frames_done=100, started_at=now - timedelta(hours=2), ended_at=now - timedelta(hours=1))
    reused = RunShot(frames_done=100, was_reused=True, started_at=now - timedelta(seconds=2), ended_at=now)
    assert pace.frames_per_second([old, reused], now) is None
