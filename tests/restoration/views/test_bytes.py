"""Reel, stills and downloads: the bytes themselves, by range, and what is written down about them."""

import io

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from archive.models import User
from archive.storage import derivative_path
from restoration.models import Delivery, DeliveryItem, Download, Version
from restoration.vocabularies import DeliveryState
from tests.restoration.factories import DeliveryFactory, DeliveryItemFactory
from tests.restoration.views import barcode
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db

BYTES = bytes(range(250)) * 4


@pytest.fixture
def version() -> Version:
    return version_with_bytes(12)


@pytest.fixture
def item(henri: User) -> DeliveryItem:
    delivery = DeliveryFactory(recipient=henri.organisation)
    made: DeliveryItem = DeliveryItemFactory(delivery=delivery)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.RELEASED)
    path = derivative_path(made.storage_key)
    path.parent.mkdir(parents=True)
    path.write_bytes(BYTES)
    return made


def test_the_reel_is_served_by_range(client: Client, rosa: User, version: Version) -> None:
    client.force_login(rosa)
    answer = client.get(reverse("pair-reel", args=[version.pk]), headers={"range": "bytes=4-7"})
    assert (answer.status_code, b"".join(answer)) == (206, b"ftyp")


@pytest.mark.parametrize(("side", "grey"), [("a", barcode.LEFT_GREY), ("b", barcode.RIGHT_GREY)])
def test_a_still_is_that_frame_of_that_side(client: Client, rosa: User, version: Version, side: str, grey: int) -> None:
    client.force_login(rosa)
    answer = client.get(reverse("still", args=[version.pk, 7]), {"side": side})
    picture = np.asarray(Image.open(io.BytesIO(b"".join(answer))).convert("L"))
    assert barcode.number_in(picture) == 7
    assert abs(int(picture[-4, 20]) - (grey - 16) * 255 / 219) < 4


def test_there_is_no_still_after_the_last_frame(client: Client, rosa: User, version: Version) -> None:
    client.force_login(rosa)
    assert client.get(reverse("still", args=[version.pk, 12])).status_code == 404


def accept(client: Client, item: DeliveryItem) -> None:
    page = client.get(reverse("delivery", args=[item.delivery_id]))
    client.post(reverse("delivery-accept", args=[item.delivery_id]),
                {"terms_sha256": page.context["form"].initial["terms_sha256"], "accepted": "on"})


def test_nothing_is_downloaded_before_the_terms_are_accepted(client: Client, henri: User, item: DeliveryItem) -> None:
    client.force_login(henri)
    assert client.get(reverse("delivery-item", args=[item.pk])).status_code == 403
    assert not Download.objects.exists()


def test_terms_that_were_not_ticked_are_not_accepted(client: Client, henri: User, item: DeliveryItem) -> None:
    client.force_login(henri)
    answer = client.post(reverse("delivery-accept", args=[item.delivery_id]), {"terms_sha256": "0" * 64})
    assert answer.status_code == 422
    assert not item.delivery.acceptances.exists()


def test_half_a_download_and_its_resumption_are_both_written_down(
    client: Client, henri: User, item: DeliveryItem,
) -> None:
    client.force_login(henri)
    accept(client, item)
    address = reverse("delivery-item", args=[item.pk])
    got = b""
    for asked in ("bytes=0-499", "bytes=500-"):
        answer = client.get(address, headers={"range": asked})
        got += b"".join(answer)
    assert got == BYTES
    assert sorted(Download.objects.values_list("first_byte", "last_byte", "sent_bytes", "by")) == [
        (0, 499, 500, henri.pk), (500, 999, 500, henri.pk)]


def test_a_download_is_written_down_before_its_first_byte_leaves(
    client: Client, henri: User, item: DeliveryItem,
) -> None:
    client.force_login(henri)
    accept(client, item)
    answer = client.get(reverse("delivery-item", args=[item.pk]), headers={"range": "bytes=10-"})
    begun = Download.objects.get()
    assert (begun.first_byte, begun.last_byte, begun.sent_bytes, begun.ended_at) == (10, 999, 0, None)
    assert len(b"".join(answer)) == 990
    ended = Download.objects.get()
    assert (ended.pk, ended.sent_bytes) == (begun.pk, 990)
    assert ended.ended_at is not None


def test_asking_only_for_the_size_of_a_file_is_no_download(client: Client, henri: User, item: DeliveryItem) -> None:
    client.force_login(henri)
    accept(client, item)
    assert client.head(reverse("delivery-item", args=[item.pk])).headers["Content-Length"] == "1000"
    assert not Download.objects.exists()


def test_a_revoked_delivery_stops_within_one_request(client: Client, henri: User, item: DeliveryItem) -> None:
    client.force_login(henri)
    accept(client, item)
    Delivery.objects.filter(pk=item.delivery_id).update(state=DeliveryState.REVOKED)
    assert client.get(reverse("delivery-item", args=[item.pk])).status_code == 404
