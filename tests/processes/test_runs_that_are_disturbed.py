"""Workers and Redis are killed in the middle of a run; the master comes out as if nothing had happened."""

import hashlib
import signal
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch
from django.conf import settings as site

from archive.actions import ingest
from archive.models import User
from archive.storage import derivative_path, holding_path
from restoration.actions import runs, versions
from restoration.engine import pipeline
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.settings import FieldsSettings, NoiseSettings, Settings
from restoration.models import Run, Version
from restoration.vocabularies import VersionState, WorkState
from tests import clips
from tests.factories import AssetFactory, InstantiationFactory
from tests.processes.hands import Hands, eventually, kill_redis, revive_redis
from tests.restoration.factories import AnalysisFactory

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

SIZE = (96, 64)
SHOTS = ((0, 3), (3, 23), (23, 26))
CHOSEN = Settings(fields=FieldsSettings(method="frames", order="tff"), noise=NoiseSettings(enabled=True, radius=1))


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three shots of an interlaced scene, with sound."""
    path = tmp_path_factory.mktemp("tape") / "reel.mkv"
    moments = torch.cat([clips.scene(2 * (end - start), SIZE, seed=start, rate=2) for start, end in SHOTS])
    frames = clips.interlace(clips.noisy(moments, 0.02, seed=1), "tff")
    return clips.write(path, frames, Fraction(30000, 1001), fields="tff", sound=clips.Sound(0.9))


@pytest.fixture(scope="module")
def report(tape: Path) -> AnalysisReport:
    """What an analysis finds, without waiting for one."""
    facts = pipeline.inspect(tape).model_copy(update={"scan": "interlaced", "field_order": "tff"})
    shots = tuple(Shot(index=index, start=start, end=end, noise_luma=0.02, noise_chroma=0.02)
                  for index, (start, end) in enumerate(SHOTS))
    return AnalysisReport(engine="0.1.0", source=facts, shots=shots,
                          recommendation=Recommendation(preset="tape", settings=CHOSEN, reasons=()))


@pytest.fixture(scope="module")
def undisturbed(tape: Path, report: AnalysisReport, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The frames of a master made in peace, in this process."""
    folder = tmp_path_factory.mktemp("peace")
    pipeline.restore(tape, folder / "master.mkv", CHOSEN, workdir=folder / "work", report=report)
    return list(frames_of(folder / "master.mkv"))


@pytest.fixture
def version(tape: Path, report: AnalysisReport, ada: User, rui: User) -> Version:
    media_file = ingest.ingest(tape, by=ada, asset=AssetFactory(accession_number="HR 2000/1"),
                               derived_from=InstantiationFactory())
    analysis = AnalysisFactory(media_file=media_file, report=report.model_dump(mode="json"), picture=False)
    return versions.propose(analysis, by=rui)


def frames_of(path: Path) -> Iterator[str]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()


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
    assert list(frames_of(holding_path(version.master))) == undisturbed
    assert len(list(frames_of(derivative_path(version.pair_reel_key)))) == len(undisturbed)
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
