"""Stages, quorum, veto, and whose approval is not enough."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from archive.models import Agent, User
from archive.vocabularies import Role
from restoration.actions import approval, reviews
from restoration.models import Delivery, Review, Version
from restoration.vocabularies import VersionState
from tests.factories import CollectionFactory, UserFactory
from tests.restoration.factories import PolicyFactory, RunFactory, VersionFactory

pytestmark = pytest.mark.django_db

Judge = Callable[..., Review]


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


@pytest.fixture
def judge(version: Version) -> Judge:
    def decide(by: User, decision: str = "approved", reason: str = "Because.") -> Review:
        version.refresh_from_db()
        return reviews.decide(version, by=by, decision=decision, reason=reason, master_sha256=version.master.sha256)

    return decide


@pytest.fixture
def remy() -> User:
    return UserFactory(username="remy", role=Role.REVIEWER)


def rules(version: Version, *stages: tuple[object, ...]) -> None:
    PolicyFactory(collection=version.asset.collection, stages=stages)


def test_as_many_approve_as_the_rules_ask(version: Version, judge: Judge, rosa: User, remy: User) -> None:
    rules(version, (Role.REVIEWER, 2))
    judge(rosa)
    assert version.state == VersionState.TO_REVIEW
    with pytest.raises(ValidationError, match="You have decided"):
        judge(rosa)
    judge(remy, "approved_with_notes")
    assert version.state == VersionState.APPROVED


def test_an_abstention_counts_for_nothing(version: Version, judge: Judge, rosa: User, remy: User) -> None:
    judge(rosa, "abstained")
    assert version.state == VersionState.TO_REVIEW
    judge(remy)
    assert version.state == VersionState.APPROVED


def test_stages_come_in_their_order(version: Version, judge: Judge, rosa: User, ada: User) -> None:
    rules(version, (Role.REVIEWER, 1), (Role.ARCHIVIST, 1))
    with pytest.raises(PermissionDenied):
        judge(ada)
    judge(rosa)
    assert version.state == VersionState.TO_REVIEW
    assert judge(ada).stage == 2
    assert version.state == VersionState.APPROVED


def test_one_veto_ends_it(version: Version, judge: Judge, rosa: User, remy: User, olga: User) -> None:
    rules(version, (Role.REVIEWER, 2))
    judge(rosa)
    judge(remy, "rejected")
    assert version.state == VersionState.REJECTED
    with pytest.raises(ValidationError, match="Remy has decided already: Rejected"):
        judge(olga)


def test_without_a_veto_it_takes_as_many_to_reject(
    version: Version, judge: Judge, rosa: User, remy: User, olga: User,
) -> None:
    rules(version, (Role.REVIEWER, 2, False))
    judge(rosa, "rejected")
    judge(remy)
    assert version.state == VersionState.TO_REVIEW
    judge(olga, "rejected")
    assert version.state == VersionState.REJECTED


def test_who_ran_it_is_not_enough_alone(version: Version, judge: Judge, olga: User, rosa: User) -> None:
    RunFactory(version=version, by=olga)
    judge(olga)
    assert version.state == VersionState.TO_REVIEW
    assert approval.standing_of(version).needs_another
    judge(rosa)
    assert version.state == VersionState.APPROVED


def test_the_database_delivers_nothing_that_the_rules_do_not_approve(
    version: Version, judge: Judge, rosa: User, remy: User, ada: User, harbour: Agent,
) -> None:
    rules(version, (Role.REVIEWER, 2))
    judge(rosa)
    Version.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    with pytest.raises(IntegrityError, match="only an approved version"), transaction.atomic():
        Delivery.objects.create(version=version, recipient=harbour, terms="Once.", by=ada)
    Version.objects.filter(pk=version.pk).update(state=VersionState.TO_REVIEW)
    judge(remy)
    Delivery.objects.create(version=version, recipient=harbour, terms="Once.", by=ada)


def test_new_bytes_void_what_was_decided(version: Version, judge: Judge, rosa: User, ada: User, harbour: Agent) -> None:
    judge(rosa)
    Version.objects.filter(pk=version.pk).update(pair_reel_sha256="cd" * 32)
    version.refresh_from_db()
    assert version.state == VersionState.TO_REVIEW
    assert approval.counting(version, version.reviews.all()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(version=version, recipient=harbour, terms="Once.", by=ada)
    with pytest.raises(ValidationError, match="changed since you opened"):
        reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256,
                       pair_reel_sha256="ab" * 32)
    judge(rosa)
    assert version.state == VersionState.APPROVED


def test_the_rules_that_held_at_the_first_decision_hold_to_the_end(
    version: Version, judge: Judge, rosa: User, remy: User,
) -> None:
    rules(version, (Role.REVIEWER, 2))
    judge(rosa)
    version.asset.collection.approval_policy.stages.update(quorum=1)
    assert approval.standing_of(version).outcome == VersionState.TO_REVIEW
    judge(remy)
    assert version.state == VersionState.APPROVED


def test_a_collection_without_rules_follows_the_one_around_it() -> None:
    inner = CollectionFactory(parent=CollectionFactory(parent=CollectionFactory()))
    assert approval.Policies().of_collection(inner.pk) == approval.ONE_REVIEWER
    PolicyFactory(collection=inner.parent.parent, stages=((Role.REVIEWER, 3),))
    assert [stage.quorum for stage in approval.Policies().of_collection(inner.pk)] == [3]
