"""No page of restoration shuts anybody out; the archive's own are walked in test_catalogue.py."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from archive.models import Agent, User
from archive.vocabularies import Role
from restoration.actions import assignments, sheet, shots, trials
from restoration.models import BlindTrial, Delivery, Look, Version
from restoration.vocabularies import DeliveryState, Verdict, WorkState
from tests.browser.barriers import barriers
from tests.browser.leaving import leave
from tests.restoration import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en", base_url=live_server.url)
    context.set_default_timeout(20_000)
    # No bytes lie under these rows: a still would be waited for in vain.
    context.route(re.compile(r"\.(png|mp4)"), lambda route: route.abort())
    yield context.new_page()
    leave(context)


@pytest.fixture
def judged(rosa: User) -> Version:
    """Ready for review, with a bad case, a note and what its run changed."""
    version: Version = factories.VersionFactory(made=True, note="Less grain than v0.")
    run = factories.RunFactory(version=version, state=WorkState.FINISHED, shots=((0, 40), (40, 90), (90, 100)))
    run.shots.update(state=WorkState.FINISHED, changes=[
        {"repair": "dropouts", "frames": 3, "share": 0.004, "worst_share": 0.1}])
    shots.judge(version, shot=1, verdict="bad_case", category="lost_grain", words="Where is it?", frame=90, by=rosa)
    factories.AnnotationFactory(version=version, author=rosa)
    return version


@pytest.fixture
def given(harbour: Agent) -> Delivery:
    item = factories.DeliveryItemFactory(delivery__recipient=harbour, delivery__state=DeliveryState.RELEASED)
    delivery: Delivery = item.delivery
    return delivery


def restorers(version: Version, by: User) -> list[str]:
    """The bench and whatever leads away from it, in every state that looks different."""
    work = [factories.AnalysisFactory(), factories.AnalysisFactory(state=WorkState.RUNNING, report=None),
            factories.AnalysisFactory(state=WorkState.FAILED, report=None, error_text="It cannot be read.")]
    runs = [factories.RunFactory(begun=True, shots=((0, 40), (40, 100))), version.runs.get(),
            factories.RunFactory(state=WorkState.FAILED, error_text="The disk is full.")]
    refused = factories.ReviewFactory(decision=Verdict.REJECTED, reason="Too smooth.").version
    planned = factories.VersionFactory()
    network = factories.WeightsFactory(by=by)
    factories.InspectionFactory()
    factories.InspectionFactory(by=by, state=WorkState.FAILED, error_text="It is empty.")
    for state in (WorkState.FINISHED, WorkState.RUNNING, WorkState.FAILED):
        factories.ClipFactory(version=version, state=state, by=by)
    factories.ClipFactory(version=version, master_sha256="0" * 64)
    Look.objects.create(version=version, shot=1, start=40, end=90, frames=[90], by=by,
                        trials=[{"changes": {"noise": {"luma": 0.1}}, "retouch": []}])
    return [
        reverse("restoration-home"), reverse("networks"), reverse("network", args=[network.pk]),
        reverse("version-propose", args=[work[0].pk]),
        *(reverse("analysis", args=[each.pk]) for each in work), *(reverse("run", args=[each.pk]) for each in runs),
        *(reverse("version", args=[each.pk]) for each in (version, refused, planned)),
        reverse("bad-cases"), reverse("bad-case", args=[version.pk, 1]), reverse("clips", args=[version.pk]),
    ]


def reviewers(version: Version, rui: User, rosa: User) -> list[str]:
    """The room with its pictures is looked at in test_review.py; here it has none yet. The last page is refused."""
    other = factories.VersionFactory(made=True, analysis=version.analysis, pair_reel_key="pair-reels/2/reel.mp4")
    blind = trials.open_trial(version, other, question="Whose faces look alive?", frames=[120, 40], by=rui)
    assignments.assign(version, to=rosa, by=rui)
    return [
        "/", reverse("notices"), reverse("review-inbox"), reverse("review", args=[factories.VersionFactory().pk]),
        reverse("trials"), reverse("trial", args=[blind.pk]), reverse("trial-new", args=[version.pk]),
        *(reverse(f"review-{each}", args=[version.pk]) for each in ("approve", "reject", "abstain")),
        reverse("annotations-print", args=[version.pk]), reverse("annotations-bring", args=[version.pk]),
        reverse("contact-sheet", args=[version.pk]), reverse("bad-cases"),
    ]


def archivists(version: Version, delivery: Delivery) -> list[str]:
    return [
        reverse("deliveries"), reverse("delivery", args=[delivery.pk]),
        reverse("delivery-new", args=[version.pk]), reverse("delivery-new", args=[delivery.version.pk]),
        reverse("delivery", args=[factories.DeliveryFactory().pk]),
    ]


def administrators(by: User) -> list[str]:
    """By whom versions are approved, and a trial that has ended."""
    stages = ((Role.REVIEWER, 2), (Role.ARCHIVIST, 1, False))
    collection = factories.PolicyFactory(stages=stages).collection
    blind = BlindTrial.objects.get()
    trials.close(blind, by=by)
    return [reverse("approval-policies"), reverse("approval-policy", args=[collection.pk]),
            reverse("trial", args=[blind.pk])]


def enter_as(page: Page, person: User) -> None:
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}])


def test_no_page_shuts_anybody_out(page: Page, judged: Version, given: Delivery, ada: User, rui: User, rosa: User,
                                   henri: User, olga: User, tmp_path: Path) -> None:
    walk = [(rui, lambda: restorers(judged, rui)), (rosa, lambda: reviewers(judged, rui, rosa)),
            (ada, lambda: archivists(judged, given)), (olga, lambda: administrators(olga)),
            (henri, lambda: [reverse("deliveries"), reverse("delivery", args=[given.pk])])]
    found: dict[str, list[str]] = {}
    for person, addresses in walk:
        enter_as(page, person)
        for address in addresses():
            page.goto(address, wait_until="domcontentloaded")
            found[f"{address} as {person.username}"] = barriers(page)
    handed_out = tmp_path / "sheet.html"
    handed_out.write_text(sheet.render(sheet.facts_of(given, list(given.items.all()))))
    page.goto(handed_out.as_uri())
    found["the sheet"] = barriers(page)
    # Where something broke, a page of its own answers, without what all others are made of.
    broken = render_to_string("500.html", {"reference": "3f9a2c"})
    page.route("**/broken", lambda route: route.fulfill(body=broken, content_type="text/html", status=500))
    page.goto("/broken")
    found["what broke"] = barriers(page)
    page.goto("about:blank")
    assert {where: what for where, what in found.items() if what} == {}
