"""Adapted weights belong to one asset: learnt once, kept under their digest, offered there and refused elsewhere."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.errors import RefusedError
from archive.models import ProvenanceEvent, User
from archive.vocabularies import EventType, Role
from restoration import jobs
from restoration.actions import adapting, inspections, orphans, reaping, versions, weights
from restoration.engine import adapting as engine
from restoration.engine.adapting import Adapted
from restoration.engine.adapting.learning import Judgement
from restoration.engine.errors import Cancelled, SettingsError, WeightsError
from restoration.engine.settings import NoiseSettings, Settings
from restoration.models import Adaptation, Analysis
from restoration.vocabularies import WorkState
from tests.factories import UserFactory
from tests.restoration.actions.test_orphans import AT_ONCE
from tests.restoration.factories import RECOMMENDED, AnalysisFactory

pytestmark = pytest.mark.django_db

BETTER = Judgement(without=3e-4, shipped=2.9e-4, adapted=2.5e-4, error=1e-6, windows=40, least=1e-6)
LEARNT = "cd" * 32


def wished(sha256: str) -> Settings:
    return RECOMMENDED.model_copy(update={"noise": NoiseSettings(enabled=True, weights=sha256)})


def learnt(rui: User, sha256: str = LEARNT, analysis: Analysis | None = None) -> Adaptation:
    adaptation = adapting.queue(analysis or AnalysisFactory(), by=rui)
    claimed = adapting.claim(adaptation.pk, worker="one")
    assert claimed is not None
    assert adapting.finish(claimed, put_in_place=lambda: None, sha256=sha256, size_bytes=7, base_sha256="ab" * 32,
                           scores=asdict(BETTER), lessons=90, steps=160)
    claimed.refresh_from_db()
    return claimed


@pytest.fixture
def stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The source is there and what it was."""
    monkeypatch.setattr("restoration.jobs.adapting.refuse_changed_source", lambda source, **more: None)


def engine_that(monkeypatch: pytest.MonkeyPatch, *, keeps: bool, base: str = "ab" * 32,
                meanwhile: Callable[[], object] = lambda: None) -> None:
    def adapt(source: Path, report: Any, settings: Any, target: Path, **more: Any) -> Adapted:
        if keeps:
            target.write_bytes(b"learnt")
        meanwhile()
        return Adapted(LEARNT if keeps else None, base, BETTER, 90, 160)

    monkeypatch.setattr(engine, "adapt", adapt)


def test_one_adaptation_at_a_time_for_an_asset(rui: User) -> None:
    analysis = AnalysisFactory()
    adapting.queue(analysis, by=rui)
    with pytest.raises(ValidationError, match="already"):
        adapting.queue(analysis, by=rui)


def test_only_restorers_ask_for_it_and_only_of_what_was_analysed(rui: User) -> None:
    with pytest.raises(PermissionDenied):
        adapting.queue(AnalysisFactory(), by=UserFactory(role=Role.REVIEWER))
    with pytest.raises(ValidationError, match="has finished"):
        adapting.queue(AnalysisFactory(state=WorkState.QUEUED, report=None), by=rui)


def test_what_was_learnt_lies_under_its_digest_and_is_recorded(rui: User, stands: None,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    engine_that(monkeypatch, keeps=True)
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert (adaptation.state, adaptation.sha256, adaptation.size_bytes) == (WorkState.FINISHED, LEARNT, 6)
    assert adaptation.scores["adapted"] < adaptation.scores["shipped"]
    assert weights.weights_path(LEARNT).read_bytes() == b"learnt"
    assert ProvenanceEvent.objects.get(type=EventType.NETWORK_ADAPTED).facts["sha256"] == LEARNT
    assert not [one for one in orphans.find(AT_ONCE) if LEARNT in str(one)]


def test_where_nothing_was_gained_nothing_is_kept(rui: User, stands: None, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_that(monkeypatch, keeps=False)
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert adaptation.state == WorkState.FINISHED and not adaptation.was_kept
    assert not adapting.kept_for(adaptation.asset).exists()


def test_of_one_that_was_cancelled_as_it_ended_no_weights_stay(rui: User, stands: None,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    engine_that(monkeypatch, keeps=True, meanwhile=lambda: adapting.cancel(adaptation, by=rui))
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert (adaptation.state, adaptation.sha256) == (WorkState.CANCELLED, "")
    assert list(weights.weights_path(LEARNT).parent.iterdir()) == []


def test_of_one_that_cannot_be_written_down_no_weights_stay(rui: User, stands: None,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    engine_that(monkeypatch, keeps=True, base="longer than a digest is" * 4)
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert (adaptation.state, adaptation.sha256) == (WorkState.FAILED, "")
    assert list(weights.weights_path(LEARNT).parent.iterdir()) == []


def test_weights_that_another_adaptation_came_to_stay_when_this_one_is_cancelled(
        rui: User, stands: None, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_that(monkeypatch, keeps=True)
    analysis = AnalysisFactory()
    jobs.adapt(adapting.queue(analysis, by=rui).pk)
    again = adapting.queue(analysis, by=rui)
    engine_that(monkeypatch, keeps=True, meanwhile=lambda: adapting.cancel(again, by=rui))
    jobs.adapt(again.pk)
    again.refresh_from_db()
    assert again.state == WorkState.CANCELLED
    assert weights.weights_path(LEARNT).read_bytes() == b"learnt"


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"x")], ids=["missing", "damaged"])
def test_adapting_again_puts_back_weights_that_were_lost(
        rui: User, stands: None, monkeypatch: pytest.MonkeyPatch, lost: Callable[[Path], object]) -> None:
    engine_that(monkeypatch, keeps=True)
    analysis = AnalysisFactory()
    jobs.adapt(adapting.queue(analysis, by=rui).pk)
    asset = analysis.media_file.instantiation.asset
    assert adapting.lost_for(asset) == []
    lost(weights.weights_path(LEARNT))
    assert adapting.lost_for(asset) == [LEARNT]
    jobs.adapt(adapting.queue(analysis, by=rui).pk)
    assert adapting.lost_for(asset) == []
    assert weights.weights_path(LEARNT).read_bytes() == b"learnt"


def test_the_same_file_puts_back_weights_that_were_lost(rui: User) -> None:
    content = b"learnt from a recording"
    row = learnt(rui, hashlib.sha256(content).hexdigest())
    back = inspections.bring(io.BytesIO(content), file_name="copy.safetensors", size=len(content), name="Mine",
                             licence="MIT", by=rui)
    assert back == row
    assert weights.weights_path(row.sha256).read_bytes() == content
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_BROUGHT_BACK)
    assert (event.by, event.asset, event.object_id) == (rui, row.asset, str(row.pk))
    with pytest.raises(RefusedError, match="registered already, as “cleaner"):
        inspections.bring(io.BytesIO(content), file_name="copy.safetensors", size=len(content), name="Mine",
                          licence="MIT", by=rui)


def test_an_interrupted_adaptation_waits_again_and_a_cancelled_one_does_not(
        rui: User, stands: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: Any, **more: Any) -> Adapted:
        raise Cancelled

    monkeypatch.setattr(engine, "adapt", interrupted)
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert adaptation.state == WorkState.QUEUED
    adapting.cancel(adaptation, by=rui)
    jobs.adapt(adaptation.pk)
    adaptation.refresh_from_db()
    assert adaptation.state == WorkState.CANCELLED


def test_one_whose_worker_was_lost_is_given_back(rui: User) -> None:
    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    adapting.claim(adaptation.pk, worker="gone")
    assert reaping.reap(worker="gone").given_back == 1
    adaptation.refresh_from_db()
    assert adaptation.state == WorkState.QUEUED


def test_a_version_of_its_asset_may_ask_for_it_and_no_other(rui: User) -> None:
    adaptation = learnt(rui)
    with pytest.raises(WeightsError, match="are missing or damaged here"):
        versions.propose(adaptation.analysis, by=rui, settings=wished(LEARNT))
    weights.weights_path(LEARNT).parent.mkdir(parents=True, exist_ok=True)
    weights.weights_path(LEARNT).write_bytes(b"learnt!")
    version = versions.propose(adaptation.analysis, by=rui, settings=wished(LEARNT))
    reason = next(each for each in version.reasons if each["field"] == "noise.weights")
    assert LEARNT in reason["values"]["value"]
    with pytest.raises(SettingsError, match="not adapted to this asset"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(LEARNT))


def test_weights_are_named_by_the_day_it_was_here_when_they_were_adapted_last(rui: User) -> None:
    for ended_at in ("2026-01-01T20:00+00:00", "2026-02-03T20:00+00:00"):
        Adaptation.objects.filter(pk=learnt(rui).pk).update(ended_at=ended_at)
    with timezone.override("Asia/Shanghai"):
        assert adapting.in_words([LEARNT, "ef" * 32, LEARNT]) == {
            LEARNT: f"cleaner · 2026-02-04 · SHA-256 {LEARNT}", "ef" * 32: f"SHA-256 {'ef' * 32}"}


def test_what_was_learnt_never_becomes_other_weights(rui: User) -> None:
    adaptation = learnt(rui)
    with pytest.raises(IntegrityError, match="never become others"), transaction.atomic():
        Adaptation.objects.filter(pk=adaptation.pk).update(sha256="ef" * 32)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        adaptation.delete()
