"""How a browser is left after a test."""

from playwright.sync_api import BrowserContext


def leave(context: BrowserContext) -> None:
    """Close it when nothing is under way in it any more: Chromium was seen never to answer a browser's end that came
    while one of its pages was still going somewhere, and a close has no time limit. Going away from a page has."""
    for page in context.pages:
        page.goto("about:blank")
    context.close()
