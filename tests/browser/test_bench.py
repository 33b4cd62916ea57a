"""The restorer's bench by keys: masks drawn without a pointer, and sliders that do what they seem to do."""

import json
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from archive.models import User
from restoration.actions import shots
from restoration.models import Version
from tests.browser.conftest import LetIn
from tests.restoration import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bench(let_in: LetIn, rui: User, rosa: User) -> Iterator[Page]:
    version: Version = factories.VersionFactory(made=True)
    shots.judge(version, shot=1, verdict="bad_case", category="missed_damage", frame=90, by=rosa)
    context = let_in(rui)
    context.route("**/still/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(reverse("bad-case", args=[version.pk, 1]))
    yield page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def expect_masks(page: Page, *masks: list[list[float]]) -> None:
    expect(page.locator("[name=masks]")).to_have_value(json.dumps(masks, separators=(",", ":")))


def test_a_box_is_drawn_moved_and_left_off_by_keys(bench: Page) -> None:
    draw = bench.get_by_role("button", name="Draw a mask")
    draw.focus()
    press(bench, "Enter", "Shift+ArrowLeft", "Space", "Shift+ArrowRight", "ArrowDown", "Space")
    box = [[0.45, 0.5], [0.5, 0.5], [0.5, 0.51], [0.45, 0.51]]
    expect_masks(bench, box)
    expect(bench.locator(".masks").first.locator("polygon")).to_have_count(1)
    press(bench, "Space", "ArrowRight", "Space")
    expect_masks(bench, box)  # What has no area fills nothing.
    press(bench, "Space", "ArrowRight", "ArrowDown", "Escape", "Escape")
    expect_masks(bench, box)
    expect(draw).to_be_focused()
    expect(draw).to_have_attribute("aria-pressed", "false")
    bench.get_by_role("button", name="Undo").press("Enter")
    expect_masks(bench)


def test_a_slider_of_a_repair_that_is_off_turns_it_on(bench: Page) -> None:
    turn = bench.locator("[name='blotches.enabled']")
    expect(turn).not_to_be_checked()
    bench.locator("[name='blotches.sensitivity']").press("ArrowRight")
    expect(turn).to_be_checked()
    setting = bench.locator("[data-setting]", has=turn)
    setting.get_by_role("button", name="Back to it").click()
    expect(turn).not_to_be_checked()
