"""One master is made by one edition of the engine, and a copy takes off no grain but what that edition gave."""

from pathlib import Path

import av
import numpy as np
import pytest

from archive.models import Agent, User
from archive.storage import derivative_path
from restoration import jobs
from restoration.actions import deliveries, reviews, runs, versions
from restoration.engine import pipeline
from restoration.engine.settings import GrainSettings
from restoration.models import Run, Version
from restoration.vocabularies import WorkState
from tests.restoration.jobs.test_whole_way import follow_the_bells
from tests.restoration.reels import CHOSEN, SHORT, analysed, write_tape

pytestmark = pytest.mark.django_db(transaction=True)

GRAINY = CHOSEN.model_copy(update={"grain": GrainSettings(amount=0.9)})


@pytest.fixture
def run(tmp_path: Path, ada: User, rui: User) -> Run:
    version = versions.propose(analysed(write_tape(tmp_path, SHORT), ada, SHORT), by=rui, settings=GRAINY)
    return runs.queue(version, by=rui)


def exchange_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (pipeline, jobs.restoring):
        monkeypatch.setattr(room, "edition", lambda *doors: "another")


def tells_of_grain(copy: Path) -> bool:
    """Whether a decoder that makes the grain anew shows another picture than one that does not."""
    with_grain, without = (_shown(copy, filmgrain=answer) for answer in ("1", "0"))
    return not np.array_equal(with_grain, without)


def _shown(copy: Path, **options: str) -> np.ndarray:
    with av.open(str(copy)) as container:
        container.streams.video[0].codec_context.options = options
        return np.stack([frame.to_ndarray() for frame in container.decode(video=0)])


def test_a_run_is_planned_again_and_made_whole_by_the_engine_that_came_between(
        run: Run, rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.begin_run(run.pk)
    jobs.restore_shot(run.pk, 0)
    exchange_the_engine(monkeypatch)
    jobs.restore_shot(run.pk, 1)
    run.refresh_from_db()
    assert "The engine was exchanged" in run.error
    runs.resume(run, by=rui)
    jobs.begin_run(run.pk)
    assert set(run.shots.values_list("state", "was_reused")) == {(WorkState.QUEUED, False)}
    assert follow_the_bells(run).version.report["engine"] == "another"


@pytest.mark.parametrize("is_exchanged", [False, True])
def test_only_the_engine_that_gave_a_master_its_grain_takes_it_off_for_a_copy(
        run: Run, ada: User, rosa: User, harbour: Agent, monkeypatch: pytest.MonkeyPatch, is_exchanged: bool) -> None:
    version = follow_the_bells(run).version
    assert version.report["engine"] == run.engine == pipeline.edition()
    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    if is_exchanged:
        exchange_the_engine(monkeypatch)
    delivery = deliveries.create(Version.objects.get(pk=version.pk), recipient=harbour, terms="Once.", by=ada,
                                 extras=["av1"])
    jobs.package(str(delivery.pk))
    item = delivery.items.get(name__endswith="av1.mp4")
    assert tells_of_grain(derivative_path(item.storage_key)) is not is_exchanged
