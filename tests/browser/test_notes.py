"""Notes in a real browser: written, drawn, answered, resolved, and sent later when the connection was lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from archive.models import User
from restoration.actions import annotations
from restoration.models import Annotation, AnnotationReply, Notice, Version
from tests.browser.barriers import barriers
from tests.browser.conftest import LetIn
from tests.restoration.factories import AnnotationFactory
from tests.restoration.views.rooms import version_with_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def version() -> Version:
    return version_with_bytes(60)


@pytest.fixture
def page(let_in: LetIn, rosa: User, version: Version) -> Iterator[Page]:
    context = let_in(rosa)
    # Exact stills are no matter here, and a tiny clip asks for them at every frame.
    context.route("**/still/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"/review/{version.pk}/?f=10&m=side")
    page.wait_for_selector("[data-review-room][data-ready]")
    yield page


def notes(page: Page) -> Any:
    return page.locator("[data-note]")


def test_a_note_is_drawn_written_answered_and_resolved(page: Page, version: Version, rosa: User) -> None:
    page.keyboard.press(";")
    expect(page.locator("[data-note-where]")).to_have_text("01:00:00;00")
    page.keyboard.type("Waxy cheek, @rosa.")
    page.locator("[data-draw=box]").click()
    picture = page.locator("canvas.drawing").bounding_box()
    left, top = picture["x"], picture["y"]
    page.mouse.move(left + picture["width"] * 0.6, top + picture["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(left + picture["width"] * 0.7, top + picture["height"] * 0.55, steps=4)
    page.mouse.up()
    assert barriers(page) == []
    page.keyboard.press("y")
    page.get_by_role("button", name="Keep the note").click()
    expect(notes(page)).to_have_count(1, timeout=20_000)
    note = Annotation.objects.get()
    assert (note.start, note.end, note.side, note.text) == (10, 11, "restored", "Waxy cheek, @rosa.")
    assert note.drawing[0]["tool"] == "box"

    notes(page).get_by_text("Reply", exact=True).first.click()
    notes(page).locator("textarea").first.fill("Less of it in v2.")
    notes(page).get_by_role("button", name="Send the reply").click()
    expect(notes(page).locator(".note-thread")).to_contain_text("Less of it in v2.")
    notes(page).get_by_role("button", name="Resolve").click()
    expect(notes(page)).to_contain_text("resolved by Rosa")
    expect(page.locator("[data-note-marks] rect.is-resolved")).to_have_count(1)


def test_a_note_without_a_connection_is_sent_once_when_it_is_back(page: Page, version: Version) -> None:
    heard: list[str] = []

    def lose_the_answer(route: Any) -> None:
        """The server has it, and the browser never learns so."""
        route.fetch()
        heard.append("lost")
        route.abort()

    page.context.set_offline(True)
    page.keyboard.press(";")
    page.keyboard.type("Written in a tunnel.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-note-unsent]")).to_contain_text("One note waits here")
    assert not Annotation.objects.exists()
    page.route("**/annotations/new", lose_the_answer)
    page.context.set_offline(False)
    expect(page.locator("[data-note-unsent]")).to_be_visible()
    while not heard:
        page.evaluate("dispatchEvent(new Event('online'))")
    page.unroute("**/annotations/new")
    page.reload()
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('note '))")
    expect(page.locator("[data-note-unsent]")).to_be_hidden()
    assert Annotation.objects.get().text == "Written in a tunnel."


def test_whom_a_note_tells_is_found_by_the_first_letters(page: Page, version: Version, rui: User, henri: User) -> None:
    page.keyboard.press(";")
    page.keyboard.type("Waxy, @r")
    options = page.locator("[data-mentions]").get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_have_text(f"@rui {rui}")
    assert barriers(page) == []
    page.keyboard.press("Enter")
    page.keyboard.type("look; and @hen")
    expect(options).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(notes(page)).to_have_count(1)
    assert Annotation.objects.get().text == "Waxy, @rui look; and @hen"
    assert list(Notice.objects.values_list("user__username", flat=True)) == ["rui"]


def begin_a_reply(page: Page) -> None:
    page.reload()
    page.wait_for_selector("[data-review-room][data-ready]")
    page.keyboard.press(".")
    notes(page).get_by_text("Reply", exact=True).first.click()


def test_a_reply_without_a_connection_is_sent_when_it_is_back(page: Page, version: Version) -> None:
    AnnotationFactory(version=version, start=20, end=21, text="Waxy.")
    begin_a_reply(page)
    page.context.set_offline(True)
    notes(page).locator("[data-reply] textarea").fill("Less of it, from a tunnel.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-note-unsent]")).to_contain_text("One note waits here")
    assert not AnnotationReply.objects.exists()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(notes(page).locator(".note-thread")).to_contain_text("Less of it, from a tunnel.")
    assert AnnotationReply.objects.count() == 1


def test_a_reply_to_a_note_that_was_withdrawn_meanwhile_is_shown_with_the_reason(page: Page, version: Version) -> None:
    note = AnnotationFactory(version=version, start=20, end=21, text="Waxy.")
    begin_a_reply(page)
    notes(page).locator("[data-reply] textarea").fill("Why waxy?")
    annotations.withdraw(note, by=note.author)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-note-refused]")).to_have_text(
        "The note that you answered was withdrawn meanwhile. “Why waxy?”")
    expect(notes(page)).to_have_count(0)
    expect(page.locator("[data-note-unsent]")).to_be_hidden()


def test_half_a_reply_stays_when_the_list_is_drawn_anew(page: Page, version: Version) -> None:
    AnnotationFactory(version=version, start=20, end=21, text="Waxy.")
    begin_a_reply(page)
    notes(page).locator("[data-reply] textarea").fill("Less of")
    AnnotationFactory(version=version, start=10, end=11, text="Earlier.")
    page.evaluate("document.body.dispatchEvent(new Event('notes-changed'))")
    expect(notes(page)).to_have_count(2)
    expect(notes(page).locator("[data-reply] textarea").nth(1)).to_have_value("Less of")
    expect(notes(page).locator("[data-reply] textarea").nth(1)).to_be_focused()


def test_everything_about_notes_is_done_by_keys(page: Page, version: Version, rosa: User) -> None:
    AnnotationFactory(version=version, start=20, end=25, text="A range.", drawing=[
        {"tool": "arrow", "points": [[0.2, 0.2], [0.4, 0.4]]}])
    AnnotationFactory(version=version, start=40, text="Later.")
    page.reload()
    page.wait_for_selector("[data-review-room][data-ready]")
    for key, frame in ((".", 20), (".", 40), (",", 20), ("ArrowLeft", 19)):
        page.keyboard.press(key)
        expect(page.locator("[data-frame]")).to_have_text(f"{frame} / 59")
    page.keyboard.press("y")
    for key in ("Space", "Shift+ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press(";")
    page.keyboard.type("By hand; wynk")
    page.keyboard.press("Control+Enter")
    expect(notes(page)).to_have_count(3, timeout=20_000)
    note = Annotation.objects.get(text="By hand; wynk")
    assert note.start <= 19  # It ran backwards until somebody began to write.
    assert (note.side, note.drawing) == ("restored", [
        {"tool": "pen", "points": [[0.5, 0.5], [0.55, 0.5], [0.55, 0.51]]}])
    page.keyboard.press("Home")
    expect(page.locator("[data-frame]")).to_have_text("0 / 59")
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-frame]")).to_have_text("10 / 59")
    page.keyboard.press("o")
    expect(page.locator("[data-note-where]")).to_have_text("00:59:59;20 – 01:00:00;00")


# The quarters of the canvas, from the left, in which the layer has painted more than an edge.
PAINTED = """(wanted) => {
  const canvas = document.querySelector('canvas.drawing');
  const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const pixels = [0, 0, 0, 0];
  for (let at = 3; at < data.length; at += 4) if (data[at]) pixels[Math.floor(((at >> 2) % width) / (width / 4))]++;
  return JSON.stringify(pixels.flatMap((count, quarter) => (count > 60 ? [quarter] : []))) === JSON.stringify(wanted);
}"""


def expect_painted(page: Page, quarters: list[int]) -> None:
    page.wait_for_function(PAINTED, arg=quarters)


def test_a_drawing_keeps_to_its_own_side_and_its_own_frames(page: Page, version: Version) -> None:
    AnnotationFactory(version=version, start=30, end=32, side="original", drawing=[
        {"tool": "pen", "points": [[0.1, 0.5], [0.9, 0.5]]}])
    page.reload()
    page.wait_for_selector("[data-review-room][data-ready]")
    page.keyboard.press(".")
    expect(page.locator("[data-frame]")).to_have_text("30 / 59")
    expect_painted(page, [0, 1])
    page.keyboard.press("w")
    expect_painted(page, [0, 1])
    page.keyboard.press("Shift+Y")
    expect_painted(page, [])
    page.keyboard.press("Shift+Y")
    page.keyboard.press("d")
    expect_painted(page, [])
    page.keyboard.press("Shift+Y")
    expect_painted(page, [0, 1, 2, 3])
    page.keyboard.press("2")
    expect_painted(page, [])
    page.keyboard.press("1")
    expect_painted(page, [0, 1, 2, 3])
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-frame]")).to_have_text("40 / 59")
    expect_painted(page, [])
    page.keyboard.press("w")
    page.keyboard.press(",")
    # Whoever goes to a note sees the whole of its drawing: the line makes room for it.
    expect(page.locator("[data-wipe]")).to_have_attribute("aria-valuenow", "93")
    expect_painted(page, [0, 1, 2, 3])
