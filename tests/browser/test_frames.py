"""The frame that is asked for is the frame that is shown, at every rate, and both sides are always of one moment."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from archive.models import User
from restoration.models import Version
from tests.browser import reading
from tests.browser.leaving import leave
from tests.restoration.views.rooms import version_with_reel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAMES = 120
RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(60000, 1001)]
WANTED = [(number * 47) % FRAMES for number in range(96)]


@pytest.fixture
def enter(chromium: Browser, live_server: Any, rosa: User) -> Iterator[Any]:
    client = Client()
    client.force_login(rosa)
    # A page so small that the compositor is fast: what is asked here does not depend on it.
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    context.set_default_timeout(90_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()

    def open_room(version: Version, query: str = "") -> Page:
        page.goto(f"{live_server.url}/review/{version.pk}/{query}")
        reading.read(page)
        return page

    yield open_room
    leave(context)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{float(rate):.5g}")
def test_no_seek_shows_another_frame(enter: Any, rate: Fraction) -> None:
    page = enter(version_with_reel(FRAMES, rate, gop=12), "?m=side")
    assert reading.seeks(page, WANTED)["wrong"] == []


def test_no_mode_ever_shows_two_moments_at_once(enter: Any) -> None:
    page = enter(version_with_reel(FRAMES))
    told = reading.plays(page, 0.8)
    assert [found["wrong"] for found in told.values()] == [[]] * len(reading.MODES)
    assert min(found["frames"] for found in told.values()) > 2


def test_two_versions_are_shown_only_where_both_are_of_one_frame(enter: Any) -> None:
    version = version_with_reel(FRAMES)
    other = version_with_reel(FRAMES, gop=12, beside=version)
    page = enter(version, f"?m=side&b={other.pk}")
    assert page.evaluate("() => room.source.videos.length") == 2
    assert reading.seeks(page, WANTED[:30])["wrong"] == []
    told = reading.plays(page, 0.8)
    assert [found["wrong"] for found in told.values()] == [[]] * len(reading.MODES)
    assert sum(found["frames"] for found in told.values()) > 12


DAYS = {30: 2_589_408, 60: 5_178_816}


@pytest.mark.parametrize(("fps", "frames"), DAYS.items())
def test_every_frame_of_a_day_of_drop_frame_survives_its_label(enter: Any, fps: int, frames: int) -> None:
    page = enter(version_with_reel(1))
    assert page.evaluate("""async ([fps, frames]) => {
      const { timecode, frameOfTimecode } = await import('/static/js/player/rate.js');
      const rate = { num: fps * 1000, den: 1001 };
      const isForbidden = (label) => label[4] !== '0' && label[6] === '0' && label[7] === '0' && label[9] === '0'
        && Number(label[10]) < fps / 15;
      let wrong = 0;
      for (let frame = 0; frame < frames; frame++) {
        const label = timecode(frame, rate, 0, true);
        if (isForbidden(label) || frameOfTimecode(label, rate) !== frame) wrong++;
      }
      return wrong;
    }""", [fps, frames]) == 0
