"""The bad-case loop as two people live it: find a bad case, look, take what is better, derive, review what changed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django_rq
import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from archive.models import User
from restoration.actions import runs, shots, versions
from restoration.models import Run, ShotVerdict, Version
from tests.restoration.jobs.test_looking import answer
from tests.restoration.jobs.test_whole_way import follow_the_bells
from tests.restoration.reels import SHORT, analysed, write_tape

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 60_000

Door = Callable[[User], Page]


@pytest.fixture
def door(chromium: Browser, live_server: Any) -> Iterator[Door]:
    contexts: list[BrowserContext] = []
    expect.set_options(timeout=PATIENCE)

    def let_in(person: User) -> Page:
        client = Client()
        client.force_login(person)
        contexts.append(chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900}))
        contexts[-1].add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value,
                                   "url": live_server.url}])
        contexts[-1].set_default_timeout(PATIENCE)
        # Stills are decoded by a process each; they have tests of their own.
        contexts[-1].route("**/still/**", lambda route: route.abort())
        return contexts[-1].new_page()

    yield let_in
    expect.set_options(timeout=5_000)
    for context in contexts:
        context.close()


@pytest.fixture
def first(tmp_path: Path, ada: User, rui: User) -> Version:
    django_rq.get_connection("default").flushall()
    tape = analysed(write_tape(tmp_path, SHORT), ada, SHORT)
    return follow_the_bells(runs.queue(versions.propose(tape, by=rui), by=rui)).version


def test_from_a_bad_case_to_a_version_that_answers_it(first: Version, door: Door, rosa: User, rui: User) -> None:
    in_the_room, at_the_bench = door(rosa), door(rui)
    rosa_marks_a_good_shot_and_a_bad_one(in_the_room, first)
    rui_looks_takes_and_derives(at_the_bench)
    follow_the_bells(Run.objects.get(version__derived_from=first))
    second = Version.objects.get(derived_from=first)
    rosa_sees_only_what_changed(in_the_room, second)
    assert shots.standing(shots.verdicts(second)[1]) == "good"


def rosa_marks_a_good_shot_and_a_bad_one(page: Page, version: Version) -> None:
    page.goto(f"/review/{version.pk}/?f=8")
    page.wait_for_selector("[data-review-room][data-ready]")
    page.keyboard.press("b")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Bad case: shot 2")
    dialog.get_by_label("In words").fill("The grain of the film is gone.")
    dialog.get_by_role("button", name="Lost grain").focus()
    page.keyboard.press("2")
    row = page.locator("[data-shot-row][aria-current]")
    expect(row).to_contain_text("Lost grain")
    expect(row).to_contain_text("The grain of the film is gone.")
    page.keyboard.press("Home")
    expect(page.locator("[data-shot-row]").first).to_have_attribute("aria-current", "")
    page.keyboard.press("g")
    expect(page.locator(".shot-standing").first).to_have_text("Good")
    expect(page.locator("[data-shot-counts]")).to_have_text("1 bad case · 1 good · 1 not looked at")
    page.locator("[data-shot-goes]").nth(2).click()
    expect(page.locator("[data-shot-row]").nth(2)).to_have_attribute("aria-current", "")
    assert ShotVerdict.objects.get(verdict="bad_case").frame == 8


def rui_looks_takes_and_derives(page: Page) -> None:
    page.goto("/restoration/")
    page.get_by_role("link", name="Bad cases").click()
    page.get_by_role("link", name="Lost grain").click()
    expect(page.get_by_role("button", name="Derive v2")).to_be_disabled()
    slider = page.get_by_label("Brightness").first
    slider.fill("0")
    expect(page.locator("[data-setting][data-changed]")).to_have_count(1)
    page.get_by_role("button", name="Look").click()
    expect(page.locator("#looks")).to_contain_text("waits")
    answer()
    column = page.locator(".matrix-column").nth(2)
    expect(column.locator("img")).to_have_count(3)
    assert column.locator("img").first.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
    page.keyboard.press("z")
    expect(page.locator("[data-matrix]")).to_have_attribute("data-near", "1")
    column.get_by_role("button", name="Take this").click()
    expect(page.locator(".case-queue")).to_contain_text("settled")
    page.get_by_role("button", name="Derive v2").click()
    expect(page.get_by_role("heading", name="Log")).to_be_visible()


def rosa_sees_only_what_changed(page: Page, version: Version) -> None:
    page.goto(f"/review/{version.pk}/")
    page.wait_for_selector("[data-review-room][data-ready]")
    page.keyboard.press("Shift+B")
    expect(page.get_by_text("Changed since v1")).to_be_visible()
    changed = page.locator(".shot-group").first.locator("[data-shot-row]")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("not looked at")
    expect(page.locator("[data-shot-row]", has_text="as in v1")).to_have_count(1)
    changed.locator("[data-shot-goes]").click()
    page.keyboard.press("g")
    expect(changed.locator(".shot-standing")).to_have_text("Good")
