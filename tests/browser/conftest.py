"""Debian's chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from archive.models import User
from tests.browser.leaving import leave

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required",
         "--disable-background-timer-throttling", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not executable:
        pytest.fail("The browser tests need Debian's chromium: run `make browser`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


LetIn = Callable[..., BrowserContext]


@pytest.fixture
def let_in(chromium: Browser, live_server: Any) -> Iterator[LetIn]:
    """Gives a person a browser of their own, logged in, whose addresses begin at the site's root. options: of its
    context."""
    contexts: list[BrowserContext] = []

    def logged_in(person: User, **options: Any) -> BrowserContext:
        client = Client()
        client.force_login(person)
        context = chromium.new_context(base_url=live_server.url,
                                       **{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        contexts.append(context)
        return context

    yield logged_in
    for context in contexts:
        leave(context)
