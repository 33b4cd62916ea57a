"""What the pages say and how much they ask of the database."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.models import Analysis, Run
from restoration.vocabularies import Verdict, VersionState, WorkState
from tests.restoration.factories import AnalysisFactory, DeliveryFactory, ReviewFactory, RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def olgas(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def fill(times: int) -> None:
    for _ in range(times):
        RunFactory(begun=True, shots=((0, 40), (40, 100)))
        RunFactory(version=VersionFactory(), state=WorkState.FINISHED)
        AnalysisFactory()
        AnalysisFactory(state=WorkState.RUNNING, report=None)
        AnalysisFactory(state=WorkState.FAILED, report=None, error_text="It cannot be read.")
        VersionFactory(made=True)
        ReviewFactory(decision=Verdict.REJECTED, reason="Too smooth.")
        DeliveryFactory()


def queries(count: Any, client: Client, address: str) -> int:
    with count() as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["restoration-home", "review-inbox", "deliveries"])
def test_a_list_asks_the_same_number_of_questions_however_long_it_is(
    name: str, olgas: Client, django_assert_max_num_queries: Any,
) -> None:
    def count() -> Any:
        return django_assert_max_num_queries(24)

    fill(1)
    few = queries(count, olgas, reverse(name))
    fill(4)
    assert queries(count, olgas, reverse(name)) == few


def test_the_bench_shows_what_the_reviewer_wrote(olgas: Client) -> None:
    ReviewFactory(decision=Verdict.REJECTED, reason="The sequins shimmer in shot 9.")
    assert "The sequins shimmer in shot 9." in olgas.get(reverse("restoration-home")).content.decode()


def test_a_rejection_that_was_answered_leaves_the_bench(olgas: Client) -> None:
    review = ReviewFactory(decision=Verdict.REJECTED, reason="The sequins shimmer in shot 9.")
    VersionFactory(analysis=review.version.analysis)
    assert "The sequins" not in olgas.get(reverse("restoration-home")).content.decode()


def test_a_running_analysis_asks_again_and_a_finished_one_does_not(olgas: Client) -> None:
    analysis: Analysis = AnalysisFactory(state=WorkState.RUNNING, report=None, frames_done=4, frames_total=10)
    address = reverse("analysis-progress", args=[analysis.pk])
    assert f'hx-get="{address}"' in olgas.get(address).content.decode()
    Analysis.objects.filter(pk=analysis.pk).update(state=WorkState.FAILED, error_text="It cannot be read.")
    ended = olgas.get(address)
    assert "hx-get" not in ended.content.decode()
    assert ended["HX-Refresh"] == "true"


def test_a_failed_analysis_says_its_sentence_and_can_be_repeated(olgas: Client) -> None:
    analysis = AnalysisFactory(state=WorkState.FAILED, report=None, error_text="“{name}” cannot be read.",
                               error_values={"name": "tape.mov"})
    page = olgas.get(reverse("analysis", args=[analysis.pk])).content.decode()
    assert "“tape.mov” cannot be read." in page
    assert reverse("analysis-again", args=[analysis.pk]) in page


def test_an_analysis_shows_shots_reasons_and_timecodes(olgas: Client) -> None:
    page = olgas.get(reverse("analysis", args=[AnalysisFactory().pk])).content.decode()
    for words in ("The top field comes first in 99 % of the picture.", "01:00:01:10", "Noise", "top field first",
                  "30000/1001"):
        assert words in page


def test_a_run_is_watched_until_it_ends(olgas: Client) -> None:
    run = RunFactory(begun=True, shots=((0, 40), (40, 100)))
    run.shots.filter(index=0).update(state=WorkState.FINISHED, frames_done=40)
    address = reverse("run-progress", args=[run.pk])
    page = olgas.get(address).content.decode()
    assert f'hx-get="{address}"' in page
    assert 'value="40"' in page
    Run.objects.filter(pk=run.pk).update(state=WorkState.LOST)
    page = olgas.get(address).content.decode()
    assert "hx-get" not in page
    assert reverse("run-resume", args=[run.pk]) in page


def test_a_rejection_without_a_reason_comes_back_with_the_sentence(client: Client, rosa: User) -> None:
    version = VersionFactory(made=True)
    client.force_login(rosa)
    answer = client.post(reverse("review-reject", args=[version.pk]),
                         {"master_sha256": version.master.sha256, "reason": "  "})
    assert answer.status_code == 422
    assert "A rejection needs a reason." in answer.content.decode()
    version.refresh_from_db()
    assert version.state == VersionState.TO_REVIEW


def test_a_decision_about_other_bytes_is_refused(client: Client, rosa: User) -> None:
    version = VersionFactory(made=True)
    client.force_login(rosa)
    answer = client.post(reverse("review-approve", args=[version.pk]), {"master_sha256": "0" * 64}, follow=True)
    assert "The file has changed since you opened this page." in answer.content.decode()
    version.refresh_from_db()
    assert version.state == VersionState.TO_REVIEW


def test_an_approval_is_bound_to_the_master_that_was_shown(client: Client, rosa: User) -> None:
    version = VersionFactory(made=True)
    client.force_login(rosa)
    client.post(reverse("review-approve", args=[version.pk]), {"master_sha256": version.master.sha256})
    assert version.reviews.get().master_sha256 == version.master.sha256


def test_nobody_is_offered_to_judge_their_own_version(client: Client, olga: User) -> None:
    version = VersionFactory(made=True, by=olga)
    client.force_login(olga)
    for name in ("review", "review-approve"):
        page = client.get(reverse(name, args=[version.pk])).content.decode()
        assert "You proposed this version; somebody else judges it." in page
        assert 'name="reason"' not in page
