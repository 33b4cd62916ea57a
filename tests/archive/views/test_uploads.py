"""Which upload goes on, and which one begins anew."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import Upload
from tests import factories


@pytest.fixture
def archivist(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def announced(db: None) -> dict[str, Any]:
    return {"name": "tape.mov", "size": 1000, "modified": 964990000000, "kind": "film",
            "collection": factories.CollectionFactory().pk}


@pytest.fixture
def begun(archivist: Client, announced: dict[str, Any]) -> Any:
    """An upload of which 600 bytes have come."""
    answer = archivist.post(reverse("upload-begin"), announced).json()
    archivist.patch(answer["address"], b"x" * 600, content_type="application/octet-stream",
                    headers={"Upload-Offset": "0"})
    return answer


def test_the_same_file_for_the_same_place_goes_on_and_says_what_came(
    archivist: Client, announced: dict[str, Any], begun: Any,
) -> None:
    again = archivist.post(reverse("upload-begin"), announced).json()
    assert (again["address"], again["received"]) == (begun["address"], 600)
    assert (again["tail"]["first"], again["tail"]["end"]) == (0, 600)
    assert begun["tail"] is None


@pytest.mark.parametrize(("field", "value"), [
    ("modified", 964990000001), ("modified", ""), ("size", 1001), ("name", "tape 2.mov"), ("kind", "concert"),
    ("anew", "1")])
def test_another_file_or_another_kind_begins_anew(
    archivist: Client, announced: dict[str, Any], begun: Any, field: str, value: Any,
) -> None:
    other = archivist.post(reverse("upload-begin"), {**announced, field: value}).json()
    assert other["address"] != begun["address"]
    assert other["received"] == 0


def test_the_same_file_for_another_place_begins_anew(
    archivist: Client, announced: dict[str, Any], begun: Any,
) -> None:
    for place in ({"collection": factories.CollectionFactory().pk}, {"asset": factories.AssetFactory().pk}):
        assert archivist.post(reverse("upload-begin"), {**announced, **place}).json()["received"] == 0


def test_another_person_s_upload_is_not_gone_on_with(
    client: Client, olga: Any, announced: dict[str, Any], begun: Any,
) -> None:
    client.force_login(olga)
    assert client.post(reverse("upload-begin"), announced).json()["address"] != begun["address"]


def test_an_unfinished_upload_has_a_button_that_forgets_it(archivist: Client, begun: Any) -> None:
    page = archivist.get(reverse("upload")).content.decode()
    assert f'data-forget="{begun["address"]}"' in page
    assert archivist.delete(begun["address"]).status_code == 204
    assert not Upload.objects.exists()
