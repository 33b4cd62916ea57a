import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404

from archive.models import ProvenanceEvent, User
from archive.vocabularies import RestorationState
from restoration.actions import decision_chain, reviews
from restoration.models import Notice, Review, Version
from restoration.vocabularies import VersionState
from tests.restoration.factories import ReviewFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


def test_an_approval_is_bound_to_the_bytes_that_were_seen(rosa: User, version: Version) -> None:
    review = reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    version.asset.refresh_from_db()
    assert version.state == VersionState.APPROVED
    assert version.asset.restoration_state == RestorationState.APPROVED
    assert (review.master_sha256, review.pair_reel_sha256) == (version.master.sha256, version.pair_reel_sha256)
    assert ProvenanceEvent.objects.get(type="approved").facts["master_sha256"] == version.master.sha256


def test_a_rejection_says_why(rosa: User, version: Version) -> None:
    with pytest.raises(ValidationError) as refusal:
        reviews.decide(version, by=rosa, decision="rejected", reason=" \n", master_sha256=version.master.sha256)
    assert "reason" in refusal.value.message_dict
    reviews.decide(version, by=rosa, decision="rejected", reason="Waxy faces.", master_sha256=version.master.sha256)
    assert version.state == VersionState.REJECTED
    assert ProvenanceEvent.objects.get(type="rejected").facts["reason"] == "Waxy faces."


def test_who_saw_other_bytes_is_sent_back_to_look_again(rosa: User, version: Version) -> None:
    with pytest.raises(ValidationError, match="changed since you opened"):
        reviews.decide(version, by=rosa, decision="approved", master_sha256="0" * 64)
    assert not Review.objects.exists()


def test_a_second_decision_is_refused_and_names_who_decided(rosa: User, olga: User, version: Version) -> None:
    reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
    with pytest.raises(ValidationError) as refusal:
        reviews.decide(version, by=olga, decision="rejected", reason="No.", master_sha256=version.master.sha256)
    assert refusal.value.messages == ["Rosa has decided already: Approved."]
    assert Review.objects.count() == 1


def test_nobody_judges_their_own_version(olga: User) -> None:
    version = VersionFactory(made=True, by=olga)
    with pytest.raises(PermissionDenied, match="somebody else"):
        reviews.decide(version, by=olga, decision="approved", master_sha256=version.master.sha256)


def test_a_version_without_master_is_not_ready(rosa: User) -> None:
    with pytest.raises(ValidationError, match="not ready"):
        reviews.decide(VersionFactory(), by=rosa, decision="approved", master_sha256="0" * 64)


def test_deciding_is_for_reviewers(rui: User, henri: User, version: Version) -> None:
    with pytest.raises(PermissionDenied):
        reviews.decide(version, by=rui, decision="approved", master_sha256=version.master.sha256)
    with pytest.raises(Http404):
        reviews.decide(version, by=henri, decision="approved", master_sha256=version.master.sha256)


def test_neither_approve_nor_reject_is_no_decision(rosa: User, version: Version) -> None:
    with pytest.raises(ValidationError):
        reviews.decide(version, by=rosa, decision="maybe", master_sha256=version.master.sha256)


def test_the_database_refuses_a_review_of_other_bytes(version: Version) -> None:
    with pytest.raises(IntegrityError, match="names the SHA-256"), transaction.atomic():
        ReviewFactory(version=version, master_sha256="0" * 64)


def test_the_database_refuses_to_change_or_delete_a_decision() -> None:
    review = ReviewFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(decision="rejected", reason="changed my mind")
    with pytest.raises(IntegrityError), transaction.atomic():
        review.delete()


def test_the_database_refuses_a_judgement_of_ones_own_version(olga: User) -> None:
    version = VersionFactory(made=True, by=olga)
    with pytest.raises(IntegrityError, match="nobody judges a version of their own"), transaction.atomic():
        ReviewFactory(version=version, reviewer=olga)
    assert not Review.objects.exists()


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_the_database_refuses_to_judge_what_is_decided(olga: User, version: Version, decision: str) -> None:
    first = ReviewFactory(version=version)
    for reviewer in (first.reviewer, olga):
        with pytest.raises(IntegrityError, match="only a version that waits"), transaction.atomic():
            ReviewFactory(version=version, reviewer=reviewer, decision=decision, reason="Changed our mind.")
    assert Review.objects.get() == first


def test_the_database_counts_a_person_once(version: Version) -> None:
    first = ReviewFactory(version=version)
    Version.objects.filter(pk=version.pk).update(state=VersionState.TO_REVIEW)
    with pytest.raises(IntegrityError, match="one_decision_per_person_and_bytes"), transaction.atomic():
        ReviewFactory(version=version, reviewer=first.reviewer)


def test_an_approval_with_notes_has_notes_and_approves(rosa: User, version: Version) -> None:
    seen = version.master.sha256
    with pytest.raises(ValidationError, match="Write the notes"):
        reviews.decide(version, by=rosa, decision="approved_with_notes", master_sha256=seen)
    reviews.decide(version, by=rosa, decision="approved_with_notes", reason="Shot 3 is soft.", master_sha256=seen)
    assert version.state == VersionState.APPROVED


def test_who_proposed_a_version_is_told_how_it_ended(rosa: User, version: Version) -> None:
    reviews.decide(version, by=rosa, decision="rejected", reason="Waxy faces.", master_sha256=version.master.sha256)
    notice = Notice.objects.get(user=version.by)
    assert (notice.values["person"], notice.values["reason"]) == ("Rosa", "Waxy faces.")


@pytest.mark.django_db(transaction=True)
def test_the_rules_of_decisions_can_be_taken_back_and_given_again(olga: User) -> None:
    version = VersionFactory(made=True, by=olga)
    ReviewFactory(reason="Good, 很好。")
    try:
        call_command("migrate", "restoration", "0003", verbosity=0)
    finally:
        call_command("migrate", "restoration", verbosity=0)
    assert decision_chain.check() == decision_chain.Checked(1, Review.objects.get().hash, ())
    with pytest.raises(IntegrityError, match="nobody judges"), transaction.atomic():
        ReviewFactory(version=version, reviewer=olga)
