"""The asset page and the forms that describe an asset."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.actions import catalogue, rights
from archive.models import Agent, Asset, ProvenanceEvent
from archive.templatetags.at_a_glance import short_digests
from archive.templatetags.patina import breakable, date_in_words, said
from archive.vocabularies import TitleType
from tests import factories
from tests.restoration.factories import AnalysisFactory

ROWS = ("titles", "dates", "places", "credits")


@pytest.fixture
def archivist(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


def page_of(client: Client, asset: Asset) -> str:
    response = client.get(reverse("asset", args=[asset.pk]))
    assert response.status_code == 200
    return response.content.decode()


def filled(asset_fields: dict[str, Any], **rows: list[dict[str, str]]) -> dict[str, Any]:
    """What a browser sends for the form with these rows."""
    sent = {"description": "", "description_zh": "", "notes": "", "subjects": "", "accession_number": "",
            **asset_fields}
    for name in ROWS:
        lines = rows.get(name, [])
        sent |= {f"{name}-TOTAL_FORMS": len(lines), f"{name}-INITIAL_FORMS": 0}
        sent |= {f"{name}-{number}-{key}": value for number, line in enumerate(lines) for key, value in line.items()}
    return sent


TITLE = {"value": "Summer Lights", "language": "en", "type": "preferred"}


def test_every_title_carries_its_language(archivist: Client) -> None:
    asset = factories.AssetFactory(title__value="Summer Lights")
    factories.TitleFactory(asset=asset, value="夏夜燈火", language="zh-Hant", type=TitleType.ALTERNATIVE)
    page = page_of(archivist, asset)
    assert '<h1 lang="en">Summer Lights</h1>' in page
    assert '<span lang="zh-Hant">夏夜燈火</span>' in page


def test_an_asset_without_anything_shows_doors_to_what_is_missing(archivist: Client) -> None:
    asset = factories.AssetFactory()
    page = page_of(archivist, asset)
    assert reverse("carrier-new", args=[asset.pk]) in page
    assert f"{reverse('upload')}?asset={asset.pk}" in page
    assert "not digitised yet" in page


def test_a_file_whose_bytes_changed_breaks_the_line(archivist: Client) -> None:
    file = factories.MediaFileFactory()
    file.fixity_checks.create(outcome="success")
    assert 'data-standing="refused"' not in page_of(archivist, file.instantiation.asset)
    file.fixity_checks.create(outcome="failure")
    assert 'data-standing="refused"' in page_of(archivist, file.instantiation.asset)


def test_provenance_names_fields_as_people_do() -> None:
    assert said("Changed: {fields}.", {"fields": "notes, description_zh"}) == "Changed: notes, description in Chinese."


def test_a_file_name_breaks_after_its_separators_and_stays_text() -> None:
    assert breakable("tape_1<b>.mov") == "tape_<wbr>1&lt;b&gt;.mov"


def test_the_line_of_the_recording_goes_from_the_carrier_to_the_file(archivist: Client, ada: Any) -> None:
    asset = factories.AssetFactory()
    catalogue.add_carrier(asset, by=ada, carrier_format="digital_betacam", shelf="C-14", condition="fair",
                          condition_note="dropouts")
    file = factories.MediaFileFactory(instantiation__asset=asset)
    factories.TrackFactory(media_file=file, field_order="tff")
    response = archivist.get(reverse("asset", args=[asset.pk]))
    assert [point.label for point in response.context["line"]] == [
        "Digital Betacam", "Digitised file", "Restoration", "Delivery"]
    page = response.content.decode()
    assert "v210, 720×480, 29.97 interlaced, top field first" in page
    assert "condition: dropouts" in page


@pytest.mark.parametrize(("ends_on", "words"), [
    ("1999-12-31", "ended on 1999-12-31"), ("2999-12-31", "until 2999-12-31"), (None, "without end")])
def test_rights_say_where_their_term_stands(
    archivist: Client, ada: Any, harbour: Any, ends_on: Any, words: str,
) -> None:
    asset = factories.AssetFactory()
    rights.state_rights(asset, by=ada, holder=harbour, basis="copyright", ends_on=_day(ends_on))
    assert words in page_of(archivist, asset)


def _day(text: str | None) -> Any:
    return datetime.date.fromisoformat(text) if text else None


def test_the_asset_page_needs_no_more_queries_for_more_files(archivist: Client, ada: Any) -> None:
    def queries(asset: Asset) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(archivist, asset)
        return len(captured)

    small, large = factories.AssetFactory(), factories.AssetFactory()
    for asset, times in ((small, 1), (large, 6)):
        for _number in range(times):
            catalogue.add_carrier(asset, by=ada, carrier_format="vhs")
            factories.TrackFactory(media_file__instantiation__asset=asset)
    assert queries(large) == queries(small)


def test_an_asset_is_catalogued_with_titles_dates_places_and_credits(archivist: Client) -> None:
    collection = factories.CollectionFactory()
    response = archivist.post(reverse("asset-new"), filled(
        {"kind": "concert", "collection": collection.pk, "subjects": "stage light，crowds"},
        titles=[TITLE, {"value": "夏夜灯火", "language": "zh-Hans", "type": "original"}, {**TITLE, "value": " "}],
        dates=[{"value": "192X", "type": "performed"}], places=[{"value": "Harbour Stadium", "type": "venue"}],
        credits=[{"value": "Lin Yue", "role": "performer", "kind": "person"}]))
    asset = Asset.objects.get()
    assert response["Location"] == reverse("asset", args=[asset.pk])
    assert [title.value for title in asset.titles.all()] == ["Summer Lights", "夏夜灯火"]
    assert (asset.year, asset.places.get().name, asset.credits.get().agent.name) == (1920, "Harbour Stadium", "Lin Yue")
    assert sorted(subject.term for subject in asset.subjects.all()) == ["crowds", "stage light"]


@pytest.mark.parametrize(("titles", "sentence"), [
    ([], "Give it a title"),
    ([{**TITLE, "type": "original"}], "exactly one preferred title"),
    ([TITLE, {**TITLE, "value": "Other"}], "exactly one preferred title"),
])
def test_an_asset_without_one_preferred_title_is_refused_and_nothing_is_stored(
    archivist: Client, titles: list[dict[str, str]], sentence: str,
) -> None:
    collection = factories.CollectionFactory()
    response = archivist.post(reverse("asset-new"),
                              filled({"kind": "film", "collection": collection.pk}, titles=titles))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Asset.objects.exists()


def test_a_date_nobody_can_read_is_named_beside_its_row(archivist: Client) -> None:
    collection = factories.CollectionFactory()
    response = archivist.post(reverse("asset-new"), filled(
        {"kind": "film", "collection": collection.pk}, titles=[TITLE], dates=[{"value": "tuesday", "type": "created"}]))
    assert response.status_code == 422
    assert "“tuesday” is not a date" in response.content.decode()


def test_describing_keeps_what_was_said_in_provenance(archivist: Client) -> None:
    asset = factories.AssetFactory(title__value="Old name")
    archivist.post(reverse("asset-edit", args=[asset.pk]), filled(
        {"kind": asset.kind, "collection": asset.collection_id, "accession_number": asset.accession_number},
        titles=[TITLE]))
    assert asset.provenance.get().facts["changes"]["titles"][0] == [["Old name", "en", "preferred"]]
    assert "Description changed" in page_of(archivist, asset)


def test_the_form_shows_what_is_said_of_the_asset_now(archivist: Client, ada: Any) -> None:
    asset = factories.AssetFactory(title__value="Summer Lights")
    catalogue.describe_asset(asset, catalogue.Description(dates=[catalogue.Date("1934~")]), by=ada)
    page = archivist.get(reverse("asset-edit", args=[asset.pk])).content.decode()
    assert 'value="Summer Lights"' in page
    assert 'value="1934~"' in page


def test_a_term_that_ends_before_it_begins_is_refused_and_names_no_new_holder(archivist: Client) -> None:
    asset = factories.AssetFactory()
    response = archivist.post(reverse("rights-new", args=[asset.pk]), {
        "holder": "Harbour Records", "holder_kind": "organisation", "basis": "copyright",
        "starts_on": "2001-01-01", "ends_on": "2000-01-01"})
    assert response.status_code == 422
    assert not Agent.objects.filter(name="Harbour Records").exists()


def test_a_carrier_is_added_from_the_page(archivist: Client) -> None:
    asset = factories.AssetFactory()
    archivist.post(reverse("carrier-new", args=[asset.pk]), {
        "carrier_format": "vhs", "generation": "dub", "condition": "good", "shelf": "D-1"})
    assert asset.instantiations.get().shelf == "D-1"


@pytest.mark.parametrize(("value", "words"), [
    ("192X", "1920s"), ("1934~", "about 1934"), ("1964/1968", "1964–1968"), ("2000-07-31", "2000-07-31"),
    ("1990?", "1990, uncertain")])
def test_a_date_is_said_as_a_colleague_would_say_it(value: str, words: str) -> None:
    assert date_in_words(value) == words


@pytest.mark.parametrize(("value", "words"), [
    ("192X", "1920s"), ("1934~", "about 1934"), ("2000-07-31", "2000"), ("1964/1968", "1964–1968"),
    ("1999-XX", "1999")])
def test_a_card_says_the_year_as_exactly_as_it_is_known(
    archivist: Client, ada: Any, value: str, words: str,
) -> None:
    asset = factories.AssetFactory()
    catalogue.describe_asset(asset, catalogue.Description(dates=[catalogue.Date(value)]), by=ada)
    for show in ("grid", "list"):
        page = archivist.get(reverse("catalogue"), {"show": show}).content.decode()
        assert words in page.split('class="found"')[1]


def test_the_page_shows_the_newest_events_and_a_door_to_all(archivist: Client, ada: Any) -> None:
    asset = factories.AssetFactory()
    for number in range(12):
        catalogue.describe_asset(asset, catalogue.Description(notes=f"note {number}"), by=ada)
    page = page_of(archivist, asset)
    assert page.count("<strong>Description changed</strong>") == 8
    assert "All 12 events" in page
    everything = archivist.get(reverse("asset", args=[asset.pk]), {"provenance": "all"}).content.decode()
    assert everything.count("<strong>Description changed</strong>") == 12
    assert "All 12 events" not in everything


def test_a_digest_is_short_until_it_is_opened_and_never_becomes_markup() -> None:
    digest = "0123456789ab" + "c" * 52
    said = short_digests(f"<b>SHA-256 {digest}.")
    assert f'<summary>0123456789ab…</summary>{digest}</details>.' in said
    assert said.startswith("&lt;b&gt;SHA-256 ")
    assert short_digests(f"x{digest}") == f"x{digest}"


def test_what_the_scan_found_is_said_once(archivist: Client) -> None:
    analysis = AnalysisFactory()
    page = page_of(archivist, analysis.media_file.instantiation.asset)
    assert page.count("What the scan found") == 1


def test_a_collection_is_described_anew_and_provenance_keeps_what_it_was(archivist: Client) -> None:
    house = factories.CollectionFactory(name="House")
    room = factories.CollectionFactory(name="Romm")
    address = reverse("collection-edit", args=[room.pk])
    assert address in archivist.get(reverse("collections")).content.decode()
    said = {"name": "Room", "name_zh": "", "description": "Of tapes.", "parent": house.pk}
    assert archivist.post(address, said)["Location"] == reverse("collections")
    room.refresh_from_db()
    assert (room.name, room.description, room.parent) == ("Room", "Of tapes.", house)
    changes = ProvenanceEvent.objects.get(type="described").facts["changes"]
    assert changes["name"] == ["Romm", "Room"]
    assert changes["parent"] == ["", "House"]


def test_a_collection_keeps_no_name_that_another_has(archivist: Client) -> None:
    factories.CollectionFactory(name="House")
    room = factories.CollectionFactory(name="Room")
    answer = archivist.post(reverse("collection-edit", args=[room.pk]), {"name": "House"})
    assert answer.status_code == 422
    assert "already a collection" in answer.content.decode()
