"""How much anybody may send before anybody has looked at who they are."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.bodies import LARGEST_BODY_BYTES
from archive.models import Upload

pytestmark = pytest.mark.django_db


def post_a_large_file(client: Client, address: str) -> Any:
    return client.post(address, {"file": SimpleUploadedFile("tape.mov", bytes(LARGEST_BODY_BYTES + 1))})


@pytest.mark.parametrize("address", ["/log-in", "/upload", "/uploads", "/nowhere", "/catalogue/new"])
def test_a_stranger_sends_no_more_than_a_form_holds(client: Client, address: str) -> None:
    answer = post_a_large_file(client, address)
    assert answer.status_code == 413
    assert "more than" in answer.content.decode()


def test_a_promised_length_is_refused_before_a_byte_of_it_is_read(client: Client) -> None:
    answer = client.generic("POST", "/log-in", b"", content_type="multipart/form-data; boundary=x",
                            CONTENT_LENGTH=str(10**12))
    assert answer.status_code == 413


def test_a_cataloguer_sends_a_large_file_to_where_files_come_in_and_nowhere_else(client: Client, ada: Any) -> None:
    client.force_login(ada)
    assert post_a_large_file(client, reverse("upload")).status_code == 422, "the form has looked at it"
    assert post_a_large_file(client, reverse("asset-new")).status_code == 413
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    piece = client.patch(reverse("upload-piece", args=[upload.pk]), bytes(LARGEST_BODY_BYTES + 1),
                         content_type="application/octet-stream", headers={"Upload-Offset": "0"})
    assert piece.status_code == 422, "the action has looked at it"


@pytest.mark.parametrize("person", ["henri", "rui"])
def test_who_does_not_catalogue_sends_no_large_file(
    client: Client, request: pytest.FixtureRequest, person: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert post_a_large_file(client, reverse("upload")).status_code == 413


def test_what_a_form_brings_lies_where_uploads_lie() -> None:
    assert Path(str(site.FILE_UPLOAD_TEMP_DIR)).is_dir()
    assert Path(str(site.FILE_UPLOAD_TEMP_DIR)).name == "uploads"
