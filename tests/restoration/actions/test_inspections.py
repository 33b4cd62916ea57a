"""A file comes in with a licence, waits to be inspected, and is registered or refused; of what is refused nothing stays
but the words that were said of it."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_rq
import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from archive.errors import RefusedError
from archive.models import ProvenanceEvent, User
from archive.storage import managed_path
from archive.vocabularies import EventType
from restoration import jobs
from restoration.actions import inspections, orphans, runs, weights
from restoration.actions.bell import ringing
from restoration.engine.networks import brought
from restoration.engine.networks.brought import WeightsFacts
from restoration.jobs import inspecting
from restoration.models import Inspection, Weights
from restoration.vocabularies import WorkState
from tests.engine.networks.traps import Trap, compact, pth
from tests.factories import UserFactory
from tests.restoration.actions.test_orphans import AT_ONCE

pytestmark = pytest.mark.django_db(transaction=True)

FOUND = WeightsFacts(architecture="RealESRGAN Compact", purpose="enlarge", scale=2, channels_in=3, channels_out=3,
                     parameters=2292, multiple=1, least=0)


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Which files the child would have seen, without starting it."""
    seen: list[Path] = []

    def inspect(path: Path, **limits: Any) -> WeightsFacts:
        seen.append(path)
        return FOUND

    monkeypatch.setattr(inspecting, "inspect", inspect)
    return seen


def bring(data: bytes, by: User, **more: Any) -> Inspection | Weights:
    told = {"file_name": "realesr.pth", "name": "Real-ESRGAN", "licence": "BSD-3-Clause", **more}
    return inspections.bring(io.BytesIO(data), size=len(data), by=by, **told)


def waiting(data: bytes, by: User, **more: Any) -> Inspection:
    asked = bring(data, by, **more)
    assert isinstance(asked, Inspection)
    return asked


def looked_into(data: bytes, by: User, **more: Any) -> Inspection:
    """Brought, and a worker has had its turn."""
    asked = waiting(data, by, **more)
    jobs.inspect_weights(asked.pk)
    asked.refresh_from_db()
    return asked


def register(data: bytes, by: User, **more: Any) -> Weights:
    row = looked_into(data, by, **more).weights
    assert row is not None
    return row


def kept() -> list[Path]:
    folder = weights.weights_path("any").parent
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.skipif(not brought.is_able(), reason="the extra “models” is not installed")
def test_what_was_inspected_lies_under_its_digest_and_is_recorded(rui: User) -> None:
    data = pth({"params": compact()})
    row = register(data, rui, origin="https://example.org/realesr.pth")
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert kept() == [weights.weights_path(row.sha256)] and kept()[0].read_bytes() == data
    assert (row.architecture, row.purpose, row.scale, row.parameters) == ("RealESRGAN Compact", "enlarge", 2, 2292)
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_REGISTERED)
    assert (event.by, event.facts["sha256"], event.facts["licence"]) == (rui, row.sha256, "BSD-3-Clause")


@pytest.mark.skipif(not brought.is_able(), reason="the extra “models” is not installed")
def test_of_a_file_that_wants_to_run_code_the_words_stay_and_nothing_else(rui: User, tmp_path: Path) -> None:
    refused = looked_into(pth({"body.0.weight": Trap(tmp_path / "it ran")}), rui, origin="by post")
    assert refused.state == WorkState.FAILED
    assert refused.error.startswith("“realesr.pth” wants to run “posix.mkdir”")
    assert (refused.name, refused.licence, refused.origin) == ("Real-ESRGAN", "BSD-3-Clause", "by post")
    assert not (tmp_path / "it ran").exists()
    assert kept() == [] and not Weights.objects.exists()


@pytest.mark.parametrize("told", [{"licence": " "}, {"licence": ""}, {"name": " "}])
def test_without_a_licence_or_a_name_nothing_is_taken(rui: User, told: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="licence"):
        bring(b"weights", rui, **told)
    assert kept() == [] and not Inspection.objects.exists()


def test_the_same_bytes_are_told_before_they_are_kept_twice(rui: User, inspected: list[Path]) -> None:
    asked = waiting(b"weights", rui)
    with pytest.raises(RefusedError, match="is being inspected already"):
        bring(b"weights", rui)
    assert kept() == [managed_path(asked.incoming)]
    jobs.inspect_weights(asked.pk)
    with pytest.raises(RefusedError, match="registered already, as “Real-ESRGAN”"):
        bring(b"weights", rui, name="Another")
    assert len(inspected) == 1 and len(kept()) == 1


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"others!")], ids=["missing", "damaged"])
def test_the_same_bytes_put_back_what_was_lost_and_nothing_else_changes(
        rui: User, inspected: list[Path], lost: Callable[[Path], object]) -> None:
    row = register(b"weights", rui)
    lost(weights.weights_path(row.sha256))
    back = bring(b"weights", rui, file_name="copy.pth", name="Other", licence="MIT")
    assert isinstance(back, Weights)
    assert (back, back.name, back.licence) == (row, "Real-ESRGAN", "BSD-3-Clause")
    assert kept() == [weights.weights_path(row.sha256)] and kept()[0].read_bytes() == b"weights"
    assert len(inspected) == 1
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_BROUGHT_BACK)
    assert (event.by, event.facts["sha256"], event.facts["file"]) == (rui, row.sha256, "copy.pth")


def test_what_is_too_large_is_not_read(rui: User) -> None:
    with pytest.raises(RefusedError, match="larger"):
        inspections.bring(io.BytesIO(b""), size=brought.LARGEST + 1, file_name="huge.pth", name="Huge", licence="MIT",
                          by=rui)
    assert kept() == []


@pytest.mark.parametrize("role", ["archivist", "reviewer"])
def test_who_may_not_restore_may_not_bring(role: str) -> None:
    with pytest.raises(PermissionDenied):
        bring(b"weights", UserFactory(role=role))
    assert kept() == []


def test_a_cancelled_inspection_leaves_nothing_and_its_worker_registers_nothing(
        rui: User, inspected: list[Path]) -> None:
    asked = waiting(b"weights", rui)
    claimed = inspections.claim(asked.pk, worker="one")
    assert claimed is not None
    inspections.cancel(asked, by=rui)
    assert not inspections.finish(claimed, FOUND)
    assert kept() == [] and not Weights.objects.exists()
    with pytest.raises(ValidationError, match="already ended"):
        inspections.cancel(asked, by=rui)


@pytest.mark.skipif(not brought.is_able(), reason="the extra “models” is not installed")
def test_a_worker_that_has_to_go_gives_the_file_back_to_the_next_one(
        rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "_ASKS_EVERY", 0.01)
    with monkeypatch.context() as patched:
        patched.setattr("restoration.jobs.pulse.Pulse.is_cancelled", lambda pulse: True)
        given_back = looked_into(pth({"params": compact()}), rui)
    assert (given_back.state, given_back.attempts) == (WorkState.QUEUED, 0)
    jobs.inspect_weights(given_back.pk)
    given_back.refresh_from_db()
    assert given_back.state == WorkState.FINISHED


def test_what_waits_has_a_bell_and_gets_another_one_where_it_was_lost(rui: User) -> None:
    queue = django_rq.get_queue("high")
    queue.empty()
    name = inspections.bell(waiting(b"weights", rui)).name
    assert name in (ringing() or set())
    queue.empty()
    assert runs.reap().rung == 1
    assert name in (ringing() or set())


def test_an_inspection_that_lost_its_worker_waits_again_and_fails_at_the_third(rui: User) -> None:
    asked = waiting(b"weights", rui)
    later = timezone.now() + timedelta(seconds=site.SHOT_HEARTBEAT_SECONDS + 1)
    for number in (1, 2, 3):
        assert inspections.claim(asked.pk, worker=f"worker {number}") is not None
        runs.reap(later)
        asked.refresh_from_db()
        assert asked.state == (WorkState.QUEUED if number < 3 else WorkState.FAILED)
    assert "lost 3 times" in asked.error
    assert kept() == []


def test_bytes_whose_row_was_never_committed_are_found_and_what_waits_is_left_alone(
        rui: User, inspected: list[Path]) -> None:
    row, asked = register(b"weights", rui), waiting(b"other weights", rui)
    lost = weights.weights_path("ab" * 32)
    lost.write_bytes(b"lost")
    half = lost.with_name(f"{'ab' * 16}.incoming")
    half.write_bytes(b"half")
    found = orphans.find(AT_ONCE)
    assert sorted(one.path for one in found) == sorted([lost.resolve(), half.resolve()])
    assert weights.weights_path(row.sha256).exists() and managed_path(asked.incoming).exists()
