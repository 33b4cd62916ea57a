"""Describing what we hold."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from archive.actions import catalogue, rights
from archive.actions.catalogue import CreditLine, Date, Description, Title
from archive.models import Agent, Asset, ProvenanceEvent, User
from archive.templatetags.patina import said
from tests import factories


def test_provenance_keeps_old_and_new_words(ada: User) -> None:
    asset = factories.AssetFactory(title__value="Before", notes="old")
    catalogue.describe_asset(asset, Description(titles=[Title("After")], notes="new", dates=[Date("192x")]), by=ada)
    changes = ProvenanceEvent.objects.get(type="described").facts["changes"]
    assert changes["notes"] == ["old", "new"]
    assert changes["titles"] == [[["Before", "en", "preferred"]], [["After", "en", "preferred"]]]
    assert set(changes) == {"notes", "titles", "dates"}
    assert Asset.objects.get().year == 1920


def test_saying_the_same_again_leaves_no_event(ada: User) -> None:
    asset = factories.AssetFactory(notes="the same")
    catalogue.describe_asset(asset, Description(notes="the same"), by=ada)
    assert not ProvenanceEvent.objects.exists()


def test_a_description_that_cannot_be_changes_nothing(ada: User) -> None:
    asset = factories.AssetFactory(notes="old")
    for wrong in (Description(notes="new", dates=[Date("soon")]), Description(notes="new", titles=[]),
                  Description(notes="new", kind="opera")):
        with pytest.raises(ValidationError):
            catalogue.describe_asset(asset, wrong, by=ada)
    assert (Asset.objects.get().notes, ProvenanceEvent.objects.count()) == ("old", 0)


def test_an_agent_is_made_once_and_gathers_names(ada: User) -> None:
    for other in ("張國榮", "张国荣"):
        line = CreditLine("Leslie Cheung", "performer", other_names=(other,))
        catalogue.describe_asset(factories.AssetFactory(), Description(credits=[line]), by=ada)
    assert Agent.objects.get().other_names == ["張國榮", "张国荣"]


def test_a_restorer_does_not_describe(rui: User) -> None:
    with pytest.raises(PermissionDenied):
        catalogue.describe_asset(factories.AssetFactory(), Description(notes="x"), by=rui)


def test_a_collection_cannot_become_part_of_what_it_holds(ada: User) -> None:
    house = catalogue.create_collection(by=ada, name="House")
    room = catalogue.create_collection(by=ada, name="Room", parent=house)
    words = {"name_zh": "", "description": ""}
    for into in (house, room):
        with pytest.raises(ValidationError, match="part of itself"):
            catalogue.describe_collection(house, name="House", parent=into, by=ada, **words)
    assert catalogue.describe_collection(room, name="Room", parent=None, by=ada, **words).parent is None


@pytest.mark.django_db(transaction=True)
def test_numbers_given_at_the_same_moment_have_neither_gaps_nor_twins() -> None:
    place = factories.CollectionFactory()

    def create(number: int) -> str:
        try:
            made = catalogue.create_asset(by=None, kind="film", collection=place, title=f"Film {number}")
            return made.accession_number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        given = sorted(people.map(create, range(8)))
    assert given == [f"P-{timezone.localdate().year}-{number:04}" for number in range(1, 9)]


def test_a_term_that_ends_before_it_begins_is_refused(ada: User, harbour: Agent) -> None:
    asset, first, last = factories.AssetFactory(), datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)
    with pytest.raises(ValidationError):
        rights.state_rights(asset, by=ada, holder=harbour, basis="copyright", starts_on=last, ends_on=first)
    assert rights.state_rights(asset, by=ada, holder=harbour, basis="copyright", starts_on=first, ends_on=last).pk
    assert ProvenanceEvent.objects.get().type == "rights_stated"


def test_rights_of_somebody_new_make_the_agent_once(ada: User) -> None:
    asset = factories.AssetFactory()
    for _time in range(2):
        rights.state_rights(asset, by=ada, holder="  Harbour   Records ", basis="licence")
    assert (Agent.objects.get().name, Agent.objects.get().kind) == ("Harbour Records", "organisation")


def test_rights_that_are_refused_make_nobody(ada: User, rui: User) -> None:
    asset = factories.AssetFactory()
    with pytest.raises(ValidationError):
        rights.state_rights(asset, by=ada, holder="Harbour Records", basis="goodwill")
    with pytest.raises(ValidationError):
        rights.state_rights(asset, by=ada, holder="   ", basis="licence")
    with pytest.raises(PermissionDenied):
        rights.state_rights(asset, by=rui, holder="Harbour Records", basis="licence")
    assert not Agent.objects.exists()


@pytest.mark.parametrize(("starts_on", "ends_on", "sentence"), [
    (None, None, "Harbour holds rights: Licence, without a term."),
    ("2020-01-01", None, "Harbour holds rights: Licence, from 2020-01-01 on."),
    (None, "2030-12-31", "Harbour holds rights: Licence, until 2030-12-31."),
    ("2020-01-01", "2030-12-31", "Harbour holds rights: Licence, from 2020-01-01 until 2030-12-31."),
])
def test_provenance_says_the_term_as_it_is(
    ada: User, starts_on: str | None, ends_on: str | None, sentence: str,
) -> None:
    first, last = (datetime.date.fromisoformat(day) if day else None for day in (starts_on, ends_on))
    rights.state_rights(factories.AssetFactory(), by=ada, holder="Harbour", basis="licence", starts_on=first,
                        ends_on=last)
    event = ProvenanceEvent.objects.get()
    assert said(event.detail, event.facts) == sentence
