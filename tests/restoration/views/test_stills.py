"""Stills are kept for a while; what goes wrong with keeping them is nothing to whoever looks."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.views import stills
from tests.archive.test_ingest import disk_of
from tests.restoration.views.rooms import version_with_bytes


@pytest.mark.django_db
def test_a_still_that_cannot_be_kept_is_shown_and_leaves_nothing_half_written(
    client: Client, rosa: User, settings: Any,
) -> None:
    version = version_with_bytes(6)
    client.force_login(rosa)
    with disk_of(100):
        answer = client.get(reverse("still", args=[version.pk, 2]), {"side": "a"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")
    assert list((Path(settings.DERIVATIVES_DIR) / "stills").rglob("*.p*")) == []


def test_a_still_that_somebody_else_has_just_let_go_does_not_disturb(tmp_path: Path) -> None:
    (tmp_path / "gone.png").symlink_to("nowhere")
    for number in range(stills.KEPT_STILLS + 3):
        stills._keep(b"picture", tmp_path / f"{number}.png")
    assert len([path for path in tmp_path.glob("*.png") if path.exists()]) == stills.KEPT_STILLS


@pytest.mark.django_db
def test_why_there_is_no_still_is_said_in_the_readers_language(client: Client, rosa: User) -> None:
    version = version_with_bytes(6)
    version.pair_reel["frames"] = 600
    version.save()
    client.force_login(rosa)
    answer = client.get(reverse("still", args=[version.pk, 500]), {"side": "b"}, headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 503
    assert answer.content.decode().endswith("”没有第 500 帧。")
