"""The jobs, called one after the other as the bells would, on a real tape."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django_rq
import pytest
from django.conf import settings as site
from django.db import OperationalError, connections

from archive.models import Agent, Instantiation, MediaFile, ProvenanceEvent, User
from archive.storage import derivative_path, holding_path, managed_path
from restoration import jobs
from restoration.actions import analyses, deliveries, masters, orphans, reviews, runs, shots, steps, versions
from restoration.actions.certificate import certificate_of, finished_shots
from restoration.models import Delivery, Run, Version
from restoration.vocabularies import DeliveryState, VersionState, WorkState
from tests.engine.broken import break_noise
from tests.restoration.reels import SHORT, analysed, frames_of, write_tape

pytestmark = pytest.mark.django_db(transaction=True)

FRAMES = 2 * SHORT[-1][1]


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tape(tmp_path_factory.mktemp("tape"), SHORT)


@pytest.fixture(autouse=True)
def _silence() -> None:
    django_rq.get_connection("default").flushall()


@pytest.fixture
def run(tape: Path, ada: User, rui: User) -> Run:
    return runs.queue(versions.propose(analysed(tape, ada, SHORT), by=rui), by=rui)


def follow_the_bells(run: Run) -> Run:
    """Do whatever is due until nothing is."""
    run.refresh_from_db()
    while bells := steps.due(run):
        getattr(jobs, bells[0].job)(*bells[0].args)
        run.refresh_from_db()
        run.version.refresh_from_db()
    return run


@contextmanager
def a_disk_with_room_for(size_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond that: the kernel's own refusal, as when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files_under(folder: Path) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_from_a_queued_run_to_a_package_that_sha256sum_confirms(
        run: Run, ada: User, rosa: User, harbour: Agent, tmp_path: Path) -> None:
    follow_the_bells(run)
    version = Version.objects.get(pk=run.version_id)
    assert (run.state, run.error, version.state) == (WorkState.FINISHED, "", VersionState.TO_REVIEW)
    assert version.master is not None
    assert version.master.instantiation.derived_from == version.source.instantiation
    assert len(frames_of(version.master)) == FRAMES
    assert version.report["master"]["frames"] == FRAMES
    certificate = certificate_of(finished_shots(version), shots.shots_of(version))
    assert certificate is not None and certificate.holds, certificate
    assert version.pair_reel["frame_map"] == "fields"
    assert version.master.start_timecode == version.pair_reel["start_timecode"] == "01:00:00:00"
    assert files_under(site.WORK_DIR) == []
    assert [line.text for line in run.log.all()][-1] == "The pair reel is complete; {version} waits for its review"

    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    delivery = deliveries.create(version, recipient=harbour, terms="Once.", by=ada, extras=["hdr10", "av1"])
    jobs.package(str(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.PACKAGED, "")
    names = list(delivery.items.values_list("name", flat=True))
    assert names == ["HR_2000_1_v1_master.mkv", "HR_2000_1_v1_mezzanine.mov", "HR_2000_1_v1_viewing.mp4",
                     "HR_2000_1_v1_hdr10.mp4", "HR_2000_1_v1_av1.mp4", "HR_2000_1_v1_sheet.html",
                     "HR_2000_1_v1_sheet.json", "manifest.json", "manifest-sha256.txt"]
    for item in delivery.items.all():
        path = managed_path(item.storage_key) if item.is_holding else derivative_path(item.storage_key)
        (tmp_path / item.name).symlink_to(path)
    checked = subprocess.run(["sha256sum", "-c", "--strict", "manifest-sha256.txt"], cwd=tmp_path, check=True,
                             capture_output=True, text=True)
    assert checked.stdout.count(": OK") == 8
    made = delivery.items.filter(kind__in=["master", "mezzanine", "access", "wide_range"])
    assert {item.facts["frames"] for item in made} == {FRAMES}
    assert "Wide range: HDR10" in (tmp_path / "HR_2000_1_v1_sheet.html").read_text(encoding="utf-8")
    told = ProvenanceEvent.objects.order_by("pk").values_list("type", flat=True)
    assert [event for event in told if event in (
        "version_proposed", "run_queued", "restored", "pair_reel_made", "approved", "packaged")] == [
            "version_proposed", "run_queued", "restored", "pair_reel_made", "approved", "packaged"]
    assert files_under(site.DERIVATIVES_DIR)
    assert orphans.find(timedelta(0)) == [], "each file is kept by a row"


def test_a_repair_that_fails_fails_its_shot_by_name_and_never_the_others(run: Run, rui: User,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as fault:
        break_noise(fault, at=2 * SHORT[1][0] + 5)
        follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert "“noise” failed at frame 9" in run.error
    states = list(run.shots.order_by("index").values_list("state", flat=True))
    assert states == [WorkState.FINISHED, WorkState.FAILED, WorkState.FINISHED]
    runs.resume(run, by=rui)
    assert follow_the_bells(run).state == WorkState.FINISHED


def test_a_full_disk_while_a_shot_is_made_fails_the_run_with_that_word(run: Run, rui: User) -> None:
    with a_disk_with_room_for(20_000):
        follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert "disk is full" in run.error
    assert files_under(Path(site.WORK_DIR) / "runs") == []
    runs.resume(run, by=rui)
    assert follow_the_bells(run).state == WorkState.FINISHED


def test_a_full_disk_while_joining_registers_nothing_and_keeps_the_shots(run: Run, rui: User) -> None:
    def shots_are_there() -> bool:
        return run.shots.exists() and not run.shots.exclude(state=WorkState.FINISHED).exists()

    while not shots_are_there():
        bell = steps.due(run)[0]
        getattr(jobs, bell.job)(*bell.args)
        run.refresh_from_db()
    segments = files_under(Path(site.WORK_DIR) / "segments")
    held = set(MediaFile.objects.values_list("pk", flat=True)), Instantiation.objects.count()
    with a_disk_with_room_for(max(path.stat().st_size for path in segments)):
        follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert "disk is full" in run.error
    assert (set(MediaFile.objects.values_list("pk", flat=True)), Instantiation.objects.count()) == held
    assert len(files_under(site.HOLDINGS_DIR)) == 1, "the source alone"
    assert files_under(Path(site.WORK_DIR) / "segments") == segments
    runs.resume(run, by=rui)
    assert follow_the_bells(run).state == WorkState.FINISHED


def test_a_full_disk_while_packaging_leaves_a_draft_without_files(run: Run, ada: User, rosa: User,
                                                                  harbour: Agent) -> None:
    version = follow_the_bells(run).version
    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    delivery = deliveries.create(version, recipient=harbour, terms="Once.", by=ada)
    with a_disk_with_room_for(50_000):
        jobs.package(str(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.items.count()) == (DeliveryState.DRAFT, 0)
    assert "disk is full" in delivery.error
    assert files_under(Path(site.DERIVATIVES_DIR) / "deliveries") == []


def test_a_master_that_was_changed_is_not_packaged(run: Run, ada: User, rosa: User, harbour: Agent) -> None:
    version = follow_the_bells(run).version
    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    with holding_path(version.master).open("ab") as file:
        file.write(b"!")
    delivery = deliveries.create(version, recipient=harbour, terms="Once.", by=ada)
    jobs.package(str(delivery.pk))
    assert "no longer what was approved" in Delivery.objects.get(pk=delivery.pk).error


def test_a_second_run_uses_the_shots_that_the_first_one_finished(run: Run, rui: User) -> None:
    jobs.begin_run(run.pk)
    jobs.restore_shot(run.pk, 1)
    runs.cancel(Run.objects.get(pk=run.pk), by=rui)
    second = runs.queue(run.version, by=rui)
    jobs.begin_run(second.pk)
    assert list(second.shots.values_list("state", "was_reused")) == [
        (WorkState.QUEUED, False), (WorkState.FINISHED, True), (WorkState.QUEUED, False)]
    assert follow_the_bells(second).state == WorkState.FINISHED


def test_a_segment_that_vanished_before_the_join_is_made_again(run: Run) -> None:
    jobs.begin_run(run.pk)
    for index in range(3):
        jobs.restore_shot(run.pk, index)
    next(Path(site.WORK_DIR).glob("segments/*/*.mkv")).unlink()
    assert follow_the_bells(run).state == WorkState.FINISHED


def test_a_run_cancelled_while_its_master_is_joined_registers_nothing(run: Run, rui: User) -> None:
    jobs.begin_run(run.pk)
    for index in range(3):
        jobs.restore_shot(run.pk, index)
    claimed = steps.claim_joining(run.pk, worker="slow")
    assert claimed is not None
    runs.cancel(Run.objects.get(pk=run.pk), by=rui)
    joined = next(Path(site.WORK_DIR).glob("segments/*/*.mkv"))
    assert not masters.register(claimed, joined, {})
    assert MediaFile.objects.count() == 1
    assert len(files_under(site.HOLDINGS_DIR)) == 1


def test_a_master_whose_commit_lost_its_answer_keeps_its_bytes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.begin_run(run.pk)
    for index in range(3):
        jobs.restore_shot(run.pk, index)
    claimed = steps.claim_joining(run.pk, worker="unlucky")
    assert claimed is not None
    commit = connections["default"]._commit

    def commit_and_lose() -> None:
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connections["default"], "_commit", commit_and_lose)
    with pytest.raises(OperationalError):
        masters.register(claimed, next(Path(site.WORK_DIR).glob("segments/*/*.mkv")), {})
    master = Run.objects.get(pk=run.pk).version.master
    assert master is not None
    assert holding_path(master).exists()


def test_a_version_that_comes_out_like_another_one_names_it(run: Run, rui: User, tmp_path: Path) -> None:
    master = follow_the_bells(run).version.master
    assert master is not None
    held = files_under(site.HOLDINGS_DIR)
    twin = runs.queue(versions.propose(run.version.analysis, by=rui), by=rui)
    joined = Path(shutil.copy(holding_path(master), tmp_path / "joined.mkv"))
    with pytest.raises(masters.SameMasterError, match="v2 came out byte for byte as v1 of HR 2000/1"):
        masters.register(twin, joined, {})
    assert files_under(site.HOLDINGS_DIR) == held


def test_a_pair_reel_that_failed_is_made_alone_when_the_run_is_resumed(run: Run, rui: User) -> None:
    while not run.version.master_id:
        bell = steps.due(run)[0]
        getattr(jobs, bell.job)(*bell.args)
        run.refresh_from_db()
        run.version.refresh_from_db()
    with a_disk_with_room_for(1000):
        follow_the_bells(run)
    assert (run.state, run.version.pair_reel_key) == (WorkState.FAILED, "")
    before = list(run.shots.values_list("ended_at", "attempts"))
    runs.resume(run, by=rui)
    assert follow_the_bells(run).state == WorkState.FINISHED
    assert run.version.state == VersionState.TO_REVIEW
    assert list(run.shots.values_list("ended_at", "attempts")) == before, "no shot is made again for it"


def test_a_package_of_a_worker_that_was_given_up_does_not_overwrite_its_successors(
        run: Run, ada: User, rosa: User, harbour: Agent) -> None:
    version = follow_the_bells(run).version
    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    delivery = deliveries.create(version, recipient=harbour, terms="Once.", by=ada)
    silent = deliveries.claim(str(delivery.pk), worker="silent")
    assert silent is not None
    runs.reap(worker="silent")
    moved: list[str] = []
    assert not deliveries.finish(silent, [], put_in_place=lambda: moved.append("overwritten"))
    assert moved == []


def test_a_source_that_is_gone_is_told_as_such(run: Run) -> None:
    holding_path(run.version.source).unlink()
    follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert run.error_reference == "", run.error


def test_a_tape_is_analysed_by_its_job(tape: Path, ada: User) -> None:
    media_file = analysed(tape, ada, SHORT).media_file
    analysis = analyses.queue(media_file, by=ada)
    jobs.analyse(analysis.pk)
    analysis.refresh_from_db()
    assert (analysis.state, analysis.error) == (WorkState.FINISHED, "")
    assert analysis.report["source"]["frames"] == FRAMES // 2
    assert analysis.frames_total == FRAMES // 2


def test_a_source_that_was_exchanged_is_not_joined_under_the_name_of_the_old_one(run: Run) -> None:
    source = run.version.source
    while (bells := steps.due(run)) and bells[0].job != "join_run":
        getattr(jobs, bells[0].job)(*bells[0].args)
        run.refresh_from_db()
    with holding_path(source).open("ab") as held:
        held.write(b"another byte")
    follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert run.error.startswith("The source reel.mkv is missing or no longer what was analysed.")
    assert Version.objects.get(pk=run.version_id).master is None


def test_a_file_kept_in_place_is_read_again_before_anything_is_made_of_it(run: Run) -> None:
    source = run.version.source
    path = holding_path(source)
    MediaFile.objects.filter(pk=source.pk).update(custody="in_place", storage_key=str(path))
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 0xFF
    path.write_bytes(bytes(changed))
    follow_the_bells(run)
    assert (run.state, run.shots.count()) == (WorkState.FAILED, 0)


def test_what_fails_is_told_under_the_name_the_file_came_with(run: Run) -> None:
    source = run.version.source
    holding_path(source).write_bytes(b"\0" * source.size_bytes)
    follow_the_bells(run)
    assert run.state == WorkState.FAILED
    assert "“reel.mkv”" in run.error
    assert source.storage_key.split("/")[-1] not in run.error
