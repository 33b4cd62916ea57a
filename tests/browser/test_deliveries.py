"""What cannot be taken back asks first."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from archive.models import User
from restoration.vocabularies import DeliveryState
from tests.browser.leaving import leave
from tests.restoration import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_delivery_is_revoked_only_after_its_consequence_was_shown(
    chromium: Browser, live_server: Any, ada: User,
) -> None:
    delivery = factories.DeliveryItemFactory(delivery__state=DeliveryState.RELEASED).delivery
    client = Client()
    client.force_login(ada)
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("delivery", args=[delivery.pk]))

    for_good = page.get_by_role("button", name="Revoke this delivery")
    expect(for_good).to_be_hidden()
    page.get_by_text("Revoke…").click()
    expect(for_good).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    expect(for_good).to_be_hidden()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.RELEASED

    page.get_by_text("Revoke…").click()
    for_good.click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.REVOKED
    leave(context)
