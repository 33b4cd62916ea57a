"""Notes on paper: made by a worker, kept while they say the same."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from archive.storage import derivative_path, holding_path
from restoration import jobs
from restoration.actions import annotations, prints
from restoration.interchange.pdf_words import runs
from restoration.models import Version
from tests.restoration.factories import AnnotationFactory
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(rosa: User, rui: User) -> Version:
    version = version_with_bytes(6)
    note = annotations.add(version, by=rosa, start=2, end=4, text="脸部像塑料。Waxy.", side="both", drawing=[
        {"tool": tool, "points": [[0.1, 0.1], [0.5, 0.5]]} for tool in ("pen", "arrow", "box")])
    annotations.reply(note, by=rui, text="<b>Less</b> & less.")
    AnnotationFactory(version=version, start=5, text="Second.")
    return version


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_pdf_shows_both_sides_of_every_note_and_is_kept_until_a_note_changes(
    client: Client, rosa: User, version: Version,
) -> None:
    client.force_login(rosa)
    address = reverse("annotations-print", args=[version.pk])
    assert "being decoded" in client.get(address).content.decode()
    jobs.print_notes(version.pk, "en")
    assert client.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == address
    answer = client.get(address)
    pdf = body(answer)
    assert (answer["Content-Type"], pdf[:5]) == ("application/pdf", b"%PDF-")
    assert len(re.findall(rb"/Subtype /Image", pdf)) == 4
    assert b"/STSong-Light" in pdf
    annotations.resolve(version.annotations.first(), by=rosa)
    assert "being decoded" in client.get(address).content.decode()


def test_a_source_that_cannot_be_read_leaves_its_place_empty(version: Version) -> None:
    holding_path(version.source).write_bytes(b"nothing")
    jobs.print_notes(version.pk, "zh-hans")
    key, _remarks = prints.current(version, "zh-hans")
    assert len(re.findall(rb"/Subtype /Image", derivative_path(key).read_bytes())) == 2


def test_what_went_wrong_is_said_and_it_can_be_asked_for_again(
    client: Client, rosa: User, version: Version,
) -> None:
    client.force_login(rosa)
    address = reverse("annotations-print", args=[version.pk])
    folder = derivative_path(f"notes/{version.pk}")
    version.pair_reel = {"rate": "25", "frames": 6}
    version.save()
    jobs.print_notes(version.pk, "en")
    assert [path.suffix for path in folder.iterdir()] == [".failed"]
    assert "Something went wrong on our side. Reference:" in client.get(address).content.decode()
    assert "being decoded" in client.get(address).content.decode()


def test_each_script_has_its_font_and_nothing_is_markup() -> None:
    assert runs("<b>脸</b>\né") == '&lt;b&gt;<font name="STSong-Light">脸</font>&lt;/b&gt;<br/>é'
