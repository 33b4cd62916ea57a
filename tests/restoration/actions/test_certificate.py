"""What a version's page and its delivery sheet certify, over all shots."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.actions.certificate import certificate_of, finished_shots
from restoration.models import RunShot, Version
from restoration.vocabularies import WorkState
from tests.restoration.factories import RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


def faithfulness(looked_at: int, error: float, worst: tuple[int, float], **others: object) -> dict[str, object]:
    frame, decibels = worst
    return {"looked_at": looked_at, "error": error, "worst": {"frame": frame, "value": decibels}, "colour": 0.2,
            "worst_colour": {"frame": frame, "value": 0.4}, "unexplained": 0.01,
            "worst_unexplained": {"frame": frame, "value": 0.02}, "moved": 0.9, "source_moved": 1.0, **others}


def shots_of(*told: dict[str, object] | None) -> list[RunShot]:
    return finished_shots(version_of(*told))


def version_of(*shots: dict[str, object] | None) -> Version:
    version: Version = VersionFactory()
    run = RunFactory(version=version)
    for index, told in enumerate(shots):
        RunShot.objects.create(run=run, index=index, start=10 * index, end=10 * index + 10, state=WorkState.FINISHED,
                               faithfulness=told)
    return version


def test_frames_count_alike_whatever_shot_they_are_of() -> None:
    certificate = certificate_of(shots_of(faithfulness(10, 1e-5, (3, 48.0)), faithfulness(30, 3e-5, (17, 44.0))))
    assert certificate is not None
    assert certificate.looked_at == 40
    assert certificate.decibels == pytest.approx(46.02, abs=0.01)
    assert (certificate.worst.frame, certificate.worst.value) == (17, 44.0)
    assert certificate.unsteadiness == pytest.approx(0.9 ** 0.5)
    assert certificate.holds


@pytest.mark.parametrize("beyond", [
    faithfulness(10, 2e-4, (3, 36.0)), faithfulness(10, 1e-5, (3, 48.0), colour=2.5),
    faithfulness(10, 1e-5, (3, 48.0), faces=4, drift=1.6)])
def test_one_shot_beyond_a_limit_is_enough(beyond: dict[str, object]) -> None:
    certificate = certificate_of(shots_of(faithfulness(10, 1e-5, (13, 48.0)), beyond))
    assert certificate is not None
    assert (certificate.shots_beyond, certificate.shots, certificate.holds) == (1, 2, False)


def test_faces_count_alike_whatever_shot_they_are_of() -> None:
    certificate = certificate_of(shots_of(
        faithfulness(10, 1e-5, (3, 48.0), faces=1, drift=0.2, worst_drift={"frame": 3, "value": 0.2}),
        faithfulness(10, 1e-5, (13, 48.0), faces=3, drift=0.6, worst_drift={"frame": 13, "value": 1.1}),
        faithfulness(10, 1e-5, (23, 48.0))))
    assert certificate is not None
    assert (certificate.faces, certificate.drift) == (4, pytest.approx(0.5))
    assert certificate.worst_drift is not None and certificate.worst_drift.frame == 13


def test_where_nothing_was_enhanced_nothing_is_certified() -> None:
    assert certificate_of(shots_of(None)) is None


def test_the_page_shows_it(client: Client, rui: User) -> None:
    version = version_of(faithfulness(10, 1e-5, (3, 48.0)), faithfulness(10, 2e-4, (13, 36.1)))
    client.force_login(rui)
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert "A limit is missed; shots: 1 of 2." in page
    assert "at worst 36.1 dB, frame 13" in page


@pytest.mark.parametrize(("faces", "said"), [
    ({"faces": 2, "drift": 0.4, "worst_drift": {"frame": 5, "value": 0.7}}, "at worst 0.70 pixels, frame 5"),
    ({}, "no face looked at")])
def test_the_page_says_how_far_faces_moved(client: Client, rui: User, faces: dict[str, object], said: str) -> None:
    client.force_login(rui)
    page = client.get(reverse("version", args=[version_of(faithfulness(10, 1e-5, (3, 48.0), **faces)).pk]))
    assert said in page.content.decode()


def test_the_page_is_silent_where_nothing_was_enhanced(client: Client, rui: User) -> None:
    client.force_login(rui)
    page = client.get(reverse("version", args=[version_of(None).pk])).content.decode()
    assert "Faithfulness" not in page


def test_what_an_earlier_run_finished_in_other_shots_is_not_certified() -> None:
    """An engine that was exchanged in between may cut the source otherwise."""
    version = version_of(faithfulness(10, 1e-5, (3, 48.0)), faithfulness(10, 2e-4, (13, 36.1)))
    version.runs.update(state=WorkState.CANCELLED)
    run = RunFactory(version=version)
    assert len(finished_shots(version)) == 2
    RunShot.objects.create(run=run, index=0, start=0, end=20, state=WorkState.FINISHED,
                           faithfulness=faithfulness(20, 1e-5, (3, 48.0)))
    assert [(shot.run, shot.end) for shot in finished_shots(version)] == [(run, 20)]
