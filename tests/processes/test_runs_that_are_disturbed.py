"""Workers and Redis are killed in the middle of a run; the master comes out as if nothing had happened."""

import signal
from pathlib import Path

import pytest
from django.conf import settings as site

from archive.models import User
from archive.storage import derivative_path
from restoration.actions import runs, versions
from restoration.engine import pipeline
from restoration.models import Run, Version
from restoration.vocabularies import VersionState, WorkState
from tests.processes.hands import Hands, eventually, kill_redis, revive_redis
from tests.restoration.reels import CHOSEN, analysed, frames_of, report_of, write_tape

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tape(tmp_path_factory.mktemp("tape"))


@pytest.fixture(scope="module")
def undisturbed(tape: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The frames of a master made in peace, in this process."""
    folder = tmp_path_factory.mktemp("peace")
    pipeline.restore(tape, folder / "master.mkv", CHOSEN, workdir=folder / "work", report=report_of(tape))
    return frames_of(folder / "master.mkv")


@pytest.fixture
def version(tape: Path, ada: User, rui: User) -> Version:
    return versions.propose(analysed(tape, ada), by=rui)


def a_segment_is_half_written(run: Run, index: int) -> bool:
    folder = Path(site.WORK_DIR) / "runs" / str(run.pk)
    return any(part.stat().st_size > 0 for part in folder.glob(f"shot-{index}-*/.*partial*"))


def finished(run: Run, hands: Hands) -> Run:
    def has_ended() -> bool:
        run.refresh_from_db()
        return run.state not in (WorkState.QUEUED, WorkState.RUNNING)

    eventually(has_ended, log=hands.log)
    assert run.state == WorkState.FINISHED, run.error
    return run


def assert_complete(run: Run, undisturbed: list[str]) -> None:
    version = Version.objects.get(pk=run.version_id)
    assert version.state == VersionState.TO_REVIEW
    assert version.master is not None
    assert frames_of(version.master) == undisturbed
    assert len(frames_of(derivative_path(version.pair_reel_key))) == len(undisturbed)
    assert not list((Path(site.WORK_DIR) / "segments").rglob("*.mkv")), "segments go once the master is held"
    assert not (Path(site.WORK_DIR) / "runs" / str(run.pk) / "shot-1-attempt-1").exists()


def test_a_worker_killed_in_the_middle_of_a_shot_is_replaced_without_a_trace(
        version: Version, rui: User, hands: Hands, undisturbed: list[str]) -> None:
    run = runs.queue(version, by=rui)
    victim = hands.worker()
    hands.steward()
    eventually(lambda: a_segment_is_half_written(run, 1), log=hands.log)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert run.shots.get(index=0).state == WorkState.FINISHED
    before = run.shots.get(index=0).ended_at
    hands.worker()
    finished(run, hands)
    assert_complete(run, undisturbed)
    assert run.shots.get(index=0).ended_at == before, "a finished shot is not made again"
    assert run.shots.get(index=1).attempts == 2


def test_a_redis_killed_with_all_its_data_delays_a_run_and_no_more(
        version: Version, rui: User, hands: Hands, undisturbed: list[str]) -> None:
    run = runs.queue(version, by=rui)
    hands.worker()
    hands.steward()
    eventually(lambda: a_segment_is_half_written(run, 1), log=hands.log)
    kill_redis()
    eventually(lambda: run.shots.get(index=1).state == WorkState.FINISHED, log=hands.log)
    revive_redis(with_its_data=False)
    finished(run, hands)
    assert_complete(run, undisturbed)


def test_a_worker_that_is_asked_to_go_gives_its_shot_back(
        version: Version, rui: User, hands: Hands, undisturbed: list[str]) -> None:
    run = runs.queue(version, by=rui)
    leaver = hands.worker()
    eventually(lambda: a_segment_is_half_written(run, 1), log=hands.log)
    leaver.terminate()
    leaver.wait(timeout=20)
    shot = run.shots.get(index=1)
    assert (shot.state, shot.attempts) == (WorkState.QUEUED, 0)
    hands.worker()
    finished(run, hands)
    assert_complete(run, undisturbed)


def test_a_cancelled_run_stops_within_the_shot_and_is_resumed_by_one_click(
        version: Version, rui: User, hands: Hands, undisturbed: list[str]) -> None:
    run = runs.queue(version, by=rui)
    hands.worker()
    eventually(lambda: a_segment_is_half_written(run, 1), log=hands.log)
    runs.cancel(run, by=rui)
    eventually(lambda: run.shots.get(index=1).state != WorkState.RUNNING, log=hands.log)
    assert run.shots.get(index=1).state == WorkState.CANCELLED
    runs.resume(run, by=rui)
    finished(run, hands)
    assert_complete(run, undisturbed)
