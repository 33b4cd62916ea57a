"""A file's page, its previews, its bytes, and how it comes in."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive import jobs, storage
from archive.models import MediaFile, Upload
from archive.vocabularies import PreviewState
from tests import clips, factories


@pytest.fixture
def archivist(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


def with_bytes(content: bytes) -> MediaFile:
    file = factories.MediaFileFactory(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
    path = storage.holding_path(file)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return file


def previewed(content: bytes = b"0123456789") -> MediaFile:
    file = factories.MediaFileFactory(preview_state=PreviewState.READY)
    path = storage.derivative_path(storage.preview_key(file, "proxy.mp4"))
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return file


def test_the_technical_facts_are_said_in_words(archivist: Client) -> None:
    track = factories.TrackFactory(field_order="bff", display_aspect="4:3", pixel_format="yuv422p10le")
    page = archivist.get(reverse("media-file", args=[track.media_file_id])).content.decode()
    assert "Interlaced, bottom field first" in page
    assert "30000/1001" in page
    assert "720×480" in page


def test_a_part_of_the_proxy_is_served_to_a_player_that_seeks(archivist: Client) -> None:
    response: Any = archivist.get(reverse("media-proxy", args=[previewed().pk]), headers={"Range": "bytes=2-4"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == b"234"
    assert response["Content-Type"] == "video/mp4"


def test_previews_that_are_not_made_do_not_exist(archivist: Client) -> None:
    file = factories.MediaFileFactory()
    assert archivist.get(reverse("media-poster", args=[file.pk])).status_code == 404
    assert archivist.get(reverse("media-poster", args=[previewed().pk])).status_code == 404


def test_the_original_comes_back_byte_for_byte_under_its_name(archivist: Client) -> None:
    file = with_bytes(b"the very bytes")
    response: Any = archivist.get(reverse("media-original", args=[file.pk]))
    assert b"".join(response.streaming_content) == b"the very bytes"
    assert f'filename="{file.name}"' in response["Content-Disposition"]


def fixity_page(archivist: Client, file: MediaFile) -> str:
    return archivist.get(reverse("media-file", args=[file.pk])).content.decode()


def test_a_fixity_check_is_asked_for_in_the_page_and_answered_by_a_worker(archivist: Client) -> None:
    file = with_bytes(b"unchanged")
    page = archivist.post(reverse("fixity-check", args=[file.pk]), follow=True).content.decode()
    assert "It is being checked" in page
    assert "Unchanged: the SHA-256" not in page
    jobs.check_fixity(str(file.pk))
    page = fixity_page(archivist, file)
    assert "Unchanged: the SHA-256" in page
    assert "It is being checked" not in page


def test_bytes_that_have_changed_are_told_in_the_page(archivist: Client) -> None:
    file = with_bytes(b"unchanged")
    storage.holding_path(file).write_bytes(b"something")
    archivist.post(reverse("fixity-check", args=[file.pk]))
    jobs.check_fixity(str(file.pk))
    assert "The bytes have changed" in fixity_page(archivist, file)


def test_a_waiting_page_asks_on_until_there_is_an_answer(archivist: Client) -> None:
    file = with_bytes(b"unchanged")
    standing = reverse("fixity", args=[file.pk])
    assert "every 2s" not in archivist.get(standing).content.decode()
    archivist.post(reverse("fixity-check", args=[file.pk]))
    assert "every 2s" in archivist.get(standing).content.decode()
    jobs.check_fixity(str(file.pk))
    answered = archivist.get(standing).content.decode()
    assert "every 2s" not in answered
    assert "Unchanged: the SHA-256" in answered


def begin(archivist: Client, content: bytes) -> str:
    collection = factories.CollectionFactory()
    response = archivist.post(reverse("upload-begin"), {
        "name": "带子.mkv", "size": len(content), "collection": collection.pk, "kind": "concert"})
    assert response.status_code == 201
    return str(response.json()["address"])


def send(archivist: Client, address: str, offset: int, content: bytes) -> Any:
    return archivist.patch(address, content, content_type="application/octet-stream",
                           headers={"Upload-Offset": str(offset)})


@pytest.fixture
def recording(tmp_path: Path) -> bytes:
    path = tmp_path / "clip.mkv"
    clips.write(path, clips.scene(6))
    return path.read_bytes()


def test_a_file_comes_in_by_pieces_and_goes_on_where_it_stopped(archivist: Client, recording: bytes) -> None:
    address = begin(archivist, recording)
    half = len(recording) // 2
    assert send(archivist, address, 0, recording[:half]).json() == {"received": half}
    assert archivist.get(address).json() == {"received": half}
    send(archivist, address, half, recording[half:])
    answer = archivist.post(address).json()
    file = MediaFile.objects.get()
    assert answer["address"] == reverse("media-file", args=[file.pk])
    assert (file.name, storage.holding_path(file).read_bytes()) == ("带子.mkv", recording)


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(archivist: Client) -> None:
    address = begin(archivist, b"x" * 100)
    send(archivist, address, 0, b"x" * 40)
    response = send(archivist, address, 10, b"x" * 40)
    assert (response.status_code, response.json()["received"]) == (409, 40)


def test_a_file_that_is_no_recording_is_refused_in_one_sentence(archivist: Client) -> None:
    address = begin(archivist, b"no video at all")
    send(archivist, address, 0, b"no video at all")
    response = archivist.post(address)
    assert response.status_code == 422
    assert "带子.mkv" in response.json()["error"]
    assert not MediaFile.objects.exists()


def test_an_upload_can_be_left(archivist: Client) -> None:
    address = begin(archivist, b"x" * 10)
    assert archivist.delete(address).status_code == 204
    assert not Upload.objects.exists()


def test_without_script_a_file_comes_in_by_the_plain_form(archivist: Client, recording: bytes) -> None:
    collection = factories.CollectionFactory()
    response = archivist.post(reverse("upload"), {
        "file": SimpleUploadedFile("tape.mkv", recording), "kind": "film", "collection": collection.pk})
    assert response["Location"] == reverse("media-file", args=[MediaFile.objects.get().pk])


def test_what_is_here_already_is_told_with_a_door_to_it(archivist: Client, recording: bytes) -> None:
    collection = factories.CollectionFactory()
    for _time in range(2):
        response = archivist.post(reverse("upload"), {
            "file": SimpleUploadedFile("tape.mkv", recording), "kind": "film", "collection": collection.pk})
    assert response.status_code == 422
    page = response.content.decode()
    assert "is already here, byte for byte" in page
    assert reverse("media-file", args=[MediaFile.objects.get().pk]) in page


def test_a_form_without_a_file_says_so(archivist: Client) -> None:
    response = archivist.post(reverse("upload"), {"kind": "film"})
    assert response.status_code == 422
