"""The sliders of one shot in the browser: what was typed too far is marked where it stands, until it is right."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from archive.models import User
from restoration.models import Look
from tests.browser.barriers import barriers
from tests.browser.conftest import LetIn
from tests.restoration.factories import VersionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAMES = "Choose a value from 1 to 3."
PIXELS = "Choose a value from 0.5 to 12."
ABOUT_WEAVE = "A frame that seems further off is moved no further than this."


@pytest.fixture
def bench(let_in: LetIn, rui: User) -> Iterator[Page]:
    context = let_in(rui)
    # No bytes lie under the version: a still would be waited for in vain.
    context.route("**/still/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(reverse("bad-case", args=[VersionFactory(made=True).pk, 1]))
    yield page


def field(page: Page, path: str) -> Locator:
    return page.locator(f"[name='{path}']")


def look(page: Page) -> None:
    page.get_by_role("button", name="Look").click()


def test_what_is_too_far_is_marked_where_it_stands_until_it_is_right(bench: Page) -> None:
    noise, weave = field(bench, "noise.radius"), field(bench, "weave.largest")
    others, alert = bench.locator(".sliders-rest summary"), bench.locator(".sliders [role=alert]")
    others.click()
    noise.fill("9")
    weave.fill("40")
    others.click()
    look(bench)
    expect(noise).to_be_focused()
    expect(bench.get_by_text(FRAMES)).to_be_in_viewport()
    expect(noise).to_have_accessible_description(f"More neighbours make a calmer picture and take longer. {FRAMES}")
    expect(weave).to_have_accessible_description(f"{ABOUT_WEAVE} {PIXELS}")
    expect(bench.locator("[aria-invalid=true]")).to_have_count(2)
    expect(alert.get_by_role("link")).to_have_text(["Noise: Neighbours on each side", "Weave: Largest move"])
    assert barriers(bench) == []
    others.click()
    alert.get_by_role("link", name="Weave").click()
    expect(weave).to_be_focused()
    noise.fill("3")
    look(bench)
    expect(weave).to_be_focused()
    expect(bench.get_by_text(PIXELS)).to_be_in_viewport()
    expect(weave).to_have_value("40")
    expect(bench.locator("[aria-invalid=true]")).to_have_count(1)
    weave.fill("6")
    look(bench)
    expect(bench.locator("#looks")).to_contain_text("waits")
    expect(bench.locator(".sliders .wrong, .sliders [aria-invalid]")).to_have_count(0)
    expect(alert).to_be_hidden()
    expect(weave).to_have_accessible_description(ABOUT_WEAVE)
    changes = Look.objects.get().trials[0]["changes"]
    assert (changes["noise"]["radius"], changes["weave"]["largest"]) == (3, 6)


def test_a_number_that_cannot_be_read_is_not_sent(bench: Page) -> None:
    weave, others, sent = field(bench, "weave.largest"), bench.locator(".sliders-rest summary"), list[str]()
    bench.on("request", lambda request: sent.append(request.method))
    others.click()
    weave.fill("")
    weave.press_sequentially("6e")
    others.click()
    look(bench)
    expect(weave).to_be_focused()
    expect(weave).to_be_in_viewport()
    weave.fill("6")
    look(bench)
    expect(bench.locator("#looks")).to_contain_text("waits")
    assert sent.count("POST") == 1
