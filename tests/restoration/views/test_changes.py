"""What the repairs of a version changed, beside it: how much of the picture, where most, what was left to a person."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from archive.models import User
from restoration.actions.certificate import finished_shots
from restoration.models import RunShot, Version
from restoration.views.changes import changes_of
from restoration.vocabularies import WorkState
from tests.restoration.factories import RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


def change(repair: str, share: float, worst: float, frame: int, backed_off: tuple[int, ...] = ()) -> dict[str, object]:
    return {"repair": repair, "frames": 10, "share": share, "worst_share": worst, "worst_frame": frame,
            "backed_off": list(backed_off)}


@pytest.fixture
def version() -> Version:
    made: Version = VersionFactory()
    first, again = RunFactory(version=made, number=1, state=WorkState.FAILED), RunFactory(version=made, number=2)
    for run, index, end, changes in (
            (first, 0, 10, [change("blotches", 0.5, 0.5, 1)]),
            (again, 0, 10, [change("blotches", 0.001, 0.004, 7), change("noise", 1, 1, 0)]),
            (again, 1, 40, [change("blotches", 0.002, 0.02, 33, (21, 22)), change("noise", 1, 1, 10)])):
        RunShot.objects.create(run=run, index=index, start=10 * index, end=end, state=WorkState.FINISHED,
                               changes=changes)
    return made


def test_shares_are_of_all_frames_and_the_newest_run_counts(version: Version) -> None:
    dust, noise = changes_of(finished_shots(version))
    assert (dust.frames, dust.worst_share, dust.worst_frame, dust.backed_off) == (20, 0.02, 33, 2)
    assert dust.share == pytest.approx((10 * 0.001 + 30 * 0.002) / 40)
    assert (noise.title, noise.share) == ("Noise", 1)


def test_what_was_drawn_by_hand_is_named_and_stands_where_it_ran(version: Version) -> None:
    shot = RunShot.objects.filter(run__number=2).order_by("index")[0]
    shot.changes = [*shot.changes, change("retouch", 0.01, 0.02, 3)]
    shot.save()
    with translation.override("zh-hans"):
        assert [each.title for each in changes_of(finished_shots(version))] == ["灰尘、污点与雪花", "手工修补", "噪声"]


def test_the_page_says_what_was_left_to_a_person(client: Client, rui: User, version: Version) -> None:
    client.force_login(rui)
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert "left 2 frames alone: more damage than can be believed" in page
    assert "2.00 %" in page
    assert "Left alone:" in page
