"""Bytes that no row keeps are found and set aside, and nothing else is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection

from archive.actions import uploads
from archive.actions.ingest import ingest
from archive.models import Asset, MediaFile, Upload, User
from archive.storage import derivative_path, holding_path, preview_key
from restoration.actions import orphans
from restoration.vocabularies import DeliveryState
from tests import factories
from tests.archive import recordings
from tests.restoration.factories import (
    AnalysisFactory,
    DeliveryFactory,
    DeliveryItemFactory,
    RunFactory,
    VersionFactory,
)

FOLDERS = ("HOLDINGS_DIR", "DERIVATIVES_DIR", "WORK_DIR", "UPLOADS_DIR")
AT_ONCE = timedelta(0)
# What the child does in a transaction, and then it is killed: the bytes are in their place, the row is not committed.
DIES = """
import django, os, signal, sys
django.setup()
from pathlib import Path
from django.db import transaction
from archive.actions import ingest, uploads
from archive.models import Asset, Upload
with transaction.atomic():
    {deed}
    os.kill(os.getpid(), signal.SIGKILL)
"""
TAKES_IN = "ingest.ingest(Path(sys.argv[1]), by=None, asset=Asset.objects.get())"
FINISHES_AN_UPLOAD = "upload = Upload.objects.get(); uploads.finish(upload, by=upload.by)"


def die_while(deed: str, *arguments: object) -> None:
    database = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    done = subprocess.run(
        [sys.executable, "-c", DIES.format(deed=deed), *map(str, arguments)], cwd=site.BASE_DIR, check=False,
        capture_output=True, env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "archive.settings",
                                  **{name: str(getattr(site, name)) for name in FOLDERS}})
    assert done.returncode == -9, done.stderr.decode()


def files_under(folder: Path | str) -> list[Path]:
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return recordings.record(tmp_path / "tape.mkv")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Iterator["pytest.CaptureFixture[str]"]:
    capsys.readouterr()
    yield capsys


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_kill_between_placing_bytes_and_committing_leaves_an_orphan_that_is_found(
        tape: Path, told: pytest.CaptureFixture[str]) -> None:
    factories.AssetFactory()
    die_while(TAKES_IN, tape)
    assert not MediaFile.objects.exists()
    [left] = files_under(site.HOLDINGS_DIR)
    assert left.read_bytes() == tape.read_bytes()
    assert orphans.find() == [], "it may belong to a row that is just being written"
    with pytest.raises(SystemExit, match="2"):
        call_command("findorphans", older_than=0)
    assert told.readouterr().out.splitlines() == [
        f"{left}  {tape.stat().st_size} bytes", f"1 files that no row keeps, {tape.stat().st_size} bytes."]
    assert files_under(site.HOLDINGS_DIR) == [left]


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_an_upload_whose_last_copy_was_orphaned_is_set_aside_and_can_be_taken_in(
        tape: Path, ada: User, told: pytest.CaptureFixture[str]) -> None:
    asset = factories.AssetFactory()
    upload = uploads.begin(by=ada, name="tape.mkv", size=tape.stat().st_size, asset=asset)
    with tape.open("rb") as stream:
        uploads.receive(upload, offset=0, stream=stream, by=ada)
    die_while(FINISHES_AN_UPLOAD)
    assert (Upload.objects.get().media_file, files_under(site.UPLOADS_DIR)) == (None, [])
    call_command("findorphans", older_than=0, clear=True)
    [aside] = files_under(site.HOLDINGS_DIR)
    assert aside.parent == Path(site.HOLDINGS_DIR) / "unclaimed"
    assert f"set aside: {aside}" in told.readouterr().out
    assert aside.read_bytes() == tape.read_bytes()
    media_file = ingest(aside, by=ada, asset=asset)
    assert holding_path(media_file).read_bytes() == tape.read_bytes()
    call_command("findorphans", older_than=0)


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"bytes")
    return path


def derived(key: str) -> Path:
    return write(derivative_path(key))


def test_what_a_row_keeps_is_no_orphan(ada: User, tape: Path, tmp_path: Path) -> None:
    media_file = ingest(tape, by=ada, asset=factories.AssetFactory())
    in_place = write(Path(site.HOLDINGS_DIR) / "ab" / ("ab" * 16))
    factories.MediaFileFactory(custody="in_place", storage_key=str(in_place.resolve()))
    version = VersionFactory(made=True, pair_reel_key="pair-reels/1/abc.mp4")
    derived(version.pair_reel_key)
    derived(preview_key(media_file, "poster.jpg"))
    derived(DeliveryItemFactory().storage_key)
    derived(f"stills/{version.pk}/1-source.png")
    derived(f"evidence/{AnalysisFactory().pk}/7.png")
    write(Path(site.UPLOADS_DIR) / "an upload under way")
    write(Path(site.WORK_DIR) / "segments" / "aa" / "a.mkv")
    assert orphans.find(AT_ONCE) == []


def test_what_is_just_being_made_is_no_orphan(db: None) -> None:
    waiting, run = factories.MediaFileFactory(), RunFactory(begun=True)
    packaging = DeliveryFactory(state=DeliveryState.PACKAGING)
    derived(f"previews/{waiting.pk}.abc.partial/proxy.mp4")
    derived(f"pair-reels/{run.version_id}/abc.mp4")
    derived(f"deliveries/{packaging.pk}/sheet.html")
    assert orphans.find(AT_ONCE) == []


def test_each_kind_of_derivative_that_no_row_keeps_is_found_and_removed(db: None) -> None:
    ready, version = factories.MediaFileFactory(preview_state="ready"), VersionFactory(made=True)
    left = {derived(key) for key in (
        f"previews/{ready.pk}.abc.partial/proxy.mp4", f"previews/{ready.pk}/other.jpg",
        "previews/00000000-0000-0000-0000-000000000000/poster.jpg", f"pair-reels/{version.pk}/another.mp4",
        f"deliveries/{DeliveryFactory().pk}/sheet.html", "stills/0/1-source.png",
        f"stills/{version.pk}/1-source.abc.partial", "evidence/0/7.png")}
    found = orphans.find(AT_ONCE)
    assert {one.path for one in found} == left
    assert {orphans.clear(one) for one in found} == {None}
    assert files_under(site.DERIVATIVES_DIR) == []


@pytest.mark.django_db
def test_what_does_not_carry_a_name_of_ours_is_left_alone() -> None:
    for place in ("README", "lost+found/x", "ab/notes.txt", "unclaimed/" + "ab" * 16):
        write(Path(site.HOLDINGS_DIR) / place)
    elsewhere = write(Path(site.WORK_DIR) / "film")
    link = Path(site.HOLDINGS_DIR) / "ab" / ("cd" * 16)
    link.symlink_to(elsewhere)
    assert orphans.find(AT_ONCE) == []
    assert not Asset.objects.exists()


def test_half_a_copy_that_was_left_is_found(db: None) -> None:
    half = write(Path(site.HOLDINGS_DIR) / "ab" / f"{'ab' * 16}.incoming")
    assert [one.path for one in orphans.find(AT_ONCE)] == [half.resolve()]


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["notes", "contact-sheets"])
def test_a_version_on_paper_goes_when_its_version_is_gone(folder: str) -> None:
    version = VersionFactory()
    kept, left = (derivative_path(f"{folder}/{number}/sheet.pdf") for number in (version.pk, version.pk + 1))
    for path in (kept, left):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF")
    assert [one.path for one in orphans.find(AT_ONCE)] == [left]
