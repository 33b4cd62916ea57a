"""All shots at a glance: on a page by pages, and on paper while there are not too many."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from archive.models import User
from archive.storage import derivative_path
from restoration import jobs
from restoration.actions import contact_sheet, shots
from restoration.models import Version
from restoration.shot_reports import reports
from tests.restoration.factories import AnalysisFactory, AnnotationFactory, VersionFactory, report
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db


def version_of(count: int) -> Version:
    found = report(tuple((2 * index, 2 * index + 2) for index in range(count)))
    version: Version = VersionFactory(made=True, analysis=AnalysisFactory(report=found.model_dump(mode="json")))
    version.pair_reel = {**version.pair_reel, "frames": 4 * count}
    version.save()
    return version


def test_each_shot_is_shown_where_a_verdict_or_a_note_names_a_frame_else_in_its_middle(
    client: Client, rosa: User,
) -> None:
    version = version_with_bytes(60)
    shots.judge(version, shot=0, verdict="bad_case", category="plastic_faces", by=rosa, frame=3)
    AnnotationFactory(version=version, start=22)
    assert [each.middle for each in reports(version)] == [3, 22, 45]
    client.force_login(rosa)
    page = client.get(reverse("contact-sheet", args=[version.pk])).content.decode()
    assert page.count('loading="lazy"') == 6
    assert "Bad case · " in page
    assert page.count("not looked at") == 2
    shown = client.get(reverse("still", args=[version.pk, 22]) + "?side=a&sheet")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")


def test_the_paper_shows_both_sides_of_every_shot_and_is_made_anew_after_a_verdict(
    client: Client, rosa: User,
) -> None:
    version = version_with_bytes(6)
    client.force_login(rosa)
    address = reverse("contact-sheet-print", args=[version.pk])
    assert "being decoded" in client.get(address).content.decode()
    jobs.print_contact_sheet(version.pk, "en")
    assert client.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == address
    answer = client.get(address)
    pdf = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (answer["Content-Type"], pdf[:5]) == ("application/pdf", b"%PDF-")
    assert len(re.findall(rb"/Subtype /Image", pdf)) == 6
    shots.judge(version, shot=0, verdict="good", by=rosa)
    assert "being decoded" in client.get(address).content.decode()
    jobs.print_contact_sheet(version.pk, "zh-hans")
    with translation.override("zh-hans"):
        chinese = derivative_path(contact_sheet.current(version, "zh-hans")[0]).read_bytes()
    assert b"/STSong-Light" in chinese


def test_many_shots_come_by_pages_and_not_on_paper(client: Client, rosa: User) -> None:
    version = version_of(contact_sheet.MOST_SHOTS + 1)
    client.force_login(rosa)
    last = client.get(reverse("contact-sheet", args=[version.pk]), {"page": "9"}).content.decode()
    assert last.count('class="contact"') == contact_sheet.MOST_SHOTS + 1 - 8 * 24
    assert reverse("contact-sheet-print", args=[version.pk]) not in last
    refused = client.get(reverse("contact-sheet-print", args=[version.pk])).content.decode()
    assert "This version has 201 shots; a contact sheet on paper takes 200." in refused
    jobs.print_contact_sheet(version.pk, "en")
    assert not derivative_path(contact_sheet.current(version, "en")[0]).exists()
