"""The bad-case loop as three people live it: compare, find a bad case, draw, look, take what is better, derive, review
what changed, approve."""

from collections.abc import Callable, Iterator
from pathlib import Path

import django_rq
import pytest
import torch
from playwright.sync_api import Page, expect

from archive.models import User
from archive.vocabularies import Role
from restoration.actions import decision_chain, runs, shots, versions
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.models import Annotation, Run, ShotVerdict, Version
from restoration.vocabularies import VersionState
from tests import clips
from tests.browser.conftest import LetIn
from tests.conftest import SHARED
from tests.factories import UserFactory
from tests.restoration.factories import PolicyFactory
from tests.restoration.jobs.test_looking import answer
from tests.restoration.jobs.test_whole_way import follow_the_bells
from tests.restoration.reels import SHORT, analysed, write_tape

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 60_000

# Whether the picture holds more than one colour: nothing was painted where all pixels are alike.
IS_PAINTED = """() => {
  const canvas = document.querySelector('[data-canvas]');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 8;
}"""

Door = Callable[[User], Page]


@pytest.fixture
def door(let_in: LetIn) -> Iterator[Door]:
    expect.set_options(timeout=PATIENCE)

    def opened(person: User) -> Page:
        context = let_in(person)
        context.set_default_timeout(PATIENCE)
        # Stills are decoded by a process each; they have tests of their own.
        context.route("**/still/**", lambda route: route.abort())
        return context.new_page()

    yield opened
    expect.set_options(timeout=5_000)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Some frames of real television, where it lies beside the checkout; else of a made scene."""
    news = SHARED / "footage" / "good" / "news_pal_704x576i_tff.ts"
    if not news.exists():
        return write_tape(tmp_path, SHORT)
    frames = torch.stack([frame.planes for frame in read(news, inspect(news), 0, SHORT[-1][1])])
    return clips.write(tmp_path / "news.mkv", frames, fields="tff", pixel_format="yuv422p", timecode="10:00:00:00")


@pytest.fixture
def first(tape: Path, ada: User, rui: User) -> Version:
    django_rq.get_connection("default").flushall()
    return follow_the_bells(runs.queue(versions.propose(analysed(tape, ada, SHORT), by=rui), by=rui)).version


def test_from_a_bad_case_to_a_version_that_two_people_approve(
    first: Version, door: Door, rosa: User, rui: User,
) -> None:
    PolicyFactory(collection=first.asset.collection, stages=((Role.REVIEWER, 2),))
    in_the_room, at_the_bench = door(rosa), door(rui)
    rosa_compares(in_the_room, first)
    rosa_draws_what_she_sees(in_the_room)
    rosa_marks_a_good_shot_and_a_bad_one(in_the_room)
    rui_looks_takes_and_derives(at_the_bench)
    follow_the_bells(Run.objects.get(version__derived_from=first))
    second = Version.objects.get(derived_from=first)
    rosa_sees_only_what_changed(in_the_room, second)
    assert shots.standing(shots.verdicts(second)[1]) == "good"
    approve(in_the_room)
    second.refresh_from_db()
    assert second.state == VersionState.TO_REVIEW
    in_another_room = door(UserFactory(role=Role.REVIEWER))
    in_another_room.goto(f"/review/{second.pk}/")
    in_another_room.wait_for_selector("[data-review-room][data-ready]")
    approve(in_another_room)
    second.refresh_from_db()
    assert second.state == VersionState.APPROVED
    assert not decision_chain.check().faults


def rosa_compares(page: Page, version: Version) -> None:
    page.goto(f"/review/{version.pk}/?f=8")
    page.wait_for_selector("[data-review-room][data-ready]")
    for key, mode in zip("qf3dcw", ("side", "flick", "blend", "difference", "changed", "wipe"), strict=True):
        page.keyboard.press(key)
        expect(page.locator(f"[data-mode={mode}]")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate(IS_PAINTED), mode


def rosa_draws_what_she_sees(page: Page) -> None:
    page.keyboard.press(";")
    page.keyboard.type("His tie crawls.")
    page.locator("[data-draw=box]").click()
    box = page.locator("canvas.drawing").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    page.keyboard.press("y")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("[data-note]")).to_have_count(1)
    note = Annotation.objects.get()
    assert (note.start, note.drawing[0]["tool"]) == (8, "box")


def rosa_marks_a_good_shot_and_a_bad_one(page: Page) -> None:
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
    # Asked again and again: what a poll swaps away before it was loaded is never decoded.
    expect(column.locator("img").first).not_to_have_js_property("naturalWidth", 0)
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


def approve(page: Page) -> None:
    page.keyboard.press("a")
    page.get_by_role("dialog").get_by_role("button", name="Approve v2").click()
    page.wait_for_url("**/review/")
