"""A rights holder learns nothing of the archive: every address answers as one that does not exist."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from archive.models import MediaFile, Upload
from archive.vocabularies import PreviewState
from tests import factories

OPEN_TO_ALL = {"home", "login", "logout", "set_language", "welcome"}
ARCHIVE_ADDRESSES = sorted(
    pattern.name for pattern in get_resolver("archive.urls").url_patterns
    if getattr(pattern, "name", None) and pattern.name not in OPEN_TO_ALL)


@pytest.fixture
def held(db: None) -> MediaFile:
    file = factories.MediaFileFactory(preview_state=PreviewState.READY)
    factories.TrackFactory(media_file=file)
    return file


def address(name: str, held: MediaFile, upload: Upload) -> str:
    if name == "upload-piece":
        return reverse(name, args=[upload.pk])
    if "media-files/" in get_resolver("archive.urls").reverse_dict.getlist(name)[0][0][0][0]:
        return reverse(name, args=[held.pk])
    takes_key = get_resolver("archive.urls").reverse_dict.getlist(name)[0][0][0][1]
    return reverse(name, args=[held.instantiation.asset_id] if takes_key else [])


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ARCHIVE_ADDRESSES)
def test_a_rights_holder_gets_404_on_every_address_of_the_archive(
    client: Client, henri: Any, ada: Any, held: MediaFile, name: str, method: str,
) -> None:
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    where = address(name, held, upload)
    client.force_login(henri)
    response = getattr(client, method)(where)
    assert response.status_code in ((404, 405) if name in ("fixity-check", "make-previews", "upload-begin") else (404,))
    assert "T-0" not in response.content.decode()


@pytest.mark.parametrize("name", ARCHIVE_ADDRESSES)
def test_a_stranger_is_sent_to_the_log_in_page_from_every_address_of_the_archive(
    client: Client, ada: Any, held: MediaFile, name: str,
) -> None:
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    response = client.get(address(name, held, upload))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", ["asset-new", "asset-edit", "carrier-new", "rights-new", "collection-new", "upload",
                                  "media-original"])
@pytest.mark.parametrize("person", ["rui", "rosa"])
def test_who_does_not_catalogue_is_told_whose_work_it_is(
    client: Client, request: pytest.FixtureRequest, held: MediaFile, ada: Any, person: str, name: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    response = client.get(address(name, held, upload))
    assert response.status_code == 403
    assert b"This is for: Administrator, Archivist." in response.content


@pytest.mark.parametrize("person", ["ada", "rui", "rosa", "olga"])
@pytest.mark.parametrize("name", ["catalogue", "collections", "asset", "media-file"])
def test_the_people_of_the_archive_read_everything(
    client: Client, request: pytest.FixtureRequest, held: MediaFile, ada: Any, person: str, name: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    assert client.get(address(name, held, upload)).status_code == 200


def test_somebody_else_s_upload_does_not_exist(client: Client, olga: Any, ada: Any) -> None:
    upload = Upload.objects.create(by=ada, name="tape.mov", size_bytes=10)
    client.force_login(olga)
    assert client.get(reverse("upload-piece", args=[upload.pk])).status_code == 404
