"""Remarks through their pages, as a browser without a script and as one with it asks for them."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.actions import annotations
from restoration.models import Annotation, Version
from tests.restoration.factories import AnnotationFactory, VersionFactory

pytestmark = pytest.mark.django_db

PARTIAL = {"HX-Request": "true"}
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


@pytest.fixture
def reviewer(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def written(**more: Any) -> dict[str, Any]:
    return {"first": 12, "last": 14, "text": "Waxy cheek.", "category": "plastic_faces", "side": "restored", **more}


def test_without_a_script_a_note_is_kept_and_the_room_opens_at_its_frame(reviewer: Client, version: Version) -> None:
    answer = reviewer.post(reverse("annotation-new", args=[version.pk]), written())
    note = Annotation.objects.get()
    assert answer["Location"] == f"/review/{version.pk}/?f=12#note-{note.pk}"
    assert (note.start, note.end) == (12, 15)
    page = reviewer.get(answer["Location"]).content.decode()
    assert "00:00:00:12" in page and "Waxy cheek." in page


def test_without_a_script_a_note_that_cannot_be_kept_comes_back_filled(reviewer: Client, version: Version) -> None:
    answer = reviewer.post(reverse("annotation-new", args=[version.pk]), written(first=500, last=501))
    assert answer.status_code == 422
    assert "A note lies on frames of this reel, which has 200." in answer.content.decode()
    assert "Waxy cheek.</textarea>" in answer.content.decode()
    assert not Annotation.objects.exists()


def test_a_script_may_send_the_same_note_again(reviewer: Client, version: Version) -> None:
    asked = written(key=str(uuid.uuid4()), drawing='[{"tool": "box", "points": [[0, 0], [0.5, 0.5]]}]')
    answers = [reviewer.post(reverse("annotation-new", args=[version.pk]), asked, headers=SCRIPT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Annotation.objects.get().drawing == [{"tool": "box", "points": [[0, 0], [0.5, 0.5]]}]


@pytest.mark.parametrize("bad", [{"drawing": "[{"}, {"category": "beauty"}, {"first": "x"}, {"last": 3}, {"text": " "},
                                 {"text": "x" * 4001}, {"key": "7"}, {"first": 10**15}])
def test_a_script_is_told_in_a_sentence_what_is_wrong(reviewer: Client, version: Version, bad: dict[str, Any]) -> None:
    answer = reviewer.post(reverse("annotation-new", args=[version.pk]), written(**bad), headers=SCRIPT)
    assert answer.status_code == 422
    assert answer.json()["refusal"].endswith((".", ")"))


def test_the_list_can_be_narrowed(reviewer: Client, version: Version, rosa: User) -> None:
    AnnotationFactory(version=version, text="Plastic, still open.")
    annotations.resolve(AnnotationFactory(version=version, category="sound", text="A click, mended."), by=rosa)
    annotations.withdraw(AnnotationFactory(version=version, author=rosa, text="Taken back."), by=rosa)
    address = reverse("annotations", args=[version.pk])
    both = {"Plastic,", "click"}
    for asked, wanted in (({}, both), ({"state": "open"}, {"Plastic,"}), ({"about": "sound"}, {"click"}),
                          ({"state": "maybe"}, both), ({"state": "resolved", "about": "other"}, set())):
        page = reviewer.get(address, asked, headers=PARTIAL).content.decode()
        assert {word for word in ("Plastic,", "click", "Taken") if word in page} == wanted
    assert reviewer.get(address).status_code == 302


def test_the_list_asks_the_database_no_more_for_more_notes(
    reviewer: Client, version: Version, rui: User, django_assert_max_num_queries: Any,
) -> None:
    for start in range(12):
        annotations.reply(AnnotationFactory(version=version, start=start), by=rui, text="Seen.")
    with django_assert_max_num_queries(7):
        page = reviewer.get(reverse("annotations", args=[version.pk]), headers=PARTIAL).content.decode()
    assert page.count("Seen.") == 12


def test_a_note_is_answered_resolved_and_opened_again_in_its_place(reviewer: Client, version: Version) -> None:
    note = AnnotationFactory(version=version, drawing=[{"tool": "pen", "points": [[0, 0]]}])
    for verb, words, seen in (("reply", {"text": "So it is."}, "So it is."), ("resolve", {}, "resolved by Rosa"),
                              ("reopen", {}, ">Resolve<")):
        answer = reviewer.post(reverse(f"annotation-{verb}", args=[note.pk]), words, headers=PARTIAL)
        page = answer.content.decode()
        assert seen in page
        assert ("is-resolved" in page) == (verb == "resolve")
    assert json.loads(answer.context["remark"].mark)["drawing"] == note.drawing
    assert reviewer.post(reverse("annotation-resolve", args=[note.pk]))["Location"].endswith(f"#note-{note.pk}")


def test_an_answer_that_cannot_be_kept_comes_back_with_the_reason(reviewer: Client, version: Version) -> None:
    note = AnnotationFactory(version=version)
    answer = reviewer.post(reverse("annotation-reply", args=[note.pk]), {"text": "y" * 4001}, headers=PARTIAL)
    assert "y" * 4001 in answer.content.decode() and 'role="alert"' in answer.content.decode()
    assert not note.replies.exists()


def test_a_withdrawn_note_leaves_the_list(reviewer: Client, version: Version, rosa: User) -> None:
    note = AnnotationFactory(version=version, author=rosa)
    assert reviewer.post(reverse("annotation-withdraw", args=[note.pk]), headers=PARTIAL).content == b""
    assert reviewer.post(reverse("annotation-reply", args=[note.pk]), {"text": "?"}).status_code == 404


def test_nobody_withdraws_the_note_of_another(reviewer: Client, version: Version) -> None:
    note = AnnotationFactory(version=version)
    assert "Withdraw" not in reviewer.get(reverse("review", args=[version.pk])).content.decode()
    assert reviewer.post(reverse("annotation-withdraw", args=[note.pk])).status_code == 403


def test_a_rights_holder_learns_nothing_of_notes(client: Client, henri: User, version: Version) -> None:
    note = AnnotationFactory(version=version)
    client.force_login(henri)
    assert client.get(reverse("annotations", args=[version.pk]), headers=PARTIAL).status_code == 404
    assert client.post(reverse("annotation-new", args=[version.pk]), written()).status_code == 404
    for verb in ("reply", "edit", "resolve", "reopen", "withdraw"):
        assert client.post(reverse(f"annotation-{verb}", args=[note.pk]), {"text": "x"}).status_code == 404
