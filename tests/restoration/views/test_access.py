"""Who gets what: the archive's people see the work, each does their own part, a rights holder sees deliveries alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import Agent, User
from archive.vocabularies import Role
from restoration.models import Delivery, Version
from restoration.vocabularies import DeliveryState, Verdict
from tests.factories import AgentFactory, UserFactory
from tests.restoration.factories import (
    ClipFactory,
    DeliveryFactory,
    DeliveryItemFactory,
    InspectionFactory,
    ReviewFactory,
    RunFactory,
    VersionFactory,
    WeightsFactory,
)

pytestmark = pytest.mark.django_db

STAFF = {Role.ARCHIVIST, Role.RESTORER, Role.REVIEWER, Role.ADMINISTRATOR}
RESTORERS = {Role.RESTORER, Role.ADMINISTRATOR}
ANALYSERS = {Role.ARCHIVIST, Role.RESTORER, Role.ADMINISTRATOR}
REVIEWERS = {Role.REVIEWER, Role.ADMINISTRATOR}
DELIVERERS = {Role.ARCHIVIST, Role.ADMINISTRATOR}

PAGES: list[tuple[str, Callable[[Version, Delivery], Any], set[Role]]] = [
    ("restoration-home", lambda version, delivery: [], STAFF),
    ("networks", lambda version, delivery: [], STAFF),
    ("network", lambda version, delivery: [WeightsFactory().pk], STAFF),
    ("inspection", lambda version, delivery: [InspectionFactory().pk], RESTORERS),
    ("analysis", lambda version, delivery: [version.analysis_id], STAFF),
    ("analysis-progress", lambda version, delivery: [version.analysis_id], STAFF),
    ("adaptation-progress", lambda version, delivery: [version.analysis_id], STAFF),
    ("analysis-report", lambda version, delivery: [version.analysis_id], STAFF),
    ("version-propose", lambda version, delivery: [version.analysis_id], RESTORERS),
    ("version", lambda version, delivery: [version.pk], STAFF),
    ("contact-sheet", lambda version, delivery: [version.pk], STAFF),
    ("clips", lambda version, delivery: [version.pk], STAFF),
    ("clip-progress", lambda version, delivery: [version.clips.get().pk], STAFF),
    ("run", lambda version, delivery: [version.runs.get().pk], STAFF),
    ("run-progress", lambda version, delivery: [version.runs.get().pk], STAFF),
    ("review-inbox", lambda version, delivery: [], STAFF),
    ("trials", lambda version, delivery: [], STAFF),
    ("trial-new", lambda version, delivery: [version.pk], RESTORERS | REVIEWERS),
    ("notices", lambda version, delivery: [], STAFF),
    ("approval-policies", lambda version, delivery: [], STAFF),
    ("approval-policy", lambda version, delivery: [version.asset.collection_id], {Role.ADMINISTRATOR}),
    ("review", lambda version, delivery: [version.pk], STAFF),
    ("review-approve", lambda version, delivery: [version.pk], REVIEWERS),
    ("review-reject", lambda version, delivery: [version.pk], REVIEWERS),
    ("review-abstain", lambda version, delivery: [version.pk], REVIEWERS),
    ("delivery-new", lambda version, delivery: [version.pk], DELIVERERS),
    ("delivery", lambda version, delivery: [delivery.pk], STAFF),
]
DEEDS: list[tuple[str, Callable[[Version, Delivery], Any], set[Role]]] = [
    ("analysis-new", lambda version, delivery: [version.source_id], ANALYSERS),
    ("analysis-cancel", lambda version, delivery: [version.analysis_id], ANALYSERS),
    ("analysis-again", lambda version, delivery: [version.analysis_id], ANALYSERS),
    ("network-withdraw", lambda version, delivery: [WeightsFactory().pk], RESTORERS),
    ("inspection-cancel", lambda version, delivery: [InspectionFactory().pk], RESTORERS),
    ("network-offer", lambda version, delivery: [WeightsFactory().pk], RESTORERS),
    ("adaptation-new", lambda version, delivery: [version.analysis_id], RESTORERS),
    ("run-new", lambda version, delivery: [version.pk], RESTORERS),
    ("run-cancel", lambda version, delivery: [version.runs.get().pk], RESTORERS),
    ("run-resume", lambda version, delivery: [version.runs.get().pk], RESTORERS),
    ("clip-cancel", lambda version, delivery: [version.clips.get().pk], STAFF),
    ("clip-again", lambda version, delivery: [version.clips.get().pk], STAFF),
    ("clip-remove", lambda version, delivery: [version.clips.get().pk], STAFF),
    ("delivery-package", lambda version, delivery: [delivery.pk], DELIVERERS),
    ("delivery-release", lambda version, delivery: [delivery.pk], DELIVERERS),
    ("delivery-revoke", lambda version, delivery: [delivery.pk], DELIVERERS),
]


@pytest.fixture
def version() -> Version:
    made: Version = VersionFactory(made=True)
    RunFactory(version=made)
    ClipFactory(version=made)
    return made


@pytest.fixture
def delivery(harbour: Agent) -> Delivery:
    made: Delivery = DeliveryFactory(recipient=harbour)
    DeliveryItemFactory(delivery=made)
    Delivery.objects.filter(pk=made.pk).update(state=DeliveryState.RELEASED)
    return made


def person(role: Role) -> User:
    made: User = UserFactory(role=role)
    return made


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize(("name", "arguments", "allowed"), PAGES, ids=[page[0] for page in PAGES])
def test_a_colleague_sees_the_pages_of_their_role_and_is_told_of_the_others(
    name: str, arguments: Any, allowed: set[Role], role: Role, version: Version, delivery: Delivery,
) -> None:
    answer = browser_of(person(role)).get(reverse(name, args=arguments(version, delivery)))
    assert answer.status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize(("name", "arguments", "allowed"), DEEDS, ids=[deed[0] for deed in DEEDS])
def test_a_colleague_does_only_what_their_role_does(
    name: str, arguments: Any, allowed: set[Role], role: Role, version: Version, delivery: Delivery,
) -> None:
    answer = browser_of(person(role)).post(reverse(name, args=arguments(version, delivery)))
    assert answer.status_code == (302 if role in allowed else 403)


@pytest.mark.parametrize(("name", "arguments"), [each[:2] for each in PAGES + DEEDS],
                         ids=[each[0] for each in PAGES + DEEDS])
def test_a_rights_holder_of_another_organisation_gets_404_for_everything(
    name: str, arguments: Any, version: Version, delivery: Delivery,
) -> None:
    stranger = UserFactory(role=Role.RIGHTS_HOLDER, organisation=AgentFactory(kind="organisation"))
    address = reverse(name, args=arguments(version, delivery))
    client = browser_of(stranger)
    answer = client.post(address) if any(name == deed[0] for deed in DEEDS) else client.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["pair-reel", "still", "clip-file"])
def test_neither_reel_nor_still_nor_clip_is_a_rights_holders(name: str, version: Version, henri: User) -> None:
    arguments = {"pair-reel": [version.pk], "still": [version.pk, 0], "clip-file": [version.clips.get().pk]}[name]
    assert browser_of(henri).get(reverse(name, args=arguments)).status_code == 404


def test_a_stranger_downloads_nothing(delivery: Delivery) -> None:
    stranger = UserFactory(role=Role.RIGHTS_HOLDER, organisation=AgentFactory(kind="organisation"))
    item = delivery.items.get()
    assert browser_of(stranger).get(reverse("delivery-item", args=[item.pk])).status_code == 404
    assert browser_of(stranger).post(reverse("delivery-accept", args=[delivery.pk])).status_code == 404


def test_who_is_not_logged_in_is_asked_to(client: Client, version: Version) -> None:
    answer = client.get(reverse("review", args=[version.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_a_decided_version_is_shown_with_its_decision_and_without_the_forms(rosa: User) -> None:
    review = ReviewFactory(decision=Verdict.REJECTED, reason="Too smooth in shot 4.")
    page = browser_of(rosa).get(reverse("review", args=[review.version_id])).content.decode()
    assert "Too smooth in shot 4." in page
    assert 'data-dialog="approve"' not in page
