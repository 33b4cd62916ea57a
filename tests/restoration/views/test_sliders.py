"""What the sliders of one shot tell of themselves: how far each goes, and what has to be corrected."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.models import Version
from tests.restoration.factories import VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(client: Client, rui: User) -> Version:
    client.force_login(rui)
    made: Version = VersionFactory(made=True)
    return made


def test_each_number_says_how_far_it_goes(client: Client, version: Version) -> None:
    page = client.get(reverse("bad-case", args=[version.pk, 1])).content.decode()
    for reach in ("0.5–12 pixels", "0.01–0.3", "1–3 frames", "0–0.4"):
        assert f'<span class="unit nowrap">{reach}</span></label>' in page
