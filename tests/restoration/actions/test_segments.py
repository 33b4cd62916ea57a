"""What is left over in the work folder goes, and what somebody may come back for stays."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone

from restoration.actions.segments import attempt_folder, segment_path, sweep
from restoration.models import Run
from restoration.vocabularies import DeliveryState, WorkState
from tests.restoration.factories import DeliveryFactory, RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


def segments_of(run: Run) -> list[Path]:
    """Of each shot, and what a lost worker had begun to write of the first."""
    paths = [segment_path(run.version.source, shot.segment_digest) for shot in run.shots.all()]
    paths.append(attempt_folder(run.shots.get(index=0)) / "partial.mkv")
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"frames")
    return paths


def made_long_ago(*folders: str) -> None:
    then = time.time() - timedelta(days=2).total_seconds()
    for folder in folders or ("segments", "runs", "deliveries"):
        for path in (Path(site.WORK_DIR) / folder).rglob("*"):
            os.utime(path, (then, then))


def an_ended_run(*, days_ago: int, **version: object) -> Run:
    return RunFactory(state=WorkState.CANCELLED, ended_at=timezone.now() - timedelta(days=days_ago), shots=((0, 40),),
                      version=VersionFactory(**version))


def test_segments_of_a_run_that_nobody_resumed_go_after_a_month() -> None:
    *segments, partial = segments_of(an_ended_run(days_ago=31))
    made_long_ago()
    assert sweep() == 2
    assert not any(path.exists() for path in (*segments, partial))


def test_segments_of_a_run_that_may_be_resumed_stay_and_what_was_half_written_goes() -> None:
    *segments, partial = segments_of(an_ended_run(days_ago=2))
    made_long_ago()
    sweep()
    assert all(path.exists() for path in segments)
    assert not partial.exists()


def test_segments_that_outlived_their_master_go() -> None:
    *segments, _ = segments_of(an_ended_run(days_ago=2, made=True))
    made_long_ago()
    sweep()
    assert not any(path.exists() for path in segments)


def test_a_run_under_way_loses_nothing_however_long_it_takes() -> None:
    paths = segments_of(RunFactory(begun=True, shots=((0, 40),)))
    made_long_ago()
    assert sweep() == 0
    assert all(path.exists() for path in paths)


def test_what_was_written_today_is_left_alone() -> None:
    segments_of(an_ended_run(days_ago=31))
    assert sweep() == 0


def test_what_a_lost_worker_left_of_a_package_goes() -> None:
    lost, working = DeliveryFactory(), DeliveryFactory(state=DeliveryState.PACKAGING)
    folders = [Path(site.WORK_DIR) / "deliveries" / f"{delivery.pk}-attempt-1" for delivery in (lost, working)]
    for folder in folders:
        folder.mkdir(parents=True)
    made_long_ago()
    assert sweep() == 1
    assert [folder.exists() for folder in folders] == [False, True]
