"""What a version's page and its delivery sheet certify, over all shots."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.actions.certificate import Certificate, certificate_of, finished_shots
from restoration.actions.shots import shots_of
from restoration.models import RunShot, Version
from restoration.shot_reports import reports
from restoration.vocabularies import WorkState
from tests.restoration.factories import RunFactory, VersionFactory, report

pytestmark = pytest.mark.django_db


def faithfulness(looked_at: int, error: float, worst: tuple[int, float], **others: object) -> dict[str, object]:
    frame, decibels = worst
    return {"looked_at": looked_at, "error": error, "worst": {"frame": frame, "value": decibels}, "colour": 0.2,
            "worst_colour": {"frame": frame, "value": 0.4}, "unexplained": 0.01,
            "worst_unexplained": {"frame": frame, "value": 0.02}, "moved": 0.9, "source_moved": 1.0, **others}


def certified(*told: dict[str, object] | None) -> Certificate | None:
    return certificate(version_of(*told))


def certificate(version: Version) -> Certificate | None:
    return certificate_of(finished_shots(version), shots_of(version))


def version_of(*shots: dict[str, object] | None, cuts: tuple[int, ...] | None = None) -> Version:
    """Of as many shots, each made in one piece, unless the analysis found cuts elsewhere."""
    ends = [10 * index + 10 for index in range(len(shots))] if cuts is None else [*cuts, 10 * len(shots)]
    found = report(tuple(zip([0, *ends[:-1]], ends, strict=True)))
    version: Version = VersionFactory(made=True, analysis__report=found.model_dump(mode="json"))
    run = RunFactory(version=version)
    for index, told in enumerate(shots):
        RunShot.objects.create(run=run, index=index, start=10 * index, end=10 * index + 10, state=WorkState.FINISHED,
                               faithfulness=told)
    return version


def test_frames_count_alike_whatever_shot_they_are_of() -> None:
    told = certified(faithfulness(10, 1e-5, (3, 48.0)), faithfulness(30, 3e-5, (17, 44.0)))
    assert told is not None
    assert told.looked_at == 40
    assert told.decibels == pytest.approx(46.02, abs=0.01)
    assert (told.worst.frame, told.worst.value) == (17, 44.0)
    assert told.unsteadiness == pytest.approx(0.9 ** 0.5)
    assert told.holds


@pytest.mark.parametrize("beyond", [
    faithfulness(10, 2e-4, (3, 36.0)), faithfulness(10, 1e-5, (3, 48.0), colour=2.5),
    faithfulness(10, 1e-5, (3, 48.0), faces=4, drift=1.6)])
def test_one_shot_beyond_a_limit_is_enough(beyond: dict[str, object]) -> None:
    told = certified(faithfulness(10, 1e-5, (13, 48.0)), beyond)
    assert told is not None
    assert (told.shots_beyond, told.shots, told.holds) == (1, 2, False)


def test_faces_count_alike_whatever_shot_they_are_of() -> None:
    told = certified(
        faithfulness(10, 1e-5, (3, 48.0), faces=1, drift=0.2, worst_drift={"frame": 3, "value": 0.2}),
        faithfulness(10, 1e-5, (13, 48.0), faces=3, drift=0.6, worst_drift={"frame": 13, "value": 1.1}),
        faithfulness(10, 1e-5, (23, 48.0)))
    assert told is not None
    assert (told.faces, told.drift) == (4, pytest.approx(0.5))
    assert told.worst_drift is not None and told.worst_drift.frame == 13


def test_where_nothing_was_enhanced_nothing_is_certified() -> None:
    assert certified(None) is None


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


def test_the_parts_of_a_long_shot_are_judged_together() -> None:
    """What is asked for holds for the mean of each shot; a run makes a long one in several parts."""
    version = version_of(faithfulness(10, 1e-5, (3, 48.0)), faithfulness(10, 2e-4, (13, 36.1)),
                         faithfulness(20, 1e-5, (23, 48.0)), faithfulness(5, 3e-4, (33, 34.0)), cuts=(30,))
    told = certificate(version)
    assert told is not None
    assert (told.shots, told.shots_beyond, told.looked_at) == (2, 1, 45)
    assert (told.worst.frame, told.worst.value) == (33, 34.0)
    (first, second) = reports(version)
    assert first.certificate is not None and second.certificate is not None
    assert (first.certificate.shots, first.certificate.holds) == (1, True)
    assert (second.certificate.shots, second.certificate.holds) == (1, False)


def test_a_shot_of_three_parts_is_one_shot_on_the_page(client: Client, rui: User) -> None:
    version = version_of(*[faithfulness(10, 1e-5, (3, 48.0))] * 3, cuts=())
    client.force_login(rui)
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert "The recording is in the master: its 1 shot holds all limits." in page


def test_faces_of_the_parts_of_a_shot_count_alike() -> None:
    """0.1 and 1.9 pixels of one face each miss nothing together, of one and nine faces they do."""
    def shot(faces: int) -> Certificate | None:
        return certificate(version_of(faithfulness(10, 1e-5, (3, 48.0), faces=1, drift=0.1),
                                      faithfulness(10, 1e-5, (13, 48.0), faces=faces, drift=1.9), cuts=()))

    one, nine = shot(1), shot(9)
    assert one is not None and nine is not None
    assert (one.holds, one.drift, nine.holds) == (True, pytest.approx(1.0), False)
