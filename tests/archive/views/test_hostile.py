"""What a hostile file, name or address cannot do."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from archive import storage
from archive.actions import catalogue, ingest
from archive.actions.custody import display_name
from archive.models import MediaFile, Upload
from archive.storage import KeyOutsideStorageError
from archive.vocabularies import PreviewState
from tests import factories
from tests.archive import recordings

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
FOLDER = Path(site.BASE_DIR, "templates")
# A sheet is handed out as a file of its own, which carries its style with it.
HANDED_OUT = {FOLDER / "restoration" / "sheet.html"}
TEMPLATES = sorted(set(FOLDER.rglob("*.html")) - HANDED_OUT)


@pytest.fixture
def archivist(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


def bring_in(archivist: Client, name: str, content: bytes) -> Any:
    collection = factories.CollectionFactory()
    begun = archivist.post(reverse("upload-begin"), {
        "name": name, "size": len(content), "collection": collection.pk, "kind": "film"})
    assert begun.status_code == 201
    address = begun.json()["address"]
    archivist.patch(address, content, content_type="application/octet-stream", headers={"Upload-Offset": "0"})
    return archivist.post(address)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "a\x00b.mkv", "-rf",
                                  "~root", "con.mkv", "%2e%2e%2fsecret", "x" * 900, "photo\u202e4pm.exe"])
def test_a_name_never_decides_where_bytes_lie(archivist: Client, tmp_path: Path, settings: Any, name: str) -> None:
    content = recordings.record(tmp_path / "tape.mkv").read_bytes()
    assert bring_in(archivist, name, content).status_code == 200
    file = MediaFile.objects.get()
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", file.storage_key)
    assert [path for path in Path(settings.HOLDINGS_DIR).rglob("*") if path.is_file()] == [storage.holding_path(file)]
    assert list(Path(settings.UPLOADS_DIR).iterdir()) == []
    assert archivist.get(reverse("media-file", args=[file.pk])).status_code == 200
    sent: Any = archivist.get(reverse("media-original", args=[file.pk]))
    assert sent["Content-Disposition"].startswith("attachment")
    sent.close()
    assert "/" not in re.sub(r"filename\*=utf-8''\S*", "", sent["Content-Disposition"])


def test_a_name_cannot_turn_the_direction_of_what_is_read() -> None:
    assert display_name("photo\u202e4pm.exe".encode()) == "photo\ufffd4pm.exe"
    assert display_name("a\u2028b\x85c".encode()) == "a\ufffdb\ufffdc"


def test_an_upload_of_a_web_page_or_a_playlist_is_not_taken(archivist: Client) -> None:
    for content in (b"<html><script>alert(1)</script></html>", b"#EXTM3U\nfile:///etc/passwd\n",
                    b"ffconcat version 1.0\nfile /etc/passwd\n", b'<svg xmlns="http://www.w3.org/2000/svg"/>'):
        answer = bring_in(archivist, "film.mp4", content)
        assert answer.status_code == 422
        assert "passwd" not in answer.json()["error"]
    assert not MediaFile.objects.exists()
    assert set(Upload.objects.values_list("media_file", flat=True)) == {None}


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/etc/passwd", "", ".", "a/.."])
def test_a_key_does_not_leave_its_folder(settings: Any, key: str) -> None:
    with pytest.raises(KeyOutsideStorageError):
        storage.managed_path(key)


def test_markup_in_words_stays_words(archivist: Client, ada: Any, tmp_path: Path) -> None:
    asset = catalogue.create_asset(
        by=ada, kind="film", collection=factories.CollectionFactory(name=SCRIPT, description=SCRIPT), title=SCRIPT,
        description=catalogue.Description(notes=SCRIPT, description=SCRIPT, subjects=[SCRIPT],
                                          places=[catalogue.Place(SCRIPT)]))
    file = ingest.ingest(recordings.record(tmp_path / "a.mkv"), by=ada, asset=asset, original_name=SCRIPT.encode(),
                         label=SCRIPT)
    for address in (reverse("catalogue"), f"{reverse('catalogue')}?show=list&q={SCRIPT}", reverse("collections"),
                    reverse("asset", args=[asset.pk]), reverse("asset-edit", args=[asset.pk]),
                    reverse("media-file", args=[file.pk]), f"{reverse('upload')}?asset={asset.pk}"):
        page = archivist.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(("name", "media_type"), [
    ("poster.jpg", "image/jpeg"), ("filmstrip.jpg", "image/jpeg"), ("waveform.json", "application/json"),
    ("proxy.mp4", "video/mp4")])
def test_a_preview_is_what_its_address_says_whatever_its_bytes_are(
    archivist: Client, name: str, media_type: str,
) -> None:
    file = factories.MediaFileFactory(preview_state=PreviewState.READY)
    path = storage.derivative_path(storage.preview_key(file, name))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<html><script>alert(1)</script>")
    response = archivist.get(reverse(f"media-{name.split('.')[0]}", args=[file.pk]))
    response.close()
    assert response["Content-Type"] == media_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/log-in", "/catalogue/", "/nowhere", "/media-files/nothing"])
def test_every_answer_forbids_foreign_scripts_frames_and_guesses(archivist: Client, address: str) -> None:
    response = archivist.get(address)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";") if part.strip())
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_session_is_out_of_reach_of_scripts_and_of_other_sites(client: Client, ada: Any) -> None:
    client.post(reverse("login"), {"username": "ada", "password": "open the reel"})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_led_away_after_logging_in_or_choosing_a_language(client: Client, ada: Any, elsewhere: str) -> None:
    answers = [client.post(reverse("login"), {"username": "ada", "password": "open the reel", "next": elsewhere}),
               client.post(reverse("set_language"), {"language": "en", "next": elsewhere})]
    for answer in answers:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith("//")


@pytest.mark.parametrize("name", ["fixity-check", "make-previews", "upload-begin", "logout", "set_language"])
def test_looking_changes_nothing(archivist: Client, name: str) -> None:
    file = factories.MediaFileFactory()
    takes_key = name in ("fixity-check", "make-previews")
    answer = archivist.get(reverse(name, args=[file.pk] if takes_key else []))
    assert answer.status_code == (302 if name == "set_language" else 405)
    file.refresh_from_db()
    assert file.fixity_asked_at is None


@pytest.mark.parametrize("name", ["fixity-check", "make-previews", "asset-edit", "rights-new", "carrier-new"])
def test_a_form_of_another_site_does_nothing(ada: Any, name: str) -> None:
    file = factories.MediaFileFactory()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    key = file.pk if name in ("fixity-check", "make-previews") else file.instantiation.asset_id
    assert strict.post(reverse(name, args=[key])).status_code == 403


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_page_needs_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
