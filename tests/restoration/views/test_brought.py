"""The page of one network of others: who reads it, who corrects it, and what it says of both."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.models import Weights
from tests.restoration.factories import AnalysisFactory, WeightsFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Weights:
    row: Weights = WeightsFactory(name="Shrap <eyes>", licence="MIT")
    return row


def page_of(client: Client, user: User, network: Weights) -> str:
    client.force_login(user)
    return client.get(reverse("network", args=[network.pk])).content.decode()


def test_everybody_of_the_house_reads_it_and_who_may_register_has_the_pen(
        client: Client, rui: User, rosa: User, network: Weights) -> None:
    told = page_of(client, rosa, network)
    assert network.sha256 in told and "Shrap &lt;eyes&gt;" in told
    assert "Correct it" not in told
    assert "Correct it" in page_of(client, rui, network)
    assert reverse("network", args=[network.pk]) in client.get(reverse("networks")).content.decode()


def test_a_correction_is_told_with_what_was_said_before(client: Client, rui: User, network: Weights) -> None:
    client.force_login(rui)
    address = reverse("network", args=[network.pk])
    told = client.post(address, {"name": "Sharp eyes", "licence": "Apache-2.0"}, follow=True).content.decode()
    assert "What is said of it is corrected." in told
    assert "Corrected: “Shrap &lt;eyes&gt;”, MIT is now “Sharp eyes”, Apache-2.0" in told


def test_where_it_comes_from_is_corrected_in_the_same_form(client: Client, rui: User) -> None:
    network = WeightsFactory(name="Sharp eyes", licence="MIT", origin="by post")
    client.force_login(rui)
    address = reverse("network", args=[network.pk])
    assert 'value="by post"' in client.get(address).content.decode()
    told = client.post(address, {"name": "Sharp eyes", "licence": "MIT", "origin": "https://example.org/eyes"},
                       follow=True).content.decode()
    assert "Where Sharp eyes comes from was corrected: “by post” is now “https://example.org/eyes”" in told
    assert "Corrected: “Sharp eyes”" not in told


def test_what_was_typed_stays_where_the_licence_is_missing(client: Client, rui: User, network: Weights) -> None:
    client.force_login(rui)
    answer = client.post(reverse("network", args=[network.pk]), {"name": "Sharp eyes", "licence": " "})
    assert answer.status_code == 422
    assert 'value="Sharp eyes"' in answer.content.decode()
    assert "Say by which licence these weights may be used." in answer.content.decode()
    assert Weights.objects.get().name == "Shrap <eyes>"


def test_a_withdrawn_network_says_so_and_leaves_the_form_of_versions_until_it_is_offered_again(
        client: Client, rui: User, network: Weights) -> None:
    client.force_login(rui)
    propose = reverse("version-propose", args=[AnalysisFactory().pk])
    told = client.post(reverse("network-withdraw", args=[network.pk]), {"reason": "For research alone."},
                       follow=True).content.decode()
    assert "withdrawn: For research alone." in told and "Offer it again" in told
    assert "Withdrawn" in client.get(reverse("networks")).content.decode()
    assert network.sha256 not in client.get(propose).content.decode()
    client.post(reverse("network-offer", args=[network.pk]))
    assert network.sha256 in client.get(propose).content.decode()


def test_a_reason_that_is_too_long_is_not_lost(client: Client, rui: User, network: Weights) -> None:
    client.force_login(rui)
    answer = client.post(reverse("network-withdraw", args=[network.pk]), {"reason": "long " * 101})
    assert answer.status_code == 422
    assert "long long" in answer.content.decode()
    assert Weights.objects.get().withdrawn_at is None
