"""What the sliders of one shot tell of themselves: how far each goes, and what has to be corrected."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.models import Look, Version
from tests.restoration.factories import VersionFactory
from tests.restoration.views.test_cases import OURS, sliders

pytestmark = pytest.mark.django_db

TOO_FAR = {"weave.largest": "40", "flicker.largest": "0.9"}


@pytest.fixture
def version(client: Client, rui: User) -> Version:
    client.force_login(rui)
    made: Version = VersionFactory(made=True)
    return made


def link_to(path: str, told: str, title: str) -> str:
    return f'<a href="#id_{path}" data-wrong="{told}">{title}</a>'


def tag_of(path: str, page: str) -> str:
    """The field as the page writes it."""
    found = re.search(rf'<(?:input|select)[^>]* name="{re.escape(path)}"[^>]*>', page)
    return found.group() if found else ""


def test_each_number_says_how_far_it_goes(client: Client, version: Version) -> None:
    page = client.get(reverse("bad-case", args=[version.pk, 1])).content.decode()
    for reach in ("0.5–12 pixels", "0.01–0.3", "1–3 frames", "0–0.4"):
        assert f'<span class="unit nowrap">{reach}</span></label>' in page


def test_a_look_with_wrong_values_is_answered_by_what_to_correct_and_where(client: Client, version: Version) -> None:
    answer = client.post(reverse("look-new", args=[version.pk, 1]), sliders(**TOO_FAR), **OURS)
    told = answer.content.decode()
    assert answer.status_code == 200 and 'id="wrong-settings" role="alert" hx-swap-oob="true">' in told
    assert "2 settings have to be corrected before a look:" in told
    assert told.index(link_to("weave.largest", "Choose a value from 0.5 to 12.", "Weave: Largest move")) < told.index(
        link_to("flicker.largest", "Choose a value from 0.01 to 0.3.", "Flicker: Largest correction"))
    assert not Look.objects.exists()


def test_a_look_with_right_values_takes_back_what_was_to_correct(client: Client, version: Version) -> None:
    told = client.post(reverse("look-new", args=[version.pk, 1]), sliders(), **OURS).content.decode()
    assert 'id="wrong-settings" role="alert" hx-swap-oob="true" hidden>' in told and "data-wrong" not in told
    assert Look.objects.count() == 1
    # Pictures that come later say nothing of the settings, so that what is marked then stays.
    assert "wrong-settings" not in client.get(reverse("looks", args=[version.pk, 1])).content.decode()


def test_without_script_the_whole_page_says_it_and_keeps_what_was_typed(client: Client, version: Version) -> None:
    answer = client.post(reverse("look-new", args=[version.pk, 1]), sliders(**TOO_FAR, **{"noise.luma": "0.7"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert link_to("weave.largest", "Choose a value from 0.5 to 12.", "Weave: Largest move") in page
    for path in TOO_FAR:
        field = tag_of(path, page)
        assert f'value="{TOO_FAR[path]}"' in field and 'aria-invalid="true"' in field
        assert f'aria-describedby="id_{path}_helptext id_{path}_error"' in field and f'id="id_{path}_error"' in page
    assert [path for path in sliders(**TOO_FAR) if " autofocus" in tag_of(path, page)] == ["weave.largest"]
    assert 'value="0.7"' in tag_of("noise.luma", page)
    assert page.index('name="flicker.largest"') < page.index('class="sliders-rest"')


def test_masks_that_are_too_much_to_send_are_told_where_they_are_drawn(client: Client, version: Version) -> None:
    address, drawn = reverse("look-new", args=[version.pk, 1]), sliders(masks="7" * 100_001)
    answer = client.post(address, drawn, **OURS).content.decode()
    assert 'href="#id_masks_drawn" data-wrong="Ensure this value has at most' in answer
    assert ">Retouched by hand</a>" in answer
    page = client.post(address, drawn).content.decode()
    assert '<fieldset class="masks-act" id="id_masks_drawn"' in page and 'id="id_masks_drawn_error">' in page


def test_settings_are_named_in_chinese_where_they_are_wrong_and_where_they_differ(client: Client,
                                                                                    version: Version) -> None:
    client.cookies["django_language"] = "zh-hans"
    address = reverse("look-new", args=[version.pk, 1])
    told = client.post(address, sliders(**TOO_FAR), **OURS).content.decode()
    assert "试看前须更正 2 项设置：" in told and ">画面晃动：最大移动量</a>" in told
    pictures = client.post(address, sliders(**{"weave.largest": "6"}), **OURS).content.decode()
    assert "<li>画面晃动：最大移动量 " in pictures
