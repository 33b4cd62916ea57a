"""Weights come in with a licence, after an inspection, and stay what they are."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from archive.errors import RefusedError
from archive.models import ProvenanceEvent, User
from archive.vocabularies import EventType
from restoration.actions import orphans, versions, weights
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.networks import brought
from restoration.engine.networks.brought import WeightsFacts
from restoration.engine.settings import Settings, UpscaleSettings
from restoration.models import Weights
from tests.engine.networks.traps import Trap, compact, pth
from tests.restoration.actions.test_orphans import AT_ONCE
from tests.restoration.factories import RECOMMENDED, AnalysisFactory, WeightsFactory

pytestmark = pytest.mark.django_db

FOUND = WeightsFacts(architecture="RealESRGAN Compact", purpose="enlarge", scale=2, channels_in=3, channels_out=3,
                     parameters=2292, multiple=1, least=0)


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Which files the child would have seen, without starting it."""
    seen: list[Path] = []

    def inspect(path: Path, **limits: Any) -> WeightsFacts:
        seen.append(path)
        return FOUND

    monkeypatch.setattr(weights, "inspect", inspect)
    return seen


def register(data: bytes, by: User, **more: Any) -> Weights:
    told = {"file_name": "realesr.pth", "name": "Real-ESRGAN", "licence": "BSD-3-Clause", **more}
    return weights.register(io.BytesIO(data), size=len(data), by=by, **told).weights


def wished(sha256: str) -> Settings:
    return RECOMMENDED.model_copy(update={"upscale": UpscaleSettings(height=1080, weights=sha256)})


def kept() -> list[Path]:
    folder = weights.weights_path("any").parent
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.skipif(not brought.is_able(), reason="the extra “models” is not installed")
def test_what_was_inspected_lies_under_its_digest_and_is_recorded(rui: User) -> None:
    data = pth({"params": compact()})
    row = register(data, rui, origin="https://example.org/realesr.pth")
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert weights.weights_path(row.sha256).read_bytes() == data
    assert (row.architecture, row.purpose, row.scale, row.parameters) == ("RealESRGAN Compact", "enlarge", 2, 2292)
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_REGISTERED)
    assert (event.by, event.facts["sha256"], event.facts["licence"]) == (rui, row.sha256, "BSD-3-Clause")


@pytest.mark.skipif(not brought.is_able(), reason="the extra “models” is not installed")
def test_of_a_file_that_wants_to_run_code_nothing_stays(rui: User, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"posix\.mkdir"):
        register(pth({"body.0.weight": Trap(tmp_path / "it ran")}), rui)
    assert not (tmp_path / "it ran").exists()
    assert kept() == [] and not Weights.objects.exists()


@pytest.mark.parametrize("told", [{"licence": " "}, {"licence": ""}, {"name": " "}])
def test_without_a_licence_or_a_name_nothing_is_taken(rui: User, inspected: list[Path], told: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="licence"):
        register(b"weights", rui, **told)
    assert inspected == [] and kept() == []


def test_the_database_wants_a_licence_too() -> None:
    with pytest.raises(IntegrityError, match="weights_have_a_licence"), transaction.atomic():
        WeightsFactory(licence=" ")


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"scale": 8}, {"architecture": "Other"}])
def test_registered_weights_never_become_others(change: dict[str, Any]) -> None:
    row = WeightsFactory()
    with pytest.raises(IntegrityError, match="never become others"), transaction.atomic():
        Weights.objects.filter(pk=row.pk).update(**change)
    Weights.objects.filter(pk=row.pk).update(licence="MIT")


def test_registered_weights_are_never_deleted() -> None:
    row = WeightsFactory()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        row.delete()


def test_the_same_bytes_are_told_before_they_are_kept_twice(rui: User, inspected: list[Path]) -> None:
    register(b"weights", rui)
    with pytest.raises(RefusedError, match="registered already, as “Real-ESRGAN”"):
        register(b"weights", rui, name="Another")
    assert len(inspected) == 1 and len(kept()) == 1


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"others!")], ids=["missing", "damaged"])
def test_the_same_bytes_put_back_what_was_lost_and_nothing_else_changes(
        rui: User, inspected: list[Path], lost: Callable[[Path], object]) -> None:
    row = register(b"weights", rui)
    lost(weights.weights_path(row.sha256))
    brought = weights.register(io.BytesIO(b"weights"), size=7, file_name="copy.pth", name="Other", licence="MIT",
                               by=rui)
    assert (brought.is_back, brought.weights) == (True, row)
    assert (brought.weights.name, brought.weights.licence) == ("Real-ESRGAN", "BSD-3-Clause")
    assert kept() == [weights.weights_path(row.sha256)] and kept()[0].read_bytes() == b"weights"
    assert len(inspected) == 1
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_BROUGHT_BACK)
    assert (event.by, event.facts["sha256"], event.facts["file"]) == (rui, row.sha256, "copy.pth")


def test_what_is_too_large_is_not_read(rui: User, inspected: list[Path]) -> None:
    with pytest.raises(RefusedError, match="larger"):
        weights.register(io.BytesIO(b""), size=brought.LARGEST + 1, file_name="huge.pth", name="Huge", licence="MIT",
                         by=rui)
    assert inspected == []


@pytest.mark.parametrize("role", ["archivist", "reviewer"])
def test_who_may_not_restore_may_not_register(role: str, inspected: list[Path]) -> None:
    from tests.factories import UserFactory

    with pytest.raises(PermissionDenied):
        register(b"weights", UserFactory(role=role))
    assert inspected == []


def test_bytes_whose_row_was_never_committed_are_found(rui: User, inspected: list[Path]) -> None:
    row = register(b"weights", rui)
    lost = weights.weights_path("ab" * 32)
    lost.write_bytes(b"lost")
    half = lost.with_name(f"{'ab' * 16}.incoming")
    half.write_bytes(b"half")
    found = orphans.find(AT_ONCE)
    assert sorted(one.path for one in found) == sorted([lost.resolve(), half.resolve()])
    assert weights.weights_path(row.sha256).exists()


def test_a_version_asks_only_for_weights_that_are_registered_and_enlarge(rui: User) -> None:
    analysis = AnalysisFactory()
    good, cleaning = WeightsFactory(), WeightsFactory(purpose="clean", scale=1)
    for sha256, told in (("ab" * 32, "abab. Bring its file"), (cleaning.sha256, f"“{cleaning.name}” does not enlarge")):
        with pytest.raises(SettingsError, match=told):
            versions.propose(analysis, by=rui, settings=wished(sha256))
    version = versions.propose(analysis, by=rui, settings=wished(good.sha256))
    assert version.settings["upscale"]["weights"] == good.sha256
    reason = next(each for each in version.reasons if each["field"] == "upscale.weights")
    assert reason["values"]["value"] == f"{good.name} · {good.licence} · SHA-256 {good.sha256}"


def test_a_version_whose_network_is_gone_is_refused_by_its_name_and_with_the_remedy(rui: User) -> None:
    row = WeightsFactory(name="Sharp eyes")
    weights.weights_path(row.sha256).unlink()
    with pytest.raises(WeightsError, match=r"“Sharp eyes” are missing or damaged here .* under “Networks”"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(row.sha256))


def test_without_the_extra_a_version_that_needs_it_is_refused(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "is_able", lambda: False)
    with pytest.raises(WeightsError, match=r"patina\[models\]"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(WeightsFactory().sha256))
