"""Blind trials: nothing tells which is which before the end, and votes stay."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from archive.models import User
from archive.vocabularies import Role
from restoration.actions import trials
from restoration.models import BlindTrial, BlindVote, Version
from tests.factories import UserFactory
from tests.restoration.factories import AnalysisFactory, VersionFactory, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions() -> tuple[Version, Version]:
    first = VersionFactory(made=True, number=71)
    return first, VersionFactory(made=True, number=83, analysis=first.analysis, pair_reel_key="pair-reels/2/reel.mp4")


@pytest.fixture
def trial(versions: tuple[Version, Version], rui: User) -> BlindTrial:
    return trials.open_trial(*versions, question="Whose faces look alive?", frames=[120, 40], by=rui)


def test_everybody_sees_their_own_order_and_always_the_same(trial: BlindTrial) -> None:
    people = [UserFactory(role=Role.REVIEWER) for _ in range(24)]
    orders = [trials.seen_by(trial, person) for person in people]
    assert orders == [trials.seen_by(BlindTrial.objects.get(), person) for person in people]
    assert {left.pk for left, _right in orders} == {trial.first_id, trial.second_id}


def test_the_page_tells_nothing_of_the_versions_before_the_end(client: Client, trial: BlindTrial, rosa: User) -> None:
    client.force_login(rosa)
    address = reverse("trial", args=[trial.pk])
    page = client.get(address).content.decode()
    told = ["v71", "v83", trial.seed, f"/versions/{trial.first_id}/", f"/versions/{trial.second_id}/"]
    for version in (trial.first, trial.second):
        told += [version.master.sha256, version.pair_reel_key, str(version.master_id), version.asset.accession_number]
    assert [word for word in told if word in page] == []
    client.post(address, {"preference": "left", "words": "Skin has pores."})
    page = client.get(address).content.decode()
    assert "You voted: The left one." in page and [word for word in told if word in page] == []
    trials.close(trial, by=trial.by)
    page = client.get(address).content.decode()
    assert "v71" in page and "v83" in page and "Skin has pores." in page


def test_a_vote_is_given_once_and_stays(trial: BlindTrial, rosa: User) -> None:
    vote = trials.vote(trial, by=rosa, preference="right")
    left, right = trials.seen_by(trial, rosa)
    assert (vote.preferred, vote.left) == (right, left)
    with pytest.raises(ValidationError, match="voted already"):
        trials.vote(trial, by=rosa, preference="left")
    with pytest.raises(IntegrityError), transaction.atomic():
        BlindVote.objects.update(preference="left")


def test_the_result_is_known_when_it_is_closed(trial: BlindTrial, rosa: User, olga: User, ada: User) -> None:
    for person, wanted in ((rosa, trial.first), (olga, trial.first), (ada, None)):
        side = "neither" if wanted is None else ("left", "right")[trials.seen_by(trial, person).index(wanted)]
        trials.vote(trial, by=person, preference=side)
    assert trials.result_of(trial) is None
    trials.close(trial, by=olga)
    assert trials.result_of(trial) == trials.Result(first=2, second=0, neither=1)
    with pytest.raises(ValidationError, match="closed"):
        trials.vote(trial, by=trial.by, preference="left")
    with pytest.raises(IntegrityError, match="takes no votes"), transaction.atomic():
        BlindVote.objects.create(trial=trial, voter=trial.by, preference="neither", left=trial.first)


@pytest.mark.parametrize("frames", [[], [200], list(range(7))])
def test_frames_lie_in_the_reel(versions: tuple[Version, Version], rui: User, frames: list[int]) -> None:
    with pytest.raises(ValidationError, match="from 0 to 199"):
        trials.open_trial(*versions, question="Which?", frames=frames, by=rui)


def test_only_versions_of_one_recording_are_compared(versions: tuple[Version, Version], rui: User) -> None:
    for other in (versions[0], VersionFactory(made=True)):
        with pytest.raises(ValidationError, match="same recording"):
            trials.open_trial(versions[0], other, question="Which?", frames=[1], by=rui)


def test_one_that_lies_is_not_compared_with_one_that_stands_upright(client: Client, versions: tuple[Version, Version],
                                                                    rui: User) -> None:
    lying, other = versions[0], versions[1].number
    found = report()
    upright = found.model_copy(update={"source": found.source.model_copy(update={"turned": 90})})
    anew = AnalysisFactory(media_file=lying.source, report=upright.model_dump(mode="json"), picture=False)
    standing = VersionFactory(made=True, number=91, analysis=anew, pair_reel_key="pair-reels/3/reel.mp4")
    with pytest.raises(ValidationError, match="the same frames"):
        trials.open_trial(lying, standing, question="Which?", frames=[1], by=rui)
    client.force_login(rui)
    room = client.get(reverse("review", args=[lying.pk]))
    assert [each.number for each in room.context["comparable"]] == [other]


def test_a_trial_begins_on_the_page_of_a_version(client: Client, versions: tuple[Version, Version], rui: User) -> None:
    client.force_login(rui)
    address = reverse("trial-new", args=[versions[0].pk])
    wrong = client.post(address, {"other": versions[1].pk, "question": "Which?", "frames": "a, b"})
    assert wrong.status_code == 422 and "Write frame numbers" in wrong.content.decode()
    asked: dict[str, Any] = {"other": versions[1].pk, "question": "Which?", "frames": "10，20"}
    assert "without their names" in client.post(address, asked, follow=True).content.decode()
    assert BlindTrial.objects.get().frames == [10, 20]
    assert client.get(reverse("trial-still", args=[BlindTrial.objects.get().pk, "middle", 10])).status_code == 404
