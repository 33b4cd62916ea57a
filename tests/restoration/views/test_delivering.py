"""To whom a version can be handed, and what the terms say of them."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.actions import rights
from archive.models import Agent, User
from restoration.models import Delivery
from tests.factories import AgentFactory, UserFactory
from tests.restoration.factories import ReviewFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def archivist(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def test_the_terms_name_whoever_is_chosen(archivist: Client, ada: User, harbour: Agent) -> None:
    version = ReviewFactory().version
    rights.state_rights(version.asset, by=ada, holder=harbour, basis="copyright")
    other = AgentFactory(name="Elsewhere Films", kind="organisation")
    UserFactory(role="rights_holder", organisation=other)
    address = reverse("delivery-new", args=[version.pk])
    form = archivist.get(address).context["form"]
    assert form.initial["recipient"] == harbour
    assert archivist.post(address, {"recipient": other.pk, "terms": form.initial["terms"]}).status_code == 302
    terms = Delivery.objects.get().terms
    assert terms.count("Elsewhere Films") == 2
    assert "Harbour" not in terms
    assert "{" not in terms


def test_wide_range_copies_are_made_where_they_are_asked_for(archivist: Client, harbour: Agent) -> None:
    version = ReviewFactory().version
    rights.state_rights(version.asset, by=UserFactory(role="archivist"), holder=harbour, basis="copyright")
    address = reverse("delivery-new", args=[version.pk])
    assert "Wide range: HDR10" in archivist.get(address).content.decode()
    archivist.post(address, {"recipient": harbour.pk, "terms": "Once.", "extras": ["hdr10"]})
    assert Delivery.objects.get().extras == ["hdr10"]


def test_a_copy_that_is_not_offered_is_refused(archivist: Client, henri: User, harbour: Agent) -> None:
    version = ReviewFactory().version
    rights.state_rights(version.asset, by=UserFactory(role="archivist"), holder=harbour, basis="copyright")
    answer = archivist.post(reverse("delivery-new", args=[version.pk]),
                            {"recipient": harbour.pk, "terms": "Once.", "extras": ["three-dimensional"]})
    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_braces_that_are_no_recipient_are_left_alone(archivist: Client, henri: User, harbour: Agent) -> None:
    version = ReviewFactory().version
    archivist.post(reverse("delivery-new", args=[version.pk]), {"recipient": harbour.pk, "terms": "{0} {} {x"})
    assert Delivery.objects.get().terms == "{0} {} {x"


def test_a_person_who_holds_rights_can_receive(archivist: Client, ada: User) -> None:
    version = ReviewFactory().version
    rights.state_rights(version.asset, by=ada, holder="Leslie", holder_kind="person", basis="copyright")
    form = archivist.get(reverse("delivery-new", args=[version.pk])).context["form"]
    assert [agent.name for agent in form.fields["recipient"].queryset] == ["Leslie"]


def test_where_nobody_holds_rights_a_door_leads_to_stating_them(archivist: Client) -> None:
    version = ReviewFactory().version
    page = archivist.get(reverse("delivery-new", args=[version.pk])).content.decode()
    assert "Nobody can receive it yet" in page
    assert reverse("rights-new", args=[version.asset_id]) in page
    assert "<textarea" not in page
