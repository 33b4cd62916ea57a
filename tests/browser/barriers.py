"""What axe-core holds against a page that stands in the browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def barriers(page: Page) -> list[str]:
    """Each as the rule's name and the markup that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:300]} ({', '.join(map(str, node['target']))})"
            for each in found for node in each["nodes"]]
