"""What waits for a worker is rung for once, and again when its bell was lost."""

from collections.abc import Iterator

import django_rq
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from archive import jobs
from archive.actions import bell, fixity, ingest, previews, waiting
from archive.models import FixityCheck, MediaFile, ProvenanceEvent, User
from archive.vocabularies import PreviewState
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _silence() -> None:
    empty_queues()


def empty_queues() -> None:
    for name in bell.QUEUES:
        django_rq.get_queue(name).empty()


@pytest.fixture
def file() -> MediaFile:
    return factories.MediaFileFactory(preview_state=PreviewState.READY)


@pytest.fixture
def other_session() -> Iterator[object]:
    """A worker elsewhere, as the database sees it."""
    session = connection.copy()
    yield session
    session.close()


def test_a_double_click_queues_one_check(file: MediaFile, ada: User) -> None:
    assert fixity.ask(file, by=ada)
    assert not fixity.ask(file, by=ada)
    assert django_rq.get_queue("low").count == 1
    jobs.check_fixity(str(file.pk))
    jobs.check_fixity(str(file.pk))
    assert FixityCheck.objects.count() == 1


def test_the_check_is_recorded_in_the_name_of_who_asked(file: MediaFile, ada: User) -> None:
    fixity.ask(file, by=ada)
    jobs.check_fixity(str(file.pk))
    assert ProvenanceEvent.objects.get(type="fixity_checked").by == ada
    assert fixity.ask(file, by=ada), "it can be asked for again"


def test_a_restorer_does_not_ask(file: MediaFile, rui: User) -> None:
    with pytest.raises(PermissionDenied):
        fixity.ask(file, by=rui)
    assert django_rq.get_queue("low").count == 0


def test_lost_bells_are_rung_again_once(file: MediaFile, ada: User) -> None:
    fixity.ask(file, by=ada)
    ingest.queue_previews(file)
    assert waiting.ring_again() == 0
    empty_queues()
    call_command("reapruns")
    assert bell.ringing() == {waiting.previews_name(file.pk), waiting.fixity_check_name(file.pk)}
    assert waiting.ring_again() == 0


def test_who_is_at_it_is_not_rung_for(file: MediaFile, ada: User, other_session: object) -> None:
    fixity.ask(file, by=ada)
    empty_queues()
    name = waiting.fixity_check_name(file.pk)
    with other_session.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_lock(%s)", [bell._key(name)])
        assert waiting.ring_again() == 0
        jobs.check_fixity(str(file.pk))
        assert not FixityCheck.objects.exists(), "one at a time"
    other_session.close()  # type: ignore[attr-defined]
    assert waiting.ring_again() == 1


def test_bells_are_sought_in_a_constant_number_of_queries(ada: User, django_assert_max_num_queries: object) -> None:
    for file in factories.MediaFileFactory.create_batch(6, preview_state=PreviewState.WAITING):
        fixity.ask(file, by=ada)
    empty_queues()
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert waiting.ring_again() == 12


def test_previews_that_take_their_worker_down_are_given_up(file: MediaFile) -> None:
    ingest.queue_previews(file)
    for _time in range(previews.MOST_ATTEMPTS):
        assert previews.begin(str(file.pk))
    assert previews.begin(str(file.pk)) is None
    file.refresh_from_db()
    assert (file.preview_state, file.preview_error) == (PreviewState.FAILED, previews.LOST_TOO_OFTEN)
    assert waiting.ring_again() == 0
