"""Exceptions and sliders where there is little room, or no script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from archive.models import User
from restoration.engine.settings import Override
from restoration.models import Version
from tests.browser.conftest import LetIn
from tests.restoration.factories import RECOMMENDED, VersionFactory, WeightsFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def excepted() -> Version:
    """With an exception that names a network by its digest."""
    changes = {"faces": {"enabled": True, "weights": WeightsFactory(name="Portraits").sha256}}
    settings = RECOMMENDED.model_copy(update={"overrides": (Override(start=40, end=90, changes=changes),)})
    version: Version = VersionFactory(settings=settings.model_dump(mode="json"))
    return version


def test_a_digest_in_an_exception_makes_no_page_wider_than_a_telephone(let_in: LetIn, rui: User) -> None:
    version = excepted()
    page = let_in(rui, viewport={"width": 390, "height": 844}).new_page()
    for address in (reverse("version", args=[version.pk]),
                    f"{reverse('version-propose', args=[version.analysis_id])}?like={version.pk}"):
        page.goto(address)
        expect(page.locator(".exceptions")).to_contain_text("SHA-256")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("has_script", [True, False])
def test_what_only_a_script_keeps_true_is_not_shown_without_one(let_in: LetIn, rui: User, has_script: bool) -> None:
    context = let_in(rui, java_script_enabled=has_script)
    # No bytes lie under the version: a still would be waited for in vain.
    context.route("**/still/**", lambda route: route.abort())
    page, version = context.new_page(), VersionFactory(made=True)
    page.goto(reverse("version-propose", args=[version.analysis_id]))
    expect(page.locator("[name='noise.luma']")).to_be_visible()
    expect(page.locator("[data-setting]:has([name='noise.luma']) output")).to_be_visible(visible=has_script)
    page.goto(reverse("bad-case", args=[version.pk, 1]))
    slider = page.locator("[data-setting]:has([name='noise.luma'])")
    expect(slider).to_be_visible()
    expect(slider.locator("output")).to_be_visible(visible=has_script)
    slider.evaluate("setting => setting.toggleAttribute('data-changed', true)")
    expect(slider.get_by_text("v1:")).to_be_visible()
    expect(slider.get_by_text("Back to it")).to_be_visible(visible=has_script)
