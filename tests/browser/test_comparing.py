"""Every way of comparing, and what goes with it: one walk through the room, and the pictures it shows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from archive.models import User
from restoration.models import Version
from tests.browser.leaving import leave
from tests.restoration.views.barcode import LEFT_GREY, RIGHT_GREY
from tests.restoration.views.rooms import version_with_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAMES = 60
# The picture's grey near the bottom, where each side has its own.
GREY = """(share) => {
  const canvas = document.querySelector('[data-canvas]');
  const { x, y, width, height } = room.places()[0].picture;
  return canvas.getContext('2d').getImageData(x + share * width, y + 0.9 * height, 1, 1).data[0];
}"""


def full(grey: int) -> float:
    """What a limited-range grey is on the screen."""
    return (grey - 16) * 255 / 219


@pytest.fixture
def version() -> Version:
    return version_with_bytes(FRAMES)


@pytest.fixture
def enter(chromium: Browser, live_server: Any, rosa: User, version: Version) -> Iterator[Any]:
    client = Client()
    client.force_login(rosa)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()

    def open_room(query: str = "") -> Page:
        page.goto(f"{live_server.url}/review/{version.pk}/{query}")
        page.wait_for_selector("[data-review-room][data-ready]")
        page.evaluate("async () => { window.room = await (await import('/static/js/player/enter.js')).entered; }")
        return page

    yield open_room
    leave(context)


def grey(page: Page, share: float = 0.5) -> int:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return int(page.evaluate(GREY, share))


def test_each_mode_shows_what_it_says(enter: Any) -> None:
    page = enter("?f=7")
    original, restored = full(LEFT_GREY), full(RIGHT_GREY)
    page.keyboard.press("d")
    assert grey(page) == 255
    for _ in range(2):
        page.keyboard.press("[")
    expect(page.locator(".amount [data-amount]")).to_have_text("×1")
    assert grey(page) == pytest.approx(restored - original, abs=3)
    page.keyboard.press("3")
    assert grey(page) == pytest.approx((original + restored) / 2, abs=3)
    page.keyboard.press("]")
    assert grey(page) == pytest.approx(original + 0.625 * (restored - original), abs=3)
    page.keyboard.press("w")
    assert (grey(page, 0.1), grey(page, 0.9)) == pytest.approx((original, restored), abs=3)
    page.keyboard.press("s")
    assert (grey(page, 0.1), grey(page, 0.9)) == pytest.approx((restored, original), abs=3)
    page.keyboard.press("h")
    box = page.locator("[data-canvas]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    expect(page.locator("[data-wipe]")).not_to_have_attribute("aria-valuenow", "50")
    page.keyboard.press("1")
    assert grey(page) == pytest.approx(original, abs=3)
    page.wait_for_url("**m=flick**")


def test_the_magnifier_reads_both_sides_and_scopes_measure_them(enter: Any) -> None:
    page = enter("?f=7&w=ls")
    page.locator("[data-loupe]").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-value=place]")).to_have_text("80, 88")
    values = [int(page.locator(f"[data-value={name}]").inner_text().split()[0]) for name in ("a", "b", "difference")]
    assert values == pytest.approx([full(LEFT_GREY), full(RIGHT_GREY), full(RIGHT_GREY) - full(LEFT_GREY)], abs=2)
    brightest = page.evaluate("""() => ['a', 'b'].map((side) => {
      const canvas = document.querySelector(`[data-scope-side=${side}] [data-scope=waveform]`);
      const { data } = canvas.getContext('2d').getImageData(0, 0, 256, 256);
      const rows = new Float64Array(256);
      for (let at = 0; at < data.length; at += 4) rows[Math.floor(at / 1024)] += data[at];
      return 255 - rows.indexOf(Math.max(...rows.slice(8, 248)));
    })""")
    assert brightest == pytest.approx([full(LEFT_GREY), full(RIGHT_GREY)], abs=3)
    page.keyboard.press("r")
    page.keyboard.press("u")
    expect(page.locator("[data-loupe]")).to_be_hidden()
    expect(page.locator("[data-scopes]")).to_be_hidden()


def test_a_loop_stays_within_its_ends_and_a_typed_place_is_found(enter: Any) -> None:
    page = enter("?f=20")
    page.keyboard.press("i")
    page.evaluate("() => room.goTo(24)")
    page.keyboard.press("o")
    page.wait_for_url("**&o=24**")
    seen = page.evaluate("""async () => {
      const seen = [];
      room.addEventListener('frame', ({ detail }) => seen.push(detail));
      await room.play();
      while (seen.filter((frame) => frame === 20).length < 3) await new Promise((next) => setTimeout(next, 20));
      await room.pause();
      return seen;
    }""")
    assert set(seen) <= set(range(20, 25))
    for typed, frame in (("12", 12), ("01:00:00;02", 12), ("0:05", 15)):
        page.keyboard.press("=")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("[data-frame]")).to_have_text(f"{frame} / {FRAMES - 1}")
    for typed in ("01:01:00;00", "60", "x"):
        page.keyboard.press("=")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator("[data-no-frame]")).to_be_visible()
        assert page.locator("#go-to").input_value() == typed
        page.keyboard.press("Escape")
