"""Workers, Redis or the web server are killed in the middle of a run; the master is the one of a run in peace."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings as site
from django.test import Client

from archive.models import User
from archive.storage import derivative_path
from restoration.actions import runs, versions
from restoration.engine import pipeline
from restoration.models import Run, Version
from restoration.vocabularies import VersionState, WorkState
from tests.processes.hands import Hands, eventually, kill_redis, revive_redis
from tests.processes.houses import House
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


@pytest.fixture
def house(hands: Hands) -> Iterator[House]:
    """Everything that `manage.py up` runs, on the test's database."""
    hands.heartbeat_seconds = 60
    started = hands.house()
    try:
        eventually(started.answers, log=started.log)
        yield started
    finally:
        started.close()


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


def test_a_web_server_killed_in_the_middle_of_a_run_comes_back_and_the_run_never_notices(
        version: Version, rui: User, client: Client, house: House, hands: Hands, undisturbed: list[str]) -> None:
    client.force_login(rui)
    run = runs.queue(version, by=rui)
    page, session = f"/runs/{run.pk}/", client.cookies[site.SESSION_COOKIE_NAME].value
    eventually(lambda: a_segment_is_half_written(run, 1), log=hands.log)
    done = dict(run.shots.filter(state=WorkState.FINISHED).values_list("index", "ended_at"))
    worker, web = house.named("rqworker", "default"), house.named("gunicorn")
    assert (set(done), len(worker)) == ({0}, 1)
    kill_at_once(web)
    assert run.shots.get(index=1).state == WorkState.RUNNING
    assert "HR 2000/1" in eventually(lambda: house.page(page, session=session), log=hands.log)
    finished(run, hands)
    assert_complete(run, undisturbed)
    assert run.shots.get(index=0).ended_at == done[0], "a finished shot is not made again"
    assert set(run.shots.values_list("attempts", flat=True)) == {1}
    assert house.named("rqworker", "default") == worker
    assert not {one.pid for one in web} & {one.pid for one in house.named("gunicorn")}


def kill_at_once(family: list[psutil.Process]) -> None:
    """`kill -9` for all of them, before one can start another again."""
    for one in family:
        one.suspend()
    for one in family:
        one.kill()
    assert psutil.wait_procs(family, timeout=20)[1] == []
