"""Looks, through a real worker, and what is settled on after them."""

import io
from pathlib import Path

import django_rq
import numpy as np
import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image
from rq.timeouts import TimerDeathPenalty

from archive.models import User
from archive.storage import derivative_path, holding_path
from restoration.actions import looks, orphans, overrides, presets, runs, versions
from restoration.engine.encoding.stills import still_of_master
from restoration.engine.errors import SettingsError
from restoration.models import Look, Version
from restoration.vocabularies import WorkState
from restoration.worker import ReadyWorker
from tests.engine.broken import break_noise
from tests.restoration.factories import VersionFactory
from tests.restoration.jobs.test_whole_way import follow_the_bells
from tests.restoration.reels import SHORT, analysed, write_tape

pytestmark = pytest.mark.django_db(transaction=True)

SMOOTHER = {"changes": {"noise": {"luma": 1.0}}}


@pytest.fixture(autouse=True)
def _silence() -> None:
    django_rq.get_connection("default").flushall()


@pytest.fixture
def planned(tmp_path: Path, ada: User, rui: User) -> Version:
    return versions.propose(analysed(write_tape(tmp_path, SHORT), ada, SHORT), by=rui)


class WorkerHere(ReadyWorker):
    """In the process of the test: it leaves the alarm, of which a process has one, to the test that may hang."""

    death_penalty_class = TimerDeathPenalty


def answer() -> None:
    WorkerHere([django_rq.get_queue("now")]).work(burst=True)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_from_a_look_to_the_version_that_shows_the_same(planned: Version, rui: User,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    look = looks.queue(planned, shot=1, trials=[{"changes": {}}, SMOOTHER], by=rui)
    assert look.frames == [7, 14, 20]
    answer()
    look.refresh_from_db()
    assert (look.state, look.error) == (WorkState.FINISHED, "")
    assert sorted(look.pictures) == [[trial, frame] for trial in (0, 1) for frame in look.frames]
    first = follow_the_bells(runs.queue(planned, by=rui)).version
    overrides.keep(first, shot=1, trial=SMOOTHER, by=rui)
    second = follow_the_bells(overrides.derive(first, by=rui).runs.get()).version
    assert not overrides.open_ones(first).exists()
    for trial, version in enumerate((first, second)):
        for frame in look.frames:
            assert version.master is not None
            shown = derivative_path(looks.picture_key(look, trial, frame)).read_bytes()
            assert np.array_equal(pixels(shown), pixels(still_of_master(holding_path(version.master), frame)))

    with monkeypatch.context() as fault:
        break_noise(fault, at=look.frames[1])
        broken = looks.queue(planned, shot=1, trials=[SMOOTHER], frames=[look.frames[1]], by=rui)
        answer()
    broken.refresh_from_db()
    assert broken.state == WorkState.FAILED
    assert "“noise” failed" in broken.error

    orphans_before = orphans.find(looks.KEPT * 0)
    Look.objects.update(queued_at=timezone.now() - 2 * looks.KEPT)
    assert (looks.sweep(), Look.objects.count()) == (2, 0)
    assert not list((Path(site.DERIVATIVES_DIR) / "looks").glob("*"))
    assert orphans_before == []


def test_a_look_is_given_up_for_the_next_one_or_by_hand_and_given_back_by_a_lost_worker(rui: User) -> None:
    version = VersionFactory(made=True)
    first = looks.queue(version, shot=1, trials=[SMOOTHER], by=rui)
    second = looks.queue(version, shot=1, trials=[SMOOTHER], by=rui)
    first.refresh_from_db()
    assert (first.state, second.state) == (WorkState.CANCELLED, WorkState.QUEUED)
    claimed = looks.claim(second.pk, worker="lost")
    assert claimed is not None
    assert runs.reap(worker="lost").given_back == 1
    assert not looks.finish(claimed), "it is no longer this worker's"
    again = looks.claim(second.pk, worker="slow")
    assert again is not None
    looks.cancel(second, by=rui)
    assert not looks.beat(again)
    with pytest.raises(ValidationError, match="already ended"):
        looks.cancel(second, by=rui)


def test_a_trial_that_cannot_be_is_refused_before_anybody_waits(rui: User) -> None:
    version = VersionFactory(made=True)
    for trial in ({"changes": {"upscale": {"height": 1080}}}, {"changes": {"noise": {"luma": 7}}}):
        with pytest.raises(SettingsError):
            looks.queue(version, shot=1, trials=[trial], by=rui)
    with pytest.raises(ValidationError, match="do not lie in shot 2"):
        looks.queue(version, shot=1, trials=[SMOOTHER], frames=[3], by=rui)
    assert not Look.objects.exists()
    with pytest.raises(ValidationError, match="Nothing differs"):
        overrides.keep(version, shot=1, trial={"changes": {}}, by=rui)


def test_what_was_learnt_is_kept_under_a_name_without_what_held_for_single_shots(rui: User) -> None:
    version = VersionFactory(made=True)
    overrides.keep(version, shot=1, trial=SMOOTHER, by=rui)
    derived = overrides.derive(version, by=rui)
    learnt = presets.learn(derived, name=" Smoky  stage ", shot=(40, 90), by=rui)
    assert (learnt.name, learnt.settings["noise"]["luma"], learnt.settings["overrides"]) == ("Smoky stage", 1.0, [])
    for taken in ("Smoky stage", "tape"):
        with pytest.raises(ValidationError, match="already"):
            presets.learn(version, name=taken, by=rui)
