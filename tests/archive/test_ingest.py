"""Everything is there afterwards, rows and bytes, or nothing is."""

import hashlib
import io
import os
import resource
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.http import Http404

from archive.actions import fixity, uploads
from archive.actions.bell import ringing
from archive.actions.ingest import DuplicateError, ingest, register_master
from archive.actions.waiting import previews_name
from archive.errors import DiskFullError, RefusedError
from archive.models import Asset, EssenceTrack, Instantiation, MediaFile, ProvenanceEvent, Upload, User
from archive.storage import holding_path
from tests import factories
from tests.archive import recordings


@pytest.fixture
def asset(db: None) -> Asset:
    return factories.AssetFactory()


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return recordings.record(tmp_path / "tape.mkv", sound_seconds=0.4)


def held(settings: Any) -> list[Path]:
    folder = Path(settings.HOLDINGS_DIR)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def assert_nothing_is_stored(settings: Any) -> None:
    for model in (MediaFile, EssenceTrack, Instantiation, ProvenanceEvent):
        assert not model.objects.exists()
    assert held(settings) == []


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`, which is how a full disk feels."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_bytes_are_copied_and_described(ada: User, asset: Asset, tape: Path, settings: Any) -> None:
    media_file = ingest(tape, by=ada, asset=asset)
    assert tape.exists()
    assert [path.read_bytes() for path in held(settings)] == [tape.read_bytes()]
    assert holding_path(media_file).read_bytes() == tape.read_bytes()
    assert media_file.sha256 == hashlib.sha256(tape.read_bytes()).hexdigest()
    assert (media_file.size_bytes, media_file.wrapper) == (tape.stat().st_size, "Matroska")
    assert [track.kind for track in media_file.tracks.all()] == ["picture", "sound"]
    events = ProvenanceEvent.objects.filter(asset=asset, by=ada).order_by("pk")
    assert [event.type for event in events] == ["ingested", "digest_computed", "probed"]


def test_a_sound_of_many_channels_is_taken_with_its_layout_cut_short(ada: User, asset: Asset, tmp_path: Path) -> None:
    layout = "FL+FR+FC+LFE+BL+BR+FLC+FRC+BC+SL+SR+TC+TFL+TFC+TFR+TBL+TBC"
    path = recordings.record(tmp_path / "dome.mov", codec="mpeg4", pixel_format="yuv420p", sound_seconds=0.1,
                             sound_layout=layout)
    sound = ingest(path, by=ada, asset=asset).tracks.get(kind="sound")
    assert (sound.channels, sound.channel_layout) == (17, f"17 channels ({layout}"[:59] + "…")


def test_bytes_kept_in_place_are_not_copied(ada: User, asset: Asset, tape: Path, settings: Any) -> None:
    media_file = ingest(tape, by=ada, asset=asset, custody="in_place")
    assert holding_path(media_file) == tape
    assert held(settings) == []


def test_without_an_asset_one_is_made_that_is_named_after_the_file(ada: User, tmp_path: Path) -> None:
    path = recordings.record(tmp_path / "老电影_北京街景.mkv")
    collection = factories.CollectionFactory()
    media_file = ingest(path, by=ada, collection=collection, kind="film")
    made = media_file.instantiation.asset
    assert (made.kind, made.collection) == ("film", collection)
    assert [(title.value, title.language) for title in made.titles.all()] == [("老电影 北京街景", "zh-Hans")]


@pytest.mark.parametrize("name", [b"caf\xe9.mkv", "e\u0301.mkv".encode(), b"new\nline.mkv", "老电影.mkv".encode(),
                                  b"-rf.mkv"])
def test_the_original_name_is_kept_byte_for_byte_and_is_never_a_path(
        ada: User, asset: Asset, tmp_path: Path, settings: Any, name: bytes) -> None:
    path = recordings.record(tmp_path / "a.mkv").rename(os.fsdecode(bytes(tmp_path) + b"/" + name))
    media_file = MediaFile.objects.get(pk=ingest(path, by=ada, asset=asset).pk)
    assert bytes(media_file.original_name) == name
    assert media_file.name == unicodedata.normalize("NFC", name.decode(errors="replace")).replace("\n", "\ufffd")
    assert [path.name.isalnum() for path in held(settings)] == [True]


def test_a_duplicate_is_told_before_it_is_stored(
        ada: User, asset: Asset, tape: Path, tmp_path: Path, settings: Any) -> None:
    first = ingest(tape, by=ada, asset=asset)
    again = tmp_path / "copy.mkv"
    again.write_bytes(tape.read_bytes())
    for custody in ("managed", "in_place"):
        with pytest.raises(DuplicateError, match=f"it is “tape.mkv” of {asset.accession_number}") as told:
            ingest(again, by=ada, collection=asset.collection, custody=custody)
    assert told.value.media_file == first
    assert (MediaFile.objects.count(), Asset.objects.count(), len(held(settings))) == (1, 1, 1)


@pytest.mark.footage
@pytest.mark.parametrize("name", ["corrupt_ipma.avif", "encrypted_no_key.mp4", "huge_header.y4m", "moov_only.mp4",
                                  "photo_named.mp4", "random_bytes.mkv", "空文件.mp4"])
def test_a_bad_file_leaves_one_sentence_and_nothing_else(
        ada: User, footage: Path, settings: Any, name: str) -> None:
    with pytest.raises(RefusedError, match=name.split(".")[0]):
        ingest(footage / "bad" / name, by=ada, collection=factories.CollectionFactory())
    assert_nothing_is_stored(settings)
    assert not Asset.objects.exists()


@pytest.mark.parametrize("move", [False, True])
def test_a_full_disk_leaves_nothing_but_the_word(ada: User, tape: Path, settings: Any, move: bool) -> None:
    elsewhere = Path("/dev/shm") / tape.name if move and Path("/dev/shm").is_dir() else tape
    if elsewhere != tape:
        elsewhere.write_bytes(tape.read_bytes())
    try:
        with disk_of(1000), pytest.raises(DiskFullError, match=r"disk is full: “tape\.mkv”"):
            ingest(elsewhere, by=ada, collection=factories.CollectionFactory(), move=move)
        assert elsewhere.exists()
    finally:
        if elsewhere != tape:
            elsewhere.unlink()
    assert_nothing_is_stored(settings)


def test_a_file_larger_than_the_disk_is_refused_before_it_is_copied(ada: User, tape: Path, settings: Any) -> None:
    place = os.statvfs(tape.parent)
    try:
        os.truncate(tape, min(place.f_bavail * place.f_frsize + 2**30, 2**43))
    except OSError:
        pytest.skip("this file system holds no sparse file of that size")
    with pytest.raises(DiskFullError):
        ingest(tape, by=ada, collection=factories.CollectionFactory())
    assert_nothing_is_stored(settings)


@pytest.mark.django_db
def test_a_row_that_is_refused_gives_a_moved_file_back(tape: Path, settings: Any) -> None:
    bytes_before = tape.read_bytes()
    with pytest.raises(ValueError), transaction.atomic():
        ingest(tape, by=None, asset=Asset(pk=None, accession_number="unsaved"), move=True)
    assert tape.read_bytes() == bytes_before
    assert held(settings) == []


def test_only_cataloguers_take_recordings_in(rui: User, henri: User, asset: Asset, tape: Path) -> None:
    with pytest.raises(PermissionDenied):
        ingest(tape, by=rui, asset=asset)
    with pytest.raises(Http404):
        ingest(tape, by=henri, asset=asset)


def test_a_master_comes_into_custody_as_what_was_made_from_its_source(rui: User, tape: Path, asset: Asset) -> None:
    source = factories.InstantiationFactory(asset=asset)
    media_file = register_master(tape, asset=asset, derived_from=source, by=rui, software="Patina 0.1", name="v3.mkv")
    assert not tape.exists()
    assert holding_path(media_file).exists()
    assert (media_file.instantiation.derived_from, media_file.instantiation.generation) == (source, "restored")
    assert media_file.name == "v3.mkv"
    assert set(ProvenanceEvent.objects.values_list("software", flat=True)) == {"Patina 0.1"}


@pytest.mark.django_db(transaction=True)
def test_previews_are_queued_when_all_is_stored(tape: Path) -> None:
    asset = factories.AssetFactory()
    with transaction.atomic():
        media_file = ingest(tape, by=None, asset=asset)
        assert previews_name(media_file.pk) not in ringing()
    assert previews_name(media_file.pk) in ringing()


class TestUploads:
    @pytest.fixture
    def upload(self, ada: User, asset: Asset, tape: Path) -> Upload:
        return uploads.begin(by=ada, name="磁带 1.mkv", size=tape.stat().st_size, asset=asset)

    def test_a_file_in_pieces_comes_in_whole(self, ada: User, upload: Upload, tape: Path, settings: Any) -> None:
        whole = tape.read_bytes()
        for start in range(0, len(whole), 4000):
            uploads.receive(upload, offset=start, stream=io.BytesIO(whole[start:start + 4000]), by=ada)
        media_file = uploads.finish(upload, by=ada)
        assert (media_file.sha256, media_file.name) == (hashlib.sha256(whole).hexdigest(), "磁带 1.mkv")
        assert uploads.finish(upload, by=ada) == media_file
        assert list(Path(settings.UPLOADS_DIR).iterdir()) == []
        assert len(held(settings)) == 1

    def test_a_piece_at_the_wrong_place_is_told_the_right_one(self, ada: User, upload: Upload) -> None:
        uploads.receive(upload, offset=0, stream=io.BytesIO(b"x" * 100), by=ada)
        for offset in (0, 50, 101):
            with pytest.raises(uploads.WrongOffsetError) as told:
                uploads.receive(upload, offset=offset, stream=io.BytesIO(b"y"), by=ada)
            assert told.value.values["expected"] == 100
        assert uploads.path_of(upload).read_bytes() == b"x" * 100

    def test_a_broken_connection_keeps_what_came(self, ada: User, upload: Upload) -> None:
        class Broken(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if self.tell() == 0:
                    return super().read(60)
                raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            uploads.receive(upload, offset=0, stream=Broken(b"z" * 100), by=ada)
        assert Upload.objects.get().received_bytes == 60

    def test_more_than_was_announced_is_refused(self, ada: User, upload: Upload, tape: Path) -> None:
        with pytest.raises(RefusedError, match="More came"):
            uploads.receive(upload, offset=0, stream=io.BytesIO(bytes(tape.stat().st_size + 1)), by=ada)
        assert Upload.objects.get().received_bytes <= tape.stat().st_size

    def test_an_incomplete_file_cannot_be_finished(self, ada: User, upload: Upload) -> None:
        with pytest.raises(RefusedError, match="0 of"):
            uploads.finish(upload, by=ada)

    def test_a_bad_file_is_removed_and_the_upload_remembers_why(self, ada: User, asset: Asset, settings: Any) -> None:
        upload = uploads.begin(by=ada, name="noise.mp4", size=1000, asset=asset)
        uploads.receive(upload, offset=0, stream=io.BytesIO(bytes(1000)), by=ada)
        with pytest.raises(RefusedError, match=r"“noise\.mp4” is not a video"):
            uploads.finish(upload, by=ada)
        assert "noise.mp4" in Upload.objects.get().error
        assert list(Path(settings.UPLOADS_DIR).iterdir()) == []
        assert_nothing_is_stored(settings)

    def test_abandoned_and_forgotten_uploads_leave_nothing(self, ada: User, upload: Upload, settings: Any) -> None:
        uploads.abandon(upload, by=ada)
        old = uploads.begin(by=ada, name="old.mkv", size=10, asset=upload.asset)
        Upload.objects.filter(pk=old.pk).update(received_at="2020-01-01T00:00Z")
        assert uploads.sweep() == 1
        assert list(Path(settings.UPLOADS_DIR).iterdir()) == []

    def test_another_persons_upload_is_not_to_be_touched(self, olga: User, upload: Upload) -> None:
        with pytest.raises(PermissionDenied):
            uploads.receive(upload, offset=0, stream=io.BytesIO(b"x"), by=olga)

    def test_an_empty_or_endless_file_is_refused_at_once(self, ada: User, asset: Asset, settings: Any) -> None:
        for size in (0, settings.UPLOAD_LIMIT_BYTES + 1):
            with pytest.raises(RefusedError):
                uploads.begin(by=ada, name="a.mkv", size=size, asset=asset)


class TestFixity:
    def test_unchanged_bytes_pass_and_the_check_is_kept(self, ada: User, asset: Asset, tape: Path) -> None:
        media_file = ingest(tape, by=ada, asset=asset)
        result = fixity.check(media_file, by=ada)
        assert (result.outcome, result.found_sha256) == ("success", media_file.sha256)
        assert ProvenanceEvent.objects.filter(type="fixity_checked", outcome="success").count() == 1

    def test_one_changed_byte_fails(self, ada: User, asset: Asset, tape: Path) -> None:
        media_file = ingest(tape, by=ada, asset=asset)
        with holding_path(media_file).open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))
        result = fixity.check(media_file, by=ada)
        assert result.outcome == "failure"
        assert "have changed" in result.detail

    def test_a_missing_file_fails_and_does_not_stop_the_others(
            self, ada: User, asset: Asset, tape: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        gone = ingest(tape, by=ada, asset=asset)
        ingest(recordings.record(tmp_path / "b.mkv", seed=5), by=ada, asset=asset)
        holding_path(gone).unlink()
        with pytest.raises(SystemExit, match="2"):
            call_command("checkfixity")
        told = capsys.readouterr()
        assert "tape.mkv" in told.err
        assert "missing" in told.err
        assert "2 checked, 1 failed." in told.out


class TestCommand:
    def test_a_folder_is_taken_in_file_by_file_and_a_bad_one_stops_nothing(
            self, ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any) -> None:
        folder = tmp_path / "reels"
        (folder / "deeper").mkdir(parents=True)
        recordings.record(folder / "a.mkv", seed=1)
        (folder / "b.mkv").write_bytes(b"noise" * 100)
        recordings.record(folder / "deeper" / "c.mkv", seed=2, frames=1)
        with pytest.raises(SystemExit, match="2"):
            call_command("ingest", str(folder), by="ada", collection="Reels", kind="film")
        told = capsys.readouterr()
        assert told.err.splitlines() == ["“b.mkv” is not a video that can be read: it is something else, or its header "
                                         "is damaged. Choose another file, or fetch it again."]
        assert "2 taken in, 1 refused." in told.out
        assert "one single frame" in told.out
        assert set(Asset.objects.values_list("collection__name", "kind")) == {("Reels", "film")}
        assert len(held(settings)) == 2

    def test_what_breaks_on_our_side_stops_no_other_file(
            self, ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    ) -> None:
        for seed, name in enumerate(("a.mkv", "b.mkv", "c.mkv")):
            recordings.record(tmp_path / name, seed=seed)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE archive_mediafile ADD CONSTRAINT no CHECK (name <> 'b.mkv')")
        with pytest.raises(SystemExit, match="1"):
            call_command("ingest", str(tmp_path), collection="Reels")
        told = capsys.readouterr()
        reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
        assert told.err.splitlines() == [f"“b.mkv”: something went wrong on our side. Reference: {reference}."]
        assert "2 taken in, 0 refused, 1 failed." in told.out

    def test_in_place_files_of_one_asset(self, ada: User, asset: Asset, tape: Path) -> None:
        call_command("ingest", str(tape), in_place=True, asset=asset.accession_number)
        assert MediaFile.objects.get(instantiation__asset=asset).custody == "in_place"

