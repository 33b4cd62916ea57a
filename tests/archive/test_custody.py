"""Bytes and the rows about them come and go together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier, local
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from archive.actions import uploads
from archive.actions.custody import all_or_nothing
from archive.actions.ingest import DuplicateError, ingest, register_master
from archive.models import Asset, Instantiation, MediaFile, ProvenanceEvent, Upload
from archive.storage import holding_path
from archive.vocabularies import Role
from tests import factories
from tests.archive import recordings

pytestmark = pytest.mark.django_db(transaction=True)


class ChangedOurMindError(Exception):
    """Something after the ingest went wrong."""


@pytest.fixture
def asset() -> Asset:
    return factories.AssetFactory()


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return recordings.record(tmp_path / "tape.mkv")


def held(settings: Any) -> list[Path]:
    folder = Path(settings.HOLDINGS_DIR)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@pytest.fixture
def both_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two ingests meet when each has looked for duplicates and found none."""
    from archive.actions import ingest as room

    meeting, looked, here = Barrier(2, timeout=60), room._refuse_duplicate, local()

    def look_and_wait(sha256: str, name: str) -> None:
        looked(sha256, name)
        if not hasattr(here, "has_met"):
            here.has_met = True
            meeting.wait()

    monkeypatch.setattr(room, "_refuse_duplicate", look_and_wait)
    yield


@pytest.mark.parametrize("move", [False, True])
def test_of_two_who_bring_the_same_bytes_at_once_one_is_told(
    asset: Asset, tmp_path: Path, settings: Any, both_at_once: None, move: bool,
) -> None:
    tapes = [recordings.record(tmp_path / "one.mkv"), tmp_path / "two.mkv"]
    tapes[1].write_bytes(tapes[0].read_bytes())

    def bring(tape: Path) -> MediaFile | DuplicateError:
        try:
            return ingest(tape, by=None, asset=asset, move=move)
        except DuplicateError as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(bring, tapes))
    taken, told = sorted(answers, key=lambda answer: isinstance(answer, DuplicateError))
    assert isinstance(taken, MediaFile)
    assert isinstance(told, DuplicateError)
    assert told.media_file == taken
    assert held(settings) == [holding_path(taken)]
    assert (MediaFile.objects.count(), Instantiation.objects.count()) == (1, 1)
    assert ProvenanceEvent.objects.filter(type="ingested").count() == 1
    assert [tape.exists() for tape in tapes] == ([answer is told for answer in answers] if move else [True, True])


@pytest.mark.parametrize("move", [False, True])
def test_what_is_not_committed_leaves_no_bytes(asset: Asset, tape: Path, settings: Any, move: bool) -> None:
    before = tape.read_bytes()
    with pytest.raises(ChangedOurMindError), all_or_nothing():
        ingest(tape, by=None, asset=asset, move=move)
        raise ChangedOurMindError
    assert (held(settings), tape.read_bytes()) == ([], before)
    assert not MediaFile.objects.exists()


@pytest.fixture
def answers_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database commits, and the line breaks before it can say so."""
    commit = connections["default"]._commit

    def commit_and_lose() -> None:
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connections["default"], "_commit", commit_and_lose)


@pytest.mark.parametrize("move", [False, True])
@pytest.mark.parametrize("is_part_of_more", [False, True])
def test_a_commit_whose_answer_was_lost_keeps_its_bytes(
    asset: Asset, tape: Path, settings: Any, answers_are_lost: None, move: bool, is_part_of_more: bool,
) -> None:
    with pytest.raises(OperationalError), all_or_nothing() if is_part_of_more else nullcontext():
        ingest(tape, by=None, asset=asset, move=move)
    assert held(settings) == [holding_path(MediaFile.objects.get())]


def test_bytes_stay_where_nobody_can_say_whether_they_were_committed(
    asset: Asset, tape: Path, settings: Any, answers_are_lost: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "nowhere")
    with pytest.raises(OperationalError):
        ingest(tape, by=None, asset=asset)
    assert held(settings) == [holding_path(MediaFile.objects.get())]


def test_what_goes_wrong_after_the_commit_takes_no_bytes_away(asset: Asset, tape: Path, settings: Any) -> None:
    def go_wrong() -> None:
        raise ChangedOurMindError

    with pytest.raises(ChangedOurMindError), all_or_nothing():
        ingest(tape, by=None, asset=asset)
        transaction.on_commit(go_wrong)
    assert held(settings) == [holding_path(MediaFile.objects.get())]


def test_an_inner_success_is_undone_with_the_outer_failure(asset: Asset, tape: Path, settings: Any) -> None:
    with pytest.raises(ChangedOurMindError), all_or_nothing():
        with all_or_nothing():
            ingest(tape, by=None, asset=asset)
        raise ChangedOurMindError
    assert held(settings) == []


def test_an_inner_failure_leaves_what_was_taken_before_it(asset: Asset, tape: Path, tmp_path: Path,
                                                          settings: Any) -> None:
    other = recordings.record(tmp_path / "other.mkv", seed=7)
    with all_or_nothing():
        kept = ingest(tape, by=None, asset=asset)
        with pytest.raises(ChangedOurMindError), all_or_nothing():
            ingest(other, by=None, asset=asset)
            raise ChangedOurMindError
    assert held(settings) == [holding_path(kept)]
    assert MediaFile.objects.get() == kept


def test_a_master_that_is_not_bound_is_where_it_was_made(asset: Asset, tape: Path, settings: Any) -> None:
    source = factories.InstantiationFactory(asset=asset)
    with pytest.raises(ChangedOurMindError), all_or_nothing():
        register_master(tape, asset=asset, derived_from=source, by=None, software="Patina")
        raise ChangedOurMindError
    assert (held(settings), tape.exists()) == ([], True)


def test_an_upload_whose_row_cannot_be_kept_can_be_finished_again(asset: Asset, tape: Path, settings: Any) -> None:
    ada = factories.UserFactory(role=Role.ARCHIVIST)
    upload = uploads.begin(by=ada, name="tape.mkv", size=tape.stat().st_size, asset=asset)
    with tape.open("rb") as stream:
        uploads.receive(upload, offset=0, stream=stream, by=ada)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE archive_upload ADD CONSTRAINT no CHECK (media_file_id IS NULL) NOT VALID")
    try:
        with pytest.raises(Exception, match='"no"'):
            uploads.finish(upload, by=ada)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE archive_upload DROP CONSTRAINT no")
    assert (held(settings), MediaFile.objects.count()) == ([], 0)
    media_file = uploads.finish(Upload.objects.get(), by=ada)
    assert held(settings) == [holding_path(media_file)]
    assert transaction.get_autocommit()
