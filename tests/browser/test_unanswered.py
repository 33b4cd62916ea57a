"""What was asked without leaving the page and not done is said, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from archive.models import User
from restoration.actions import annotations
from restoration.models import Version
from tests.browser.conftest import LetIn
from tests.restoration.factories import AnnotationFactory
from tests.restoration.views.rooms import version_with_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(let_in: LetIn, rosa: User) -> Iterator[Page]:
    """The review room, with one open note."""
    version: Version = version_with_bytes(60)
    AnnotationFactory(version=version, start=20, end=21, text="Waxy.")
    context = let_in(rosa)
    context.route("**/still/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"/review/{version.pk}/")
    page.wait_for_selector("[data-review-room][data-ready]")
    page.keyboard.press(".")
    yield page


def resolve(page: Page) -> None:
    page.locator("[data-note]").get_by_role("button", name="Resolve").click()


def test_without_a_connection_it_says_so_until_something_is_answered(page: Page) -> None:
    said = page.get_by_role("alert").filter(has_text="There is no connection, so this was not done.")
    page.context.set_offline(True)
    resolve(page)
    expect(said).to_be_visible()
    page.context.set_offline(False)
    resolve(page)
    expect(page.locator("[data-note]")).to_contain_text("resolved by")
    expect(said).to_be_hidden()


def test_what_broke_on_our_side_has_a_reference(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise RuntimeError("The floor gave way.")

    monkeypatch.setattr(annotations, "resolve", break_down)
    resolve(page)
    expect(page.get_by_role("alert").filter(has_text="Tell an administrator this reference")).to_be_visible()


def test_whoever_was_logged_out_is_told_and_not_shown_the_door_amid_the_page(page: Page) -> None:
    Session.objects.all().delete()
    resolve(page)
    expect(page.get_by_role("alert").filter(has_text="you were logged out")).to_be_visible()
    expect(page.locator("[data-note]")).to_contain_text("Waxy.")
    expect(page.get_by_label("Password")).to_have_count(0)
