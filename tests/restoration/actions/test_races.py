"""Several people and workers at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from archive.models import User
from archive.vocabularies import RestorationState, Role
from restoration.actions import decision_chain, reviews, runs, shot_steps, steps, versions
from restoration.actions.failing import Sentence
from restoration.models import Review, Run, Version
from restoration.vocabularies import VersionState, WorkState
from tests.factories import UserFactory
from tests.restoration.factories import AnalysisFactory, PolicyFactory, RunFactory, VersionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each of them got, or the refusal it met."""
    together = threading.Barrier(len(verbs))

    def attempt(verb: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return verb()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(attempt, verbs))


def test_of_eight_workers_that_claim_one_shot_one_wins() -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    claims = at_once(*(lambda name=f"w{n}": shot_steps.claim_shot(run.pk, 0, worker=name) for n in range(8)))
    winners = [shot for shot in claims if shot]
    assert [shot.worker for shot in winners] == [run.shots.get().worker]
    assert run.shots.get().attempts == 1


def test_of_eight_workers_that_would_join_one_run_one_does() -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    run.shots.update(state=WorkState.FINISHED)
    claims = at_once(*(lambda name=f"w{n}": steps.claim_joining(run.pk, worker=name) for n in range(8)))
    assert sum(claim is not None for claim in claims) == 1


def test_when_the_last_shots_finish_together_the_run_is_due_for_joining() -> None:
    run = RunFactory(begun=True, shots=tuple((n, n + 1) for n in range(6)))
    shots = [shot_steps.claim_shot(run.pk, index, worker=f"w{index}") for index in range(6)]
    assert all(at_once(*(lambda shot=shot: shot_steps.finish_shot(shot) for shot in shots)))
    assert [bell.job for bell in steps.due(Run.objects.get(pk=run.pk))] == ["join_run"]


def test_when_the_last_shots_end_together_and_one_failed_the_run_has_failed() -> None:
    run = RunFactory(begun=True, shots=tuple((n, n + 1) for n in range(6)))
    shots = [shot_steps.claim_shot(run.pk, index, worker=f"w{index}") for index in range(6)]
    ends = [lambda shot=shot: shot_steps.finish_shot(shot) for shot in shots[1:]]
    assert all(at_once(*ends, lambda: shot_steps.fail_shot(shots[0], Sentence("It broke."), spares_others=True)))
    ended = Run.objects.get(pk=run.pk)
    assert (ended.state, ended.error) == (WorkState.FAILED, "It broke.")


def test_of_two_reviewers_who_decide_at_once_one_is_counted_and_the_other_told(rosa: User) -> None:
    version = VersionFactory(made=True)
    other = UserFactory(username="remy", role=Role.REVIEWER)
    seen = version.master.sha256
    answers = at_once(
        lambda: reviews.decide(Version.objects.get(pk=version.pk), by=rosa, decision="approved", master_sha256=seen),
        lambda: reviews.decide(Version.objects.get(pk=version.pk), by=other, decision="rejected", reason="Too soft.",
                               master_sha256=seen))
    review = Review.objects.get()
    version.refresh_from_db()
    assert version.state == review.decision
    refusal = next(answer for answer in answers if isinstance(answer, ValidationError))
    assert str(review.reviewer) in refusal.messages[0]


def test_two_reviewers_who_decide_at_once_both_count_once(rosa: User) -> None:
    version = VersionFactory(made=True)
    PolicyFactory(collection=version.asset.collection, stages=((Role.REVIEWER, 2),))
    other = UserFactory(username="remy", role=Role.REVIEWER)
    answers = at_once(*(lambda person=person: reviews.decide(
        Version.objects.get(pk=version.pk), by=person, decision="approved", master_sha256=version.master.sha256)
        for person in (rosa, other, rosa)))
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    assert sorted(version.reviews.values_list("number", "reviewer__username")) in (
        [(1, "rosa"), (2, "remy")], [(1, "remy"), (2, "rosa")])
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert decision_chain.check().faults == ()


def test_decisions_about_different_versions_at_once_make_one_chain() -> None:
    versions_made = [VersionFactory(made=True) for _ in range(4)]
    people = [UserFactory(role=Role.REVIEWER) for _ in versions_made]
    at_once(*(lambda version=version, person=person: reviews.decide(
        version, by=person, decision="approved", master_sha256=version.master.sha256)
        for version, person in zip(versions_made, people, strict=True)))
    checked = decision_chain.check()
    assert (checked.length, checked.faults) == (4, ())


def test_versions_proposed_at_once_get_different_numbers(rui: User) -> None:
    analysis = AnalysisFactory()
    made = at_once(*(lambda: versions.propose(analysis, by=rui) for _ in range(4)))
    assert sorted(version.number for version in made) == [1, 2, 3, 4]


def test_a_version_queued_by_two_at_once_is_made_once(rui: User) -> None:
    version = VersionFactory(by=rui)
    answers = at_once(*(lambda: runs.queue(Version.objects.get(pk=version.pk), by=rui) for _ in range(2)))
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    assert Run.objects.count() == 1


def test_a_cancel_and_a_resume_at_once_wait_for_each_other(rui: User) -> None:
    for _ in range(5):
        run = RunFactory(begun=True, shots=((0, 40),), version__by=rui)
        at_once(lambda run=run: runs.cancel(Run.objects.get(pk=run.pk), by=rui),
                lambda run=run: runs.resume(Run.objects.get(pk=run.pk), by=rui))
        run.refresh_from_db()
        run.version.refresh_from_db()
        assert (run.state, run.version.state) in {(WorkState.CANCELLED, VersionState.PLANNED),
                                                  (WorkState.QUEUED, VersionState.IN_WORK)}


def test_where_an_asset_stands_is_right_after_two_changes_at_once(rui: User) -> None:
    analysis = AnalysisFactory()
    ending = RunFactory(begun=True, version=VersionFactory(analysis=analysis, by=rui, state=VersionState.IN_WORK))
    starting = VersionFactory(analysis=analysis, by=rui)
    at_once(lambda: runs.cancel(Run.objects.get(pk=ending.pk), by=rui),
            lambda: runs.queue(Version.objects.get(pk=starting.pk), by=rui))
    starting.asset.refresh_from_db()
    assert starting.asset.restoration_state == RestorationState.RESTORING


def test_two_stewards_at_once_give_a_lost_shot_back_once() -> None:
    run = RunFactory(begun=True, shots=((0, 40),))
    shot_steps.claim_shot(run.pk, 0, worker="dead")
    assert sum(reaped.given_back for reaped in at_once(*(lambda: runs.reap(worker="dead") for _ in range(4)))) == 1
    assert run.log.filter(text__contains="was lost").count() == 1
