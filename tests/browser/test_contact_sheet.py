"""The contact sheet in a real browser: what is not decoded yet says so, and so does what cannot be."""


import pytest
from playwright.sync_api import Route, expect

from archive.models import User
from tests.browser.conftest import LetIn
from tests.restoration.views.rooms import version_with_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pictures_on_their_way_say_so_and_those_that_cannot_come_do_too(let_in: LetIn, rosa: User) -> None:
    version = version_with_bytes(60)
    context = let_in(rosa)
    held: list[Route] = []
    context.route("**/still/**", lambda route: held.append(route))
    page = context.new_page()
    page.goto(f"/versions/{version.pk}/contact-sheet/", wait_until="domcontentloaded")
    pictures = page.locator(".contact img")
    awaited = page.locator(".contact img[data-awaited]")
    expect(awaited).to_have_count(6)
    assert "gradient" in awaited.first.evaluate("picture => getComputedStyle(picture).backgroundImage")
    while len(held) < 6:
        page.evaluate("0")
    held[0].abort()
    for route in held[1:]:
        route.continue_()
    expect(page.get_by_text("This picture could not be decoded.")).to_have_count(1)
    expect(awaited).to_have_count(0, timeout=60_000)
    expect(pictures).to_have_count(5)
    assert all(width > 0 for width in pictures.evaluate_all("all => all.map((picture) => picture.naturalWidth)"))
