"""Uploads that are interrupted, met twice or left behind."""

import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from archive.actions import uploads
from archive.errors import RefusedError
from archive.models import Asset, MediaFile, Upload, User
from tests import factories
from tests.archive import recordings

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def asset() -> Asset:
    return factories.AssetFactory()


@pytest.fixture
def tape(tmp_path: Path) -> bytes:
    return recordings.record(tmp_path / "tape.mkv").read_bytes()


@pytest.fixture
def complete(ada: User, asset: Asset, tape: bytes) -> Upload:
    upload = uploads.begin(by=ada, name="tape.mkv", size=len(tape), asset=asset)
    return uploads.receive(upload, offset=0, stream=io.BytesIO(tape), by=ada)


@pytest.fixture
def somebody_is_at_it(complete: Upload) -> Iterator[None]:
    """Another request holds the row, as one does that takes the file into custody."""
    is_held, may_go = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Upload.objects.select_for_update().get(pk=complete.pk)
                is_held.set()
                may_go.wait(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        another.submit(hold)
        assert is_held.wait(60)
        yield
        may_go.set()


def test_who_asks_while_a_file_is_being_stored_is_told_at_once(
    ada: User, complete: Upload, somebody_is_at_it: None,
) -> None:
    for verb in (uploads.finish, uploads.abandon):
        with pytest.raises(RefusedError, match="is being stored"):
            verb(complete, by=ada)
    assert uploads.path_of(complete).exists()


@pytest.mark.parametrize("limit", ["PROBE_SECONDS", "PROBE_MEMORY_BYTES"])
def test_what_could_not_be_read_within_our_limits_is_kept_and_stored_once_it_can(
    ada: User, complete: Upload, settings: Any, limit: str,
) -> None:
    before = getattr(settings, limit)
    setattr(settings, limit, 0 if limit == "PROBE_SECONDS" else 40 * 1024**2)
    with pytest.raises(RefusedError):
        uploads.finish(complete, by=ada)
    setattr(settings, limit, before)
    assert Upload.objects.get().error == ""
    assert uploads.finish(complete, by=ada) == MediaFile.objects.get()


def test_an_upload_that_still_arrives_is_not_swept_however_long_ago_it_began(ada: User, complete: Upload) -> None:
    Upload.objects.update(started_at=LONG_AGO)
    assert uploads.sweep() == 0
    assert uploads.path_of(complete).exists()
    Upload.objects.update(received_at=LONG_AGO)
    assert uploads.sweep() == 1
    assert not uploads.path_of(complete).exists()


def test_an_upload_in_somebody_s_hands_is_not_swept(complete: Upload, somebody_is_at_it: None) -> None:
    with transaction.atomic():
        Upload.objects.exclude(pk=complete.pk).update(received_at=LONG_AGO)
    assert uploads.sweep(older_than=timedelta(0)) == 0
    assert uploads.path_of(complete).exists()


def test_an_upload_whose_bytes_arrive_right_now_is_neither_swept_nor_forgotten(ada: User, complete: Upload) -> None:
    Upload.objects.update(received_at=LONG_AGO)
    with uploads.path_of(complete).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert uploads.sweep() == 0
        with pytest.raises(RefusedError, match="another window"):
            uploads.abandon(complete, by=ada)
    assert uploads.path_of(complete).exists()
    assert uploads.sweep() == 1


def test_what_comes_for_an_upload_that_was_forgotten_is_told_to_begin_again(ada: User, complete: Upload) -> None:
    Upload.objects.all().delete()
    with pytest.raises(RefusedError, match="Begin again"):
        uploads.receive(complete, offset=complete.received_bytes, stream=io.BytesIO(b""), by=ada)


def test_what_a_form_left_behind_is_swept_too(ada: User, complete: Upload, settings: Any) -> None:
    left, fresh = (Path(settings.UPLOADS_DIR) / name for name in ("tmpab12.upload.mkv", "tmpcd34.upload.mkv"))
    for path in (left, fresh):
        path.touch()
    os.utime(left, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    uploads.sweep()
    assert [left.exists(), fresh.exists()] == [False, True]


def test_the_end_of_what_came_is_told_by_its_digest(ada: User, asset: Asset) -> None:
    content = os.urandom(uploads.TAIL_BYTES + 1000)
    upload = uploads.begin(by=ada, name="tape.mkv", size=10**8, asset=asset)
    assert uploads.tail_of(upload) is None
    uploads.receive(upload, offset=0, stream=io.BytesIO(content), by=ada)
    tail = uploads.tail_of(upload)
    assert tail is not None
    assert (tail.first, tail.end) == (1000, len(content))
    assert tail.sha256 == hashlib.sha256(content[1000:]).hexdigest()
