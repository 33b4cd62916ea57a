"""The picture of a version's page: one frame, before and after."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from archive.models import EssenceTrack, User
from restoration.models import Version
from restoration.views.evidence import Moment, most_telling
from tests.restoration.factories import VersionFactory
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db


def page_of(client: Client, user: User, version: Version) -> str:
    client.force_login(user)
    return client.get(reverse("version", args=[version.pk])).content.decode()


def reel(**changes: Any) -> dict[str, Any]:
    return {"rate": "30000/1001", "frames": 100, "side_width": 960, "side_height": 720, "frame_map": "identity",
            "first_frame": 0, "has_sound": False, **changes}


def test_the_frame_shown_is_where_the_worst_defect_is_at_its_worst() -> None:
    assert most_telling(VersionFactory(made=True, pair_reel=reel())) == Moment(41, "01:00:01:11", "Noise")


def test_a_reel_of_fields_shows_a_source_frame_twice() -> None:
    fields = reel(frames=200, frame_map="fields")
    assert most_telling(VersionFactory(made=True, pair_reel=fields)) == Moment(82, "01:00:01:11", "Noise")


def test_a_defect_that_the_reel_does_not_reach_is_passed_over_for_its_middle() -> None:
    late = reel(frames=40, first_frame=50)
    assert most_telling(VersionFactory(made=True, pair_reel=late)) == Moment(20, "01:00:02:10")


def test_the_page_of_a_version_shows_both_sides_of_one_frame(client: Client, rui: User) -> None:
    version = VersionFactory(made=True, pair_reel=reel())
    page = page_of(client, rui, version)
    for side in ("a", "b"):
        assert f'{reverse("still", args=[version.pk, 41])}?side={side}&amp;small' in page
    assert f'{reverse("review", args=[version.pk])}?f=41' in page


def test_a_version_that_is_not_made_yet_has_no_after(client: Client, rui: User) -> None:
    page = page_of(client, rui, VersionFactory())
    assert "before anything is done to it" in page
    assert "?side=" not in page


def test_a_still_beside_words_keeps_the_shape_but_not_the_weight(client: Client, rui: User) -> None:
    version = version_with_bytes(6)
    EssenceTrack.objects.filter(media_file=version.master).update(width=1920, height=1440)
    client.force_login(rui)
    sizes = []
    for query in ({"side": "a", "small": ""}, {"side": "b", "small": ""}, {"side": "b"}):
        answer = client.get(reverse("still", args=[version.pk, 3]), query)
        sizes.append(Image.open(io.BytesIO(b"".join(answer))).size)
    assert sizes == [(960, 720), (960, 720), (1920, 1440)]
