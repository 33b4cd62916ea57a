"""Every decision is a link; whoever changes one is found, whatever they do to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from archive.models import User
from restoration.actions import decision_chain, reviews
from restoration.models import Review, ReviewChain
from tests.restoration.factories import VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def decisions(rosa: User) -> list[Review]:
    made = []
    for words in ("Good. 很好", "“Fine”", "Soft, but true."):
        version = VersionFactory(made=True)
        made.append(reviews.decide(version, by=rosa, decision="approved", reason=words,
                                   watched={"seen": 812, "modes": ["wipe"]}, master_sha256=version.master.sha256))
    return made


@contextmanager
def hands_on_the_database() -> Iterator[None]:
    """Somebody who may switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def check(capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says; it ends with 1 where something is wrong."""
    try:
        call_command("checkdecisions")
    except SystemExit as ended:
        assert ended.code == 1
        return capsys.readouterr().err
    return capsys.readouterr().out


def test_decisions_that_nobody_touched_are_good(
    decisions: list[Review], capsys: pytest.CaptureFixture[str],
) -> None:
    assert [review.number for review in decisions] == [1, 2, 3]
    assert [review.prev_hash for review in decisions] == ["", decisions[0].hash, decisions[1].hash]
    assert check(capsys) == f"3 decisions, unchanged. The last one: {decisions[2].hash}\n"


@pytest.mark.parametrize("changes", [
    {"decision": "rejected"}, {"reason": "Good."}, {"watched": {"seen": 1000}}, {"stage": 2}, {"stages": []},
    {"master_sha256": "0" * 64}, {"pair_reel_sha256": "0" * 64}])
def test_a_changed_decision_is_found_and_named(
    decisions: list[Review], changes: dict[str, object], capsys: pytest.CaptureFixture[str],
) -> None:
    with hands_on_the_database():
        Review.objects.filter(pk=decisions[1].pk).update(**changes)
    number = decisions[1].version.asset.accession_number
    assert check(capsys) == f"Decision 2 (v1 of {number}, by Rosa) says something else than when it was made.\n"


def test_a_change_that_was_sealed_again_does_not_fit_its_neighbours(
    decisions: list[Review], capsys: pytest.CaptureFixture[str],
) -> None:
    forged = Review.objects.get(pk=decisions[1].pk)
    forged.reason = "Excellent."
    with hands_on_the_database():
        Review.objects.filter(pk=forged.pk).update(reason=forged.reason, hash=decision_chain.hash_of(forged))
    said = check(capsys)
    assert "Decision 2" in said and "differs from what provenance recorded" in said
    assert "Decision 3" in said and "does not follow" in said


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_decision_that_was_taken_away_is_missed(
    decisions: list[Review], gone: int, capsys: pytest.CaptureFixture[str],
) -> None:
    with hands_on_the_database():
        Review.objects.filter(pk=decisions[gone].pk).delete()
    said = check(capsys)
    assert ("The chain ends at decision 2, but 3 were made." if gone == 2 else "something is missing") in said


def test_the_database_refuses_what_does_not_follow(decisions: list[Review], rosa: User) -> None:
    version = VersionFactory(made=True)
    stray = Review(version=version, reviewer=rosa, decision="approved", master_sha256=version.master.sha256,
                   pair_reel_sha256=version.pair_reel_sha256, number=4, prev_hash="0" * 64, hash="1" * 64)
    with pytest.raises(IntegrityError, match="follows the last one"), transaction.atomic():
        stray.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewChain.objects.update(length=0, head="")
