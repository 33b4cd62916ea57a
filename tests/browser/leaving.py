"""How a browser is left after a test."""

from playwright.sync_api import BrowserContext


def leave(context: BrowserContext) -> None:
    """Close it when nothing is under way in it any more. A close has no time limit, and twice a test never came back
    from one whose last page was still going somewhere. Going away from a page has a limit."""
    for page in context.pages:
        page.goto("about:blank")
    context.close()
