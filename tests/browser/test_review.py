"""The review room in a real browser, on a reel whose pictures carry their own frame numbers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from archive.models import User
from restoration.models import Version
from restoration.vocabularies import VersionState
from tests.browser.barriers import barriers
from tests.browser.leaving import leave
from tests.restoration.views.barcode import BITS, LEFT_GREY, RIGHT_GREY
from tests.restoration.views.rooms import version_with_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAMES = 300

# Reads the two sides from the canvas: each side's number and the grey of its lower half.
READ = """
async (bits) => {
  const { panes, visible } = await import('/static/js/player/compositor.js');
  const { Viewport } = await import('/static/js/player/viewport.js');
  const canvas = document.querySelector('[data-canvas]');
  const room = document.querySelector('[data-review-room]');
  const mode = room.querySelector('[data-mode][aria-pressed=true]').dataset.mode;
  const given = JSON.parse(room.dataset.reviewRoom);
  const viewport = new Viewport(given.width, given.height);
  const context = canvas.getContext('2d');
  const read = (pane) => {
    const area = visible(pane, viewport);
    const at = (x, y) => context.getImageData(area.x + x * area.width, area.y + y * area.height, 1, 1).data[0];
    let number = 0;
    for (let bit = 0; bit < bits; bit++) number = number * 2 + (at((bit + 0.5) / bits, 0.25) > 127 ? 1 : 0);
    return { number, left: at(0.02, 0.75), right: at(0.98, 0.75), top: at(0.5, 0.55), bottom: at(0.5, 0.97) };
  };
  return panes(canvas, mode).map(read);
}
"""

@pytest.fixture
def version() -> Version:
    return version_with_bytes(FRAMES)


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    leave(context)


@pytest.fixture
def enter(browser_page: Page, live_server: Any, rosa: User, version: Version) -> Any:
    """Open the room as rosa, at an address."""
    client = Client()
    client.force_login(rosa)
    cookie = client.cookies["sessionid"].value
    browser_page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    def open_room(query: str = "") -> Page:
        browser_page.goto(f"{live_server.url}/review/{version.pk}/{query}")
        browser_page.wait_for_selector("[data-review-room][data-ready]")
        return browser_page

    return open_room


def sides(page: Page) -> Any:
    return page.evaluate(READ, BITS)


def test_keys_step_frame_by_frame_to_shots_and_to_the_ends(enter: Any) -> None:
    page = enter("?m=side&f=50")
    for key, frame in (("ArrowRight", 51), ("ArrowLeft", 50), ("Shift+ArrowRight", 60), ("Control+ArrowRight", 90),
                       ("ArrowDown", 100), ("ArrowDown", 150), ("ArrowUp", 100), ("End", 299), ("Home", 0)):
        page.keyboard.press(key)
        expect(page.locator("[data-frame]")).to_have_text(f"{frame} / 299")
        assert [side["number"] for side in sides(page)] == [frame, frame], key


def test_timecode_counts_on_from_the_masters_own_start_and_drops_frames(enter: Any) -> None:
    page = enter("?f=10")
    expect(page.locator("[data-timecode]")).to_have_text("01:00:00;00")


def test_dragging_the_line_shows_more_of_the_original(enter: Any) -> None:
    page = enter("?f=7")
    (before,) = sides(page)
    assert abs(before["left"] - LEFT_GREY) < 60 < abs(before["right"] - before["left"])
    handle = page.locator("[data-wipe]").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(5000, y, steps=8)
    page.mouse.up()
    expect(page.locator("[data-wipe]")).to_have_attribute("aria-valuenow", "100")
    (after,) = sides(page)
    assert abs(after["right"] - after["left"]) < 10
    page.wait_for_url("**x=1.000**")


def test_the_line_moves_by_keys_and_turns(enter: Any) -> None:
    page = enter("?f=7")
    page.locator("[data-wipe]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-wipe]")).to_have_attribute("aria-valuenow", "52")
    page.keyboard.press("v")
    expect(page.locator("[data-wipe]")).to_have_attribute("aria-orientation", "vertical")
    page.wait_for_url("**d=h**")


def test_a_lying_line_has_the_original_above_and_the_restored_below(enter: Any) -> None:
    page = enter("?f=7&d=h&x=0.8")
    (picture,) = sides(page)
    assert abs(picture["left"] - picture["right"]) < 10
    assert picture["bottom"] > picture["top"] + (RIGHT_GREY - LEFT_GREY) / 2


def test_holding_a_key_shows_the_other_side(enter: Any) -> None:
    page = enter("?m=flick&f=3")
    (restored,) = sides(page)
    page.keyboard.down("e")
    page.wait_for_selector("[data-tag='a']:not([hidden])")
    (original,) = sides(page)
    page.keyboard.up("e")
    page.wait_for_selector("[data-tag='b']:not([hidden])")
    assert original["left"] < restored["left"] - (RIGHT_GREY - LEFT_GREY) / 2
    assert sides(page) == [restored]


def test_the_address_brings_back_the_same_view(enter: Any) -> None:
    page = enter("?f=123&m=side&z=2,0.5000,0.5000")
    assert page.locator("[data-mode=side]").get_attribute("aria-pressed") == "true"
    assert page.locator("[data-zoom='2']").get_attribute("aria-pressed") == "true"
    expect(page.locator("[data-frame]")).to_have_text("123 / 299")


def test_at_one_to_one_the_paused_picture_is_exact(enter: Any) -> None:
    page = enter("?f=123")
    page.keyboard.press("z")
    expect(page.locator("[data-word=exact]")).to_be_visible(timeout=20_000)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-frame]")).to_have_text("124 / 299")
    expect(page.locator("[data-word=exact]")).to_be_visible(timeout=20_000)


def test_a_rejection_asks_for_its_reason_in_a_dialog_and_no_key_commits_it(enter: Any, version: Version) -> None:
    page = enter()
    page.keyboard.press("x")
    dialog = page.locator("dialog[data-dialog=reject]")
    expect(dialog).to_be_visible()
    version.refresh_from_db()
    assert version.state == VersionState.TO_REVIEW
    dialog.locator("textarea").fill("Shot 2: the singer's face is too smooth. fjkl")
    dialog.get_by_role("button", name="Reject").click()
    page.wait_for_url("**/review/")
    version.refresh_from_db()
    assert version.state == VersionState.REJECTED
    watched = version.reviews.get().watched
    assert (watched["modes"], watched["zooms"], watched["seen"] > 0) == (["wipe"], ["fit"], True)


def test_where_the_reel_cannot_be_decoded_the_stills_take_its_place(enter: Any, browser_page: Page, live_server: Any,
                                                                     version: Version) -> None:
    browser_page.route("**/reel.mp4", lambda route: route.fulfill(status=200, content_type="video/mp4", body=b"none"))
    browser_page.goto(f"{live_server.url}/review/{version.pk}/?f=5")
    expect(browser_page.locator(".still-pair img").first).to_be_visible()
    browser_page.get_by_role("link", name="Next frame").click()
    browser_page.wait_for_url("**f=6**")


TRUTHS = [(107957, True, "01:00:02;05"), (107957, False, "00:59:58:17"), (1799, True, "00:00:59;29"),
          (1800, True, "00:01:00;02"), (17981, True, "00:09:59;29"), (17982, True, "00:10:00;00"),
          (107892, True, "01:00:00;00")]


def test_timecode_tells_the_truth_of_smpte(enter: Any) -> None:
    page = enter()
    told = page.evaluate("""async (frames) => {
      const { timecode } = await import('/static/js/player/rate.js');
      return frames.map(([frame, drop]) => timecode(frame, { num: 30000, den: 1001 }, 0, drop));
    }""", [[frame, drop] for frame, drop, _ in TRUTHS])
    assert told == [label for _, _, label in TRUTHS]


def test_the_room_has_no_barrier(enter: Any) -> None:
    page = enter()
    for keys in ("", "wru", "d", "c", "?"):
        for key in keys:
            page.keyboard.press(key)
        assert (keys, barriers(page)) == (keys, [])


def test_the_line_over_the_picture_of_a_version_follows_its_slider(
    enter: Any, live_server: Any, version: Version,
) -> None:
    page = enter()
    page.goto(f"{live_server.url}/versions/{version.pk}/")
    images = page.locator(".sides img")
    assert images.evaluate_all("images => images.map((image) => image.naturalWidth > 0)") == [True, True]
    slider = page.get_by_label("Move the line between original and restored")
    slider.press("End")
    expect(images.last).to_have_css("clip-path", "inset(0px 0px 0px 100%)")
    slider.press("Home")
    expect(images.last).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
