"""From a master tape to an approved delivery, as four people live it, with real workers and a real browser."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django_rq
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from archive.models import Agent, ProvenanceEvent, User
from restoration.models import DeliveryItem, Download, Review, Version
from tests.browser.leaving import leave
from tests.factories import CollectionFactory
from tests.processes.hands import Hands
from tests.restoration.reels import write_tape

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

PATIENCE = 120_000

Door = Callable[[User], Page]


@pytest.fixture
def door(chromium: Browser, live_server: LiveServer) -> Iterator[Door]:
    """Lets a person in: a browser of their own, logged in as anyone would."""
    contexts: list[BrowserContext] = []

    def let_in(person: User) -> Page:
        contexts.append(chromium.new_context(base_url=live_server.url, locale="en-GB"))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        page.get_by_label("Username").fill(person.username)
        page.get_by_label("Password").fill("open the reel")
        page.get_by_role("button", name="Log in").click()
        return page

    yield let_in
    for context in contexts:
        leave(context)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Hands]:
    django_rq.get_connection("default").flushall()
    hands = Hands(tmp_path / "processes.log")
    hands.worker()
    hands.worker()
    hands.steward()
    yield hands
    hands.dismiss()


def test_from_a_master_tape_to_an_approved_delivery(
    door: Door, workers: Hands, tmp_path: Path, ada: User, rui: User, rosa: User, henri: User, harbour: Agent,
) -> None:
    CollectionFactory(name="Concert masters")
    tape = write_tape(tmp_path)

    at_the_catalogue = door(ada)
    ada_takes_it_in_and_has_it_scanned(at_the_catalogue, tape)
    at_the_bench = door(rui)
    rui_restores_it(at_the_bench, grain="0.9")
    in_the_viewing_room = door(rosa)
    rosa_compares(in_the_viewing_room, "v1")
    rosa_rejects(in_the_viewing_room, "Too much grain on the singer's face.")
    rui_sees_why_and_restores_it_again(at_the_bench, "Too much grain on the singer's face.", grain="0.2")
    rosa_compares(in_the_viewing_room, "v2")
    rosa_approves(in_the_viewing_room)
    ada_delivers_it(at_the_catalogue, harbour)
    henri_fetches_half_and_resumes(door(henri))

    first, second = Version.objects.order_by("number")
    assert [review.decision for review in Review.objects.order_by("pk")] == ["rejected", "approved"]
    assert first.settings != second.settings
    told = set(ProvenanceEvent.objects.values_list("type", flat=True))
    assert told >= {"catalogued", "ingested", "digest_computed", "probed", "previewed", "analysed", "version_proposed",
                    "run_queued", "restored", "pair_reel_made", "rejected", "approved", "packaged", "released",
                    "terms_accepted", "downloaded"}


def ada_takes_it_in_and_has_it_scanned(page: Page, tape: Path) -> None:
    page.get_by_role("link", name="Bring in a file").click()
    page.get_by_label("Recording").set_input_files(tape)
    page.get_by_label("What it is").select_option(label="Concert")
    page.get_by_label("Collection").select_option(label="Concert masters")
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_url("**/media-files/*/")
    page.goto("/catalogue/")
    page.locator("main").get_by_role("link", name="reel").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reel")
    page.get_by_role("button", name="Analyse").click()
    _reload_until(page, page.get_by_text("top field first", exact=False).first)


def rui_restores_it(page: Page, *, grain: str) -> None:
    page.goto("/catalogue/")
    page.locator("main").get_by_role("link", name="reel").first.click()
    page.get_by_role("link", name="Propose a version").click()
    _choose_and_run(page, grain)


def rui_sees_why_and_restores_it_again(page: Page, reason: str, *, grain: str) -> None:
    page.goto("/restoration/")
    expect(page.get_by_text(reason).first).to_be_visible()
    page.goto(f"/versions/{Version.objects.get(number=1).pk}/")
    page.get_by_role("link", name="Another version from these settings").click()
    _choose_and_run(page, grain)


def _choose_and_run(page: Page, grain: str) -> None:
    page.get_by_label("Height of the master").fill("240")
    page.get_by_label("Grain given back").fill(grain)
    page.get_by_role("button", name="Propose this version").click()
    page.get_by_role("button", name="Make this version").click()
    page.wait_for_url("**/runs/*/")
    expect(page.get_by_text("The master is there.")).to_be_visible(timeout=PATIENCE)


def rosa_compares(page: Page, version: str) -> None:
    def inbox() -> None:
        page.goto("/review/")

    inbox()
    waiting = page.locator("main .cards").get_by_role("link")
    expect(waiting).to_have_count(1, timeout=PATIENCE)
    expect(waiting).to_contain_text(version)
    waiting.click()
    frame = page.locator("[data-frame]")
    expect(frame).to_contain_text("/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(frame).to_contain_text("2")
    for key, mode in (("q", "side"), ("f", "flick"), ("w", "wipe")):
        page.keyboard.press(key)
        expect(page.locator(f"[data-mode={mode}][aria-pressed=true]")).to_be_visible()


def rosa_rejects(page: Page, reason: str) -> None:
    page.get_by_role("button", name="Reject").or_(page.get_by_role("link", name="Reject")).first.click()
    page.locator("dialog[open], main").get_by_label("What must change").first.fill(reason)
    page.get_by_role("button", name="Reject v1").click()
    expect(page.get_by_text(reason).first).to_be_visible()


def rosa_approves(page: Page) -> None:
    page.get_by_role("button", name="Approve").or_(page.get_by_role("link", name="Approve")).first.click()
    page.get_by_role("button", name="Approve v2").click()
    expect(page.get_by_text("Approved").first).to_be_visible()


def ada_delivers_it(page: Page, harbour: Agent) -> None:
    page.goto(f"/versions/{Version.objects.get(number=2).pk}/")
    page.get_by_role("link", name="Deliver it").click()
    page.get_by_label("Recipient").select_option(label=str(harbour))
    page.get_by_role("button", name="Make the package").click()
    release = page.get_by_role("button", name="Release")
    _reload_until(page, release)
    release.click()
    expect(page.get_by_text("released", exact=False).first).to_be_visible()


def henri_fetches_half_and_resumes(page: Page) -> None:
    page.wait_for_url("**/deliveries/")
    page.locator("main").get_by_role("link", name="reel").first.click()
    page.locator("input[type=checkbox]").check()
    page.get_by_role("button", name="Accept the terms").click()
    links = page.get_by_role("link", name="Download")
    expect(links).to_have_count(DeliveryItem.objects.count())
    for item in DeliveryItem.objects.all():
        _fetch_in_two_halves(page, item)
    assert Download.objects.count() == 2 * DeliveryItem.objects.count()


def _fetch_in_two_halves(page: Page, item: DeliveryItem) -> None:
    address = f"/deliveries/items/{item.pk}"
    half = item.size_bytes // 2
    first = page.request.get(address, headers={"Range": f"bytes=0-{half - 1}"})
    assert first.status == 206
    rest = page.request.get(address, headers={"Range": f"bytes={half}-", "If-Range": first.headers["etag"]})
    assert rest.status == 206
    assert hashlib.sha256(first.body() + rest.body()).hexdigest() == item.sha256


def _reload_until(page: Page, sought: Any) -> None:
    """The page swaps only its progress by itself; the buttons of its head come with the next visit."""
    expect(page.locator("progress")).to_have_count(0, timeout=PATIENCE)
    page.reload()
    expect(sought).to_be_visible(timeout=PATIENCE)
