from typing import Any

import django_rq
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from archive.models import MediaFile, ProvenanceEvent, User
from archive.vocabularies import Outcome, RestorationState
from restoration.actions import analyses
from restoration.actions.bell import ringing
from restoration.actions.failing import Sentence
from restoration.engine.progress import Progress
from restoration.vocabularies import WorkState
from tests.factories import MediaFileFactory, TrackFactory
from tests.restoration.factories import AnalysisFactory, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def tape() -> MediaFile:
    return TrackFactory().media_file


def test_queueing_rings_once_the_transaction_is_committed(ada: User, tape: MediaFile,
                                                              django_capture_on_commit_callbacks: Any) -> None:
    django_rq.get_connection("high").flushall()
    with django_capture_on_commit_callbacks(execute=True):
        analysis = analyses.queue(tape, by=ada)
        assert ringing() == set()
    assert ringing() == {f"analysis-{analysis.pk}-attempt-1"}


def test_a_file_is_analysed_once_at_a_time(ada: User, tape: MediaFile) -> None:
    analyses.queue(tape, by=ada)
    with pytest.raises(ValidationError, match="already being analysed"):
        analyses.queue(tape, by=ada)


def test_a_file_without_picture_is_refused(ada: User) -> None:
    with pytest.raises(ValidationError, match="no picture"):
        analyses.queue(MediaFileFactory(), by=ada)


def test_a_rights_holder_learns_nothing_and_a_reviewer_is_told(henri: User, rosa: User, tape: MediaFile) -> None:
    with pytest.raises(Http404):
        analyses.queue(tape, by=henri)
    with pytest.raises(PermissionDenied):
        analyses.queue(tape, by=rosa)


def test_of_two_workers_that_hear_the_bell_one_goes_home(ada: User, tape: MediaFile) -> None:
    analysis = analyses.queue(tape, by=ada)
    assert analyses.claim(analysis.pk, worker="one") is not None
    assert analyses.claim(analysis.pk, worker="two") is None


def test_what_was_found_is_kept_and_the_asset_is_analysed(ada: User, tape: MediaFile) -> None:
    analysis = analyses.claim(analyses.queue(tape, by=ada).pk, worker="one")
    assert analyses.finish(analysis, report())
    analysis.refresh_from_db()
    assert (analysis.state, analysis.report) == (WorkState.FINISHED, report().model_dump(mode="json"))
    asset = tape.instantiation.asset
    asset.refresh_from_db()
    assert asset.restoration_state == RestorationState.ANALYSED
    event = ProvenanceEvent.objects.get(type="analysed")
    assert (event.by, event.facts["shots"], event.outcome) == (ada, 3, Outcome.SUCCESS)


def test_a_cancelled_analysis_is_no_longer_its_workers(ada: User, tape: MediaFile) -> None:
    analysis = analyses.claim(analyses.queue(tape, by=ada).pk, worker="one")
    assert analyses.beat(analysis, Progress("analyse", 5, 10))
    analyses.cancel(analysis, by=ada)
    stale = analyses.claim(analysis.pk, worker="two")
    assert stale is None
    analysis.worker = "one"
    assert not analyses.beat(analysis, None)
    assert not analyses.finish(analysis, report())
    analysis.refresh_from_db()
    assert (analysis.state, analysis.report) == (WorkState.CANCELLED, None)


def test_a_failed_analysis_says_why_and_can_be_queued_again(ada: User, tape: MediaFile) -> None:
    analysis = analyses.claim(analyses.queue(tape, by=ada).pk, worker="one")
    analyses.fail(analysis, Sentence("“{name}” has no picture.", {"name": "a {brace}.mov"}))
    analysis.refresh_from_db()
    assert (analysis.state, analysis.error) == (WorkState.FAILED, "“a {brace}.mov” has no picture.")
    analyses.resume(analysis, by=ada)
    assert (analysis.state, analysis.error) == (WorkState.QUEUED, "")


def test_only_what_failed_or_was_cancelled_can_be_queued_again(ada: User) -> None:
    with pytest.raises(ValidationError):
        analyses.resume(AnalysisFactory(), by=ada)


def test_an_interrupted_analysis_waits_again_without_counting_the_attempt(ada: User, tape: MediaFile) -> None:
    analysis = analyses.claim(analyses.queue(tape, by=ada).pk, worker="one")
    analyses.give_back(analysis)
    analysis.refresh_from_db()
    assert (analysis.state, analysis.attempts, analysis.worker) == (WorkState.QUEUED, 0, "")
