import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from archive.actions.catalogue import preferred_title
from archive.models import User
from restoration import drawings
from restoration.actions import annotations, notices
from restoration.models import Annotation, AnnotationReply, Notice, Version
from tests.factories import UserFactory
from tests.restoration.factories import AnnotationFactory, VersionFactory

pytestmark = pytest.mark.django_db

BOX = {"tool": "box", "points": [[0.1, 0.2], [0.5, 0.6]]}


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


@pytest.fixture
def note(version: Version, rosa: User) -> Annotation:
    return annotations.add(version, by=rosa, start=10, end=13, text="Waxy. ", category="plastic_faces", drawing=[BOX])


def test_a_remark_keeps_its_frames_its_words_and_its_drawing(note: Annotation, rosa: User) -> None:
    note.refresh_from_db()
    assert (note.start, note.end, note.last, note.text) == (10, 13, 12, "Waxy.")
    assert (note.author, note.side, note.category, note.drawing) == (rosa, "restored", "plastic_faces", [BOX])


def test_a_drawing_alone_is_a_remark_and_nothing_is_none(version: Version, rosa: User) -> None:
    annotations.add(version, by=rosa, start=0, end=1, drawing=[BOX])
    with pytest.raises(ValidationError, match="Write what you see"):
        annotations.add(version, by=rosa, start=0, end=1, text=" \n")


def test_a_remark_sent_twice_is_kept_once(version: Version, rosa: User, rui: User) -> None:
    key = uuid.uuid4()
    first = annotations.add(version, by=rosa, start=1, end=2, text="Once, @rui.", key=key)
    assert annotations.add(version, by=rosa, start=1, end=2, text="Once, @rui.", key=key) == first
    assert (Annotation.objects.count(), Notice.objects.filter(user=rui).count()) == (1, 1)
    with pytest.raises(ValidationError, match="Write it again"):
        annotations.add(version, by=rui, start=1, end=2, text="Mine.", key=key)


def test_an_answer_sent_twice_is_kept_once(note: Annotation, rui: User) -> None:
    key = uuid.uuid4()
    assert {annotations.reply(note, by=rui, text="Less of it in v2.", key=key).pk for _ in range(2)} == {
        AnnotationReply.objects.get().pk}


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 5), (-1, 2), (199, 201), (10**12, 10**12 + 1)])
def test_a_remark_lies_on_frames_of_the_reel(version: Version, rosa: User, start: int, end: int) -> None:
    with pytest.raises(ValidationError, match="which has 200"):
        annotations.add(version, by=rosa, start=start, end=end, text="Where?")


def test_remarks_are_for_the_archives_people(version: Version, henri: User, note: Annotation) -> None:
    for forbidden in (lambda: annotations.add(version, by=henri, start=0, end=1, text="Mine."),
                      lambda: annotations.reply(note, by=henri, text="No."),
                      lambda: annotations.resolve(note, by=henri)):
        with pytest.raises(Http404):
            forbidden()


def test_whoever_is_mentioned_is_told_once_and_the_author_of_the_answer_not_at_all(
    version: Version, rosa: User, rui: User, ada: User, henri: User,
) -> None:
    UserFactory(username="rui.chen", role="restorer")
    note = annotations.add(version, by=rosa, start=7, end=8, text="@rui, @rui: wax. (@rosa @henri @nobody)")
    told = Notice.objects.get()
    assert (told.user, told.about) == (rui, f"/review/{version.pk}/?f=7#note-{note.pk}")
    assert told.text.format(**told.values).startswith(
        f"Rosa mentions you in a note on v1 of “{preferred_title(version.asset)}”: “@rui, @rui")
    annotations.reply(note, by=rui, text="@ada看看: is it in the tape?")
    assert set(Notice.objects.exclude(pk=told.pk).values_list("user__username", flat=True)) == {"ada", "rosa"}


@pytest.mark.parametrize(("text", "names"), [
    ("@rui", ["rui"]), ("ask @rui.", ["rui"]), ("@ruins", []), ("mail rui@rui.org", []), ("@rui看", ["rui"]),
    ("@rui and @rui", ["rui"]), ("@" * 500 + "rui", []),
])
def test_a_mention_is_a_whole_name(rui: User, text: str, names: list[str]) -> None:
    assert [user.username for user in notices.mentioned(text)] == names


def test_notices_are_read_one_by_one_or_all_at_once(rui: User) -> None:
    first, _second = (notices.tell([rui], "{what}", what=what)[0] for what in ("one", "two"))
    assert (notices.mark_read(rui, first.pk), notices.mark_read(rui), notices.mark_read(rui)) == (1, 1, 0)


def test_resolving_is_written_down_and_can_be_taken_back(note: Annotation, rui: User, ada: User) -> None:
    annotations.resolve(note, by=rui)
    annotations.resolve(note, by=ada)
    assert (note.is_resolved, note.resolved_by) == (True, rui)
    annotations.reopen(note, by=ada)
    assert (note.is_resolved, note.resolved_by) == (False, None)


def test_only_its_author_changes_a_remark_and_only_until_it_is_answered(
    note: Annotation, rosa: User, rui: User,
) -> None:
    with pytest.raises(PermissionDenied):
        annotations.edit(note, by=rui, text="Mine.", category="other")
    annotations.edit(note, by=rosa, text="Waxy, left cheek.", category="lost_grain")
    assert (note.text, note.category, note.edited_at is not None) == ("Waxy, left cheek.", "lost_grain", True)
    annotations.reply(note, by=rui, text="Seen.")
    for change in (lambda: annotations.edit(note, by=rosa, text="Other.", category="other"),
                   lambda: annotations.withdraw(note, by=rosa)):
        with pytest.raises(ValidationError, match="Others have answered"):
            change()


def test_a_withdrawn_remark_is_answered_no_more(note: Annotation, rosa: User, rui: User) -> None:
    with pytest.raises(PermissionDenied):
        annotations.withdraw(note, by=rui)
    annotations.withdraw(note, by=rosa)
    with pytest.raises(ValidationError, match="withdrawn"):
        annotations.reply(note, by=rui, text="Where is it?")


@pytest.mark.parametrize("change", [
    lambda note: Annotation.objects.filter(pk=note.pk).update(start=0),
    lambda note: Annotation.objects.filter(pk=note.pk).update(end=note.start),
    lambda note: Annotation.objects.filter(pk=note.pk).update(text=" ", drawing=[]),
    lambda note: Annotation.objects.filter(pk=note.pk).update(resolved_by=note.author),
    lambda note: Annotation.objects.filter(pk=note.pk).delete(),
    lambda note: AnnotationFactory(version=note.version, key=note.key),
    lambda note: AnnotationFactory(version=note.version, side="left"),
    lambda note: AnnotationFactory(version=note.version, text=" "),
    lambda note: AnnotationFactory(version=note.version, drawing={"tool": "pen"}),
    lambda note: AnnotationFactory(version=note.version, drawing=[{"tool": "pen"}] * 101),
], ids=["moved", "no frame", "emptied", "half resolved", "deleted", "same key", "no side", "says nothing",
        "no list", "too many strokes"])
def test_the_database_refuses(note: Annotation, change: Callable[[Annotation], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change(note)


def test_the_database_keeps_answers_as_they_were(note: Annotation, rui: User) -> None:
    annotations.reply(note, by=rui, text="Seen.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE restoration_annotationreply SET text = 'Never.'")


@pytest.mark.parametrize("drawing", [
    "{", "[" * 100_000, '[{"tool": "pen"}]', '[{"tool": "box", "points": [[0, 0], [1.2, 1]]}]', '[{"tool": "laser"}]',
    '[{"tool": "pen", "points": [[NaN, 0]]}]', '[{"tool": "pen", "points": [[0, 0]], "href": "x"}]', "7",
    [{"tool": "pen", "points": [[0, 0]] * 3000}, {"tool": "pen", "points": [[0, 0]] * 3000}], [BOX] * 101,
    "[" + " " * 200_000 + "]",
])
def test_what_is_no_drawing_is_refused_in_a_sentence(drawing: Any) -> None:
    with pytest.raises(ValidationError, match="The drawing"):
        drawings.parse(drawing)


def test_a_drawing_is_kept_to_a_ten_thousandth_of_the_picture() -> None:
    (pen,) = drawings.parse('[{"tool": "pen", "points": [[0.123456, 1], [0, 0.5]]}]')
    assert pen.points == ((0.1235, 1.0), (0.0, 0.5))
