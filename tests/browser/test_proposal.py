"""A proposal in the browser: nothing that was entered is lost on its way, and the page says what it will take."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from archive.models import User
from restoration.engine.settings import Override
from restoration.models import Analysis, Version
from tests.browser.conftest import LetIn
from tests.restoration.factories import RECOMMENDED, AnalysisFactory, VersionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEIGHT = "[name='upscale.height']"


@pytest.fixture
def address() -> str:
    return reverse("version-propose", args=[AnalysisFactory().pk])


@pytest.fixture
def proposal(let_in: LetIn, rui: User, address: str) -> Iterator[Page]:
    page = let_in(rui).new_page()
    page.goto(address)
    yield page


def propose(page: Page) -> None:
    page.get_by_role("button", name="Propose this version").click()


def test_how_long_it_takes_follows_the_form(proposal: Page) -> None:
    told = proposal.locator("#how-long")
    expect(told).to_contain_text("Making it takes about")
    before = told.inner_text()
    proposal.locator("[name='upscale.method']").select_option("large")
    expect(told).not_to_have_text(before)
    expect(told).to_contain_text("Making it takes about")


def test_a_number_that_cannot_be_read_is_not_taken_for_none(proposal: Page) -> None:
    proposal.locator(HEIGHT).fill("")
    proposal.locator(HEIGHT).press_sequentially("21e")
    propose(proposal)
    expect(proposal.locator(HEIGHT)).to_be_focused()
    assert not Version.objects.exists()


def propose_in_vain(page: Page) -> None:
    """After the session has ended; then somebody logs in again."""
    held = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    propose(page)
    expect(page).to_have_url(re.compile("/log-in"))
    page.context.add_cookies([cookie for cookie in held if cookie["name"] == "sessionid"])


def test_what_was_sent_after_the_session_had_ended_can_be_brought_back(proposal: Page, address: str) -> None:
    proposal.locator(HEIGHT).fill("1440")
    proposal.locator("[name=note]").fill("Less, for the web.")
    propose_in_vain(proposal)
    proposal.goto(address)
    proposal.get_by_role("button", name="Bring it back").click()
    expect(proposal.locator(HEIGHT)).to_have_value("1440")
    propose(proposal)
    expect(proposal).to_have_url(re.compile("/versions/"))
    version = Version.objects.get()
    assert (version.settings["upscale"]["height"], version.note) == (1440, "Less, for the web.")
    proposal.goto(address)
    expect(proposal.get_by_role("button", name="Bring it back")).to_be_hidden()


def test_what_began_from_a_version_is_brought_back_where_its_exceptions_are(proposal: Page, address: str) -> None:
    like = a_version_with_an_exception()
    proposal.goto(f"{address}?like={like.pk}")
    proposal.locator(HEIGHT).fill("1440")
    propose_in_vain(proposal)
    proposal.goto(address)
    expect(proposal.get_by_role("button", name="Bring it back")).to_be_hidden()
    proposal.goto(f"{address}?like={like.pk}")
    proposal.get_by_role("button", name="Bring it back").click()
    propose(proposal)
    expect(proposal).to_have_url(re.compile("/versions/"))
    made = Version.objects.exclude(pk=like.pk).get()
    assert (made.settings["upscale"]["height"], made.settings["overrides"]) == (1440, like.settings["overrides"])


def test_what_began_from_no_version_gets_no_exceptions_of_one(proposal: Page, address: str) -> None:
    like = a_version_with_an_exception()
    proposal.locator(HEIGHT).fill("1440")
    propose_in_vain(proposal)
    proposal.goto(f"{address}?like={like.pk}")
    expect(proposal.get_by_role("button", name="Bring it back")).to_be_hidden()
    proposal.goto(address)
    expect(proposal.get_by_role("button", name="Bring it back")).to_be_visible()


def a_version_with_an_exception() -> Version:
    return VersionFactory(analysis=Analysis.objects.get(), settings=RECOMMENDED.model_copy(update={
        "overrides": (Override(start=40, end=90, changes={"noise": {"luma": 0.9}}),)}).model_dump(mode="json"))


def test_a_section_that_is_turned_on_is_no_longer_called_left_alone(proposal: Page) -> None:
    section = proposal.locator("details", has=proposal.locator("[name='depth.enabled']"))
    section.locator("summary").click()
    expect(section.get_by_text("left alone")).to_be_visible()
    section.locator("[name='depth.enabled']").check()
    expect(section.get_by_text("left alone")).to_be_hidden()
