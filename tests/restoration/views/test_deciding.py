"""The pages around a decision: inbox, rules of approval, notices, the panel in the room."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from archive.vocabularies import Role
from restoration.actions import approval, notices
from restoration.models import Assignment, Notice
from restoration.vocabularies import VersionState
from tests.factories import UserFactory
from tests.restoration.factories import PolicyFactory, ReviewFactory, RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosas(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


@pytest.fixture
def olgas(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def page_of(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_the_inbox_asks_the_same_number_of_questions_however_long_it_is(
    rosas: Client, rosa: User, django_assert_max_num_queries: Any,
) -> None:
    def fill() -> None:
        version = VersionFactory(made=True)
        PolicyFactory(collection=version.asset.collection, stages=((Role.REVIEWER, 2), (Role.ARCHIVIST, 1)))
        RunFactory(version=version)
        ReviewFactory(version=version, decision="abstained")
        version.state = VersionState.TO_REVIEW
        version.save()
        for person in (rosa, UserFactory(role=Role.REVIEWER)):
            Assignment.objects.create(version=version, reviewer=person, by=version.by)

    fill()
    rosas.get(reverse("review-inbox"))
    with django_assert_max_num_queries(24) as few:
        rosas.get(reverse("review-inbox"))
    for _ in range(3):
        fill()
    with django_assert_max_num_queries(len(few)):
        page = page_of(rosas, "review-inbox")
    assert page.count('class="card"') == 4


def test_the_inbox_shows_first_what_is_overdue_then_what_was_asked_then_the_rest(rosas: Client, rosa: User) -> None:
    late, asked, unasked = (VersionFactory(made=True) for _ in range(3))
    own = VersionFactory(made=True, by=rosa)
    for version, day in ((late, "2001-02-03"), (asked, "2999-01-02")):
        Assignment.objects.create(version=version, reviewer=rosa, due_on=day, by=version.by)
    page = page_of(rosas, "review-inbox")
    assert "3 versions wait for your judgement." in page
    marks = ["was due on 2001-02-03", "due on 2999-01-02", 'id="open"', "Waiting for others"]
    assert sorted(marks, key=page.index) == marks
    places = [page.index(reverse("review", args=[version.pk])) for version in (late, asked, unasked, own)]
    assert places == sorted(places)


def test_a_second_stage_waits_for_its_own_people(client: Client, rosas: Client, ada: User) -> None:
    version = VersionFactory(made=True)
    PolicyFactory(collection=version.asset.collection, stages=((Role.REVIEWER, 1), (Role.ARCHIVIST, 1)))
    seen = {"master_sha256": version.master.sha256, "pair_reel_sha256": version.pair_reel_sha256}
    report = json.dumps({"frames": [[0, 150]], "modes": {"wipe": 150}, "zooms": {"fit": 150}, "exact": 1})
    answer = rosas.post(reverse("review-approve", args=[version.pk]), {
        **seen, "watched": report, "reason": "Soft at the end.", "with_notes": "on"}, follow=True)
    assert "others decide with you" in answer.content.decode()
    room = page_of(rosas, "review", version.pk)
    for words in ("Approved with notes", "75 % of the frames", "You have decided about these bytes"[:16]):
        assert words in room
    assert rosas.get(reverse("review-approve", args=[version.pk])).status_code == 403
    client.force_login(ada)
    assert f'action="{reverse("review-approve", args=[version.pk])}"' in page_of(client, "review", version.pk)
    client.post(reverse("review-approve", args=[version.pk]), seen)
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED


def test_notes_that_are_announced_are_written(rosas: Client) -> None:
    version = VersionFactory(made=True)
    answer = rosas.post(reverse("review-approve", args=[version.pk]), {
        "master_sha256": version.master.sha256, "with_notes": "on"})
    assert answer.status_code == 422
    assert "Write the notes that go with your approval." in answer.content.decode()


def test_somebody_is_asked_on_the_page_of_the_version(olgas: Client, rosa: User) -> None:
    version = VersionFactory(made=True)
    olgas.post(reverse("review-assign", args=[version.pk]), {"reviewer": rosa.pk, "due_on": "2999-01-02"})
    assert "asked by Olga, until 2999-01-02" in page_of(olgas, "version", version.pk)
    answer = olgas.post(reverse("review-assign", args=[version.pk]), {"reviewer": "", "due_on": "x"}, follow=True)
    assert "Choose whom to ask." in answer.content.decode()
    olgas.post(reverse("assignment-withdraw", args=[Assignment.objects.get().pk]))
    assert "asked by Olga" not in page_of(olgas, "version", version.pk)


def test_rules_are_set_on_their_page_and_told_on_the_list(olgas: Client) -> None:
    collection = VersionFactory(made=True).asset.collection
    address = reverse("approval-policy", args=[collection.pk])
    assert "one reviewer" in olgas.get(address).content.decode()
    rows = [("reviewer", 2, "Picture"), ("", 1, ""), ("archivist", 1, "")]
    form = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "3", "form-0-veto": "on"}
    for index, (role, quorum, name) in enumerate(rows):
        form |= {f"form-{index}-role": role, f"form-{index}-quorum": str(quorum), f"form-{index}-name": name}
    bad = olgas.post(address, {**form, "form-0-quorum": "0"})
    assert bad.status_code == 422 and "At least one." in bad.content.decode()
    olgas.post(address, form)
    stages = approval.Policies().of_collection(collection.pk)
    assert [(each.title, each.quorum, each.veto) for each in stages] == [("Picture", 2, True), ("Archivist", 1, False)]
    assert "rules of its own" in page_of(olgas, "approval-policies")
    olgas.post(reverse("approval-policy-follow", args=[collection.pk]))
    assert "rules of its own" not in page_of(olgas, "approval-policies").split("lede")[1].split("</p>", 1)[1]


def test_notices_are_translated_when_shown_and_read_when_followed(rosas: Client, rosa: User, rui: User) -> None:
    text = "{person} asks you to judge {version} of “{title}”."
    for user in (rosa, rui):
        notices.tell([user], text, about="/review/", person="Rui", version="v1", title="Concert")
    mine, others = Notice.objects.get(user=rosa), Notice.objects.get(user=rui)
    assert '<span class="bell-count">1' in page_of(rosas, "review-inbox")
    rosas.cookies["django_language"] = "zh-hans"
    assert "Rui 请您评审“Concert”的 v1。" in page_of(rosas, "notices")
    assert rosas.get(reverse("notice", args=[others.pk])).status_code == 404
    assert rosas.get(reverse("notice", args=[mine.pk])).headers["Location"] == "/review/"
    assert "bell-count" not in page_of(rosas, "review-inbox")
    Notice.objects.update(read_at=None, about="//elsewhere.example/")
    assert rosas.get(reverse("notice", args=[mine.pk])).headers["Location"] == reverse("notices")
    rosas.post(reverse("notices-read"))
    assert not Notice.objects.filter(user=rosa, read_at=None).exists()
