"""The command reads weights too, and names the network whose bytes are missing or others."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from archive.models import ProvenanceEvent
from archive.vocabularies import EventType, Role
from restoration.actions.weights import weights_path
from restoration.models import Adaptation
from restoration.vocabularies import WorkState
from tests.factories import UserFactory
from tests.restoration.factories import AnalysisFactory, WeightsFactory

pytestmark = pytest.mark.django_db


def adapted(sha256: str) -> Adaptation:
    analysis = AnalysisFactory()
    return Adaptation.objects.create(
        analysis=analysis, asset=analysis.media_file.instantiation.asset, state=WorkState.FINISHED, sha256=sha256,
        scores={}, size_bytes=9, ended_at=timezone.now() - timedelta(hours=1), by=UserFactory(role=Role.RESTORER))


def check(capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str]]:
    """What it says at the end, and of what is bad. Media files of the factories have no bytes: none is read."""
    try:
        call_command("checkfixity", "--limit", "0")
    except SystemExit as ended:
        assert ended.code == 2
    told = capsys.readouterr()
    return told.out.strip(), told.err.splitlines()


def test_weights_that_are_as_they_came_pass(capsys: pytest.CaptureFixture[str]) -> None:
    row = WeightsFactory()
    assert check(capsys) == ("1 checked, 0 failed.", [])
    event = ProvenanceEvent.objects.get(type=EventType.FIXITY_CHECKED)
    assert (event.object_id, event.outcome, event.facts["found"]) == (str(row.pk), "success", row.sha256)


def test_missing_and_damaged_weights_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    gone, damaged = WeightsFactory(name="Able hands"), WeightsFactory(name="Sharp eyes")
    weights_path(gone.sha256).unlink()
    weights_path(damaged.sha256).write_bytes(b"x" * damaged.size_bytes)
    out, err = check(capsys)
    assert out == "2 checked, 2 failed."
    assert err == [
        f"Able hands (SHA-256 {gone.sha256}): The file is missing from where it should lie. Bring back a good copy.",
        f"Sharp eyes (SHA-256 {damaged.sha256}): The bytes have changed: their SHA-256 is another. Bring back a good "
        "copy."]
    assert {event.outcome for event in ProvenanceEvent.objects.filter(type=EventType.FIXITY_CHECKED)} == {"failure"}


def test_what_was_learnt_from_a_recording_is_read_too(capsys: pytest.CaptureFixture[str]) -> None:
    learnt = adapted("cd" * 32)
    out, err = check(capsys)
    assert out == "1 checked, 1 failed."
    assert err[0].startswith(f"cleaner · {learnt.asset.accession_number} (SHA-256 {'cd' * 32}): The file is missing")
    event = ProvenanceEvent.objects.get(type=EventType.FIXITY_CHECKED, outcome="failure")
    assert event.asset == learnt.asset
