"""Where the repairs changed a frame: their own masks, kept when the segment goes, by whoever shares the segment."""

from pathlib import Path

import pytest
import torch
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.actions.masks import masks_path
from restoration.actions.segments import changes_path, drop_segments, segment_path
from restoration.engine.ledger import Ledger
from restoration.engine.moments import Moments
from restoration.models import Run, Version
from restoration.vocabularies import WorkState
from tests.restoration.factories import RunFactory
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return version_with_bytes(6)


@pytest.fixture
def run(version: Version) -> Run:
    """One shot, whose ledger says: dust in a quarter of frame 2, noise everywhere."""
    run = RunFactory(version=version, state=WorkState.FINISHED, shots=((0, 6),))
    ledger = Ledger(0, 6, Moments())
    dust, noise = (ledger.pen(name, of_source=False)[0] for name in ("blotches", "noise"))
    dust(2, torch.tensor([[1, 0], [0, 0]]))
    for frame in range(6):
        noise(frame, None)
    shot = run.shots.get()
    path = changes_path(segment_path(version.source, shot.segment_digest))
    path.parent.mkdir(parents=True)
    ledger.write(path)
    shot.state, shot.changes = WorkState.FINISHED, [fact.model_dump(mode="json") for fact in ledger.facts()]
    shot.save()
    return run


def told(client: Client, version: Version, frame: int) -> dict[str, tuple[str, bool]]:
    answer = client.get(reverse("changed", args=[version.pk, frame])).json()
    return {repair["title"]: (repair["share"], bool(repair["mask"])) for repair in answer["repairs"]}


def test_masks_are_kept_when_the_segment_goes(client: Client, rosa: User, version: Version, run: Run) -> None:
    drop_segments(run)
    client.force_login(rosa)
    assert told(client, version, 2) == {"Dust, dirt and snow": ("25.00% of this frame", True),
                                        "Noise": ("the whole picture", False)}
    assert told(client, version, 3)["Dust, dirt and snow"] == ("not in this frame", False)
    mask = client.get(reverse("changed-mask", args=[version.pk, 2, "blotches"]))
    assert mask.content.startswith(b"\x89PNG")
    assert client.get(reverse("changed-mask", args=[version.pk, 3, "blotches"])).status_code == 404


def test_where_no_masks_are_kept_the_shots_own_numbers_are_told(client: Client, rosa: User, version: Version,
                                                                 run: Run) -> None:
    client.force_login(rosa)
    answer = client.get(reverse("changed", args=[version.pk, 2])).json()
    assert answer["is_kept"] is False
    assert told(client, version, 2)["Dust, dirt and snow"] == ("4.17% of this shot", False)


def test_a_frame_that_is_not_there_has_no_answer_and_a_guest_gets_none(client: Client, rosa: User, version: Version,
                                                                       run: Run) -> None:
    assert client.get(reverse("changed", args=[version.pk, 2])).status_code == 302
    client.force_login(rosa)
    assert client.get(reverse("changed", args=[version.pk, 6])).status_code == 404
    assert Path(masks_path(version.source, "0" * 64)).exists() is False
