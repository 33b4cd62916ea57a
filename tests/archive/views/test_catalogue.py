"""The catalogue as readers meet it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from archive.actions import catalogue
from archive.models import Asset
from archive.search import index_assets
from archive.vocabularies import AssetKind, RestorationState
from tests import factories


@pytest.fixture
def reader(client: Client, ada: Any) -> Client:
    client.force_login(ada)
    return client


def browse(reader: Client, **asked: Any) -> Any:
    response = reader.get(reverse("catalogue"), asked)
    assert response.status_code == 200
    return response


def shown(response: Any) -> list[str]:
    return [asset.accession_number for asset in response.context["page"]]


def test_an_empty_archive_says_how_to_bring_in_the_first_recording(reader: Client) -> None:
    page = browse(reader).content.decode()
    assert "The shelves are empty" in page
    assert "manage.py ingest" in page
    assert reverse("upload") in page


def test_a_reviewer_is_not_told_to_bring_in_what_they_may_not(client: Client, rosa: Any) -> None:
    client.force_login(rosa)
    assert reverse("upload") not in browse(client).content.decode()


def test_the_sentence_on_top_says_how_much_there_is_and_what_waits(reader: Client) -> None:
    factories.AssetFactory.create_batch(2)
    factories.AssetFactory(restoration_state=RestorationState.TO_REVIEW)
    factories.AssetFactory(restoration_state=RestorationState.RESTORING)
    page = browse(reader).content.decode()
    assert "4 assets" in page
    assert "1 waits for a review" in page
    assert "1 is being restored" in page


def test_a_title_is_shown_in_both_scripts_each_with_its_language(reader: Client) -> None:
    asset = factories.AssetFactory(title__value="Summer Lights")
    factories.TitleFactory(asset=asset, value="夏夜灯火", language="zh-Hans", type="original")
    page = browse(reader).content.decode()
    assert '<span lang="en">Summer Lights</span>' in page
    assert '<span lang="zh-Hans">夏夜灯火</span>' in page


def test_a_reader_of_chinese_sees_the_chinese_title_first(reader: Client) -> None:
    asset = factories.AssetFactory(title__value="Summer Lights")
    factories.TitleFactory(asset=asset, value="夏夜灯火", language="zh-Hans", type="original")
    reader.post(reverse("set_language"), {"language": "zh-hans", "next": "/"})
    page = browse(reader).content.decode()
    assert page.index("夏夜灯火") < page.index("Summer Lights")


def test_the_search_and_a_filter_narrow_together_and_each_can_be_taken_back(reader: Client, ada: Any) -> None:
    concerts = factories.CollectionFactory(name="Concerts")
    for title, kind in (("张国荣热情演唱会", "concert"), ("张国荣访谈", "programme"), ("Harbour", "concert")):
        catalogue.create_asset(by=ada, kind=kind, collection=concerts, title=title, accession_number=title[:5] + kind)
    response = browse(reader, q="张国荣", kind="concert")
    assert shown(response) == ["张国荣热情concert"]
    page = response.content.decode()
    assert 'href="?kind=concert"' in page
    assert 'href="?q=%E5%BC%A0%E5%9B%BD%E8%8D%A3"' in page


def test_nothing_found_says_what_was_searched_and_how_to_widen(reader: Client) -> None:
    factories.AssetFactory()
    page = browse(reader, q="no such thing", kind="film").content.decode()
    assert "Nothing found for “no such thing”" in page
    assert "Search everywhere" in page


@pytest.mark.parametrize("asked", [
    {"kind": "nonsense"}, {"decade": "x"}, {"collection": "-1"}, {"collection": "9" * 40}, {"state": "'"},
    {"sort": "size"}, {"show": "cube"}, {"page": "a"}, {"page": "999"}, {"decade": "²"},
])
def test_an_address_that_asks_for_what_cannot_be_shows_the_catalogue(reader: Client, asked: dict[str, str]) -> None:
    asset = factories.AssetFactory()
    assert shown(browse(reader, **asked)) == [asset.accession_number]


def test_the_order_by_title_keeps_assets_without_a_preferred_title(reader: Client) -> None:
    b = factories.AssetFactory(title__value="B")
    a = factories.AssetFactory(title__value="A")
    untitled = factories.AssetFactory(title=None)
    assert shown(browse(reader, sort="title")) == [x.accession_number for x in (a, b, untitled)]


def test_the_oldest_come_first_and_the_undated_last(reader: Client) -> None:
    undated, later, earlier = (factories.AssetFactory(year=year) for year in (None, 1990, 1920))
    assert shown(browse(reader, sort="oldest")) == [x.accession_number for x in (earlier, later, undated)]


def test_the_list_is_a_table_and_its_address_can_be_kept(reader: Client) -> None:
    asset = factories.AssetFactory()
    page = browse(reader, show="list").content.decode()
    assert '<table class="table holdings">' in page
    assert asset.accession_number in page


def test_the_second_page_goes_on_where_the_first_ends_and_both_keep_the_order(reader: Client) -> None:
    place = factories.CollectionFactory()
    noted = factories.AssetFactory.create_batch(30, collection=place, notes="Harbour", title__value="Night")
    titled = factories.AssetFactory.create_batch(30, collection=place, title__value="Harbour")
    index_assets([asset.pk for asset in [*noted, *titled]])
    expected = [asset.accession_number for asset in [*reversed(titled), *reversed(noted)]]
    first, second = browse(reader, q="harbour"), browse(reader, q="harbour", page="2")
    assert (shown(first), shown(second)) == (expected[:48], expected[48:])
    assert "60 found" in first.content.decode()


@pytest.mark.parametrize("asked", [
    {}, {"show": "list"}, {"sort": "title"}, {"kind": "film", "decade": "1990"}, {"q": "title"},
    {"q": "title", "kind": "film"}])
def test_the_number_of_queries_does_not_grow_with_the_archive(
    reader: Client, asked: dict[str, str],
) -> None:
    def queries() -> int:
        index_assets(Asset.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            browse(reader, **asked)
        return len(captured)

    few = factories.CollectionFactory()
    factories.AssetFactory.create_batch(2, collection=few, kind=AssetKind.FILM, year=1994)
    with_two = queries()
    for collection in factories.CollectionFactory.create_batch(5):
        for asset in factories.AssetFactory.create_batch(10, collection=collection, kind=AssetKind.FILM, year=1995):
            file = factories.MediaFileFactory(instantiation__asset=asset)
            Asset.objects.filter(pk=asset.pk).update(poster_file=file)
    assert queries() == with_two
    assert with_two <= 10


def test_the_collections_are_a_tree_in_a_constant_number_of_queries(
    reader: Client, django_assert_max_num_queries: Any,
) -> None:
    above = factories.CollectionFactory(name="Masters")
    for part in factories.CollectionFactory.create_batch(8, parent=above):
        factories.AssetFactory(collection=part)
    with django_assert_max_num_queries(4):
        page = reader.get(reverse("collections")).content.decode()
    assert page.index("Masters") < page.index(part.name)


def test_a_collection_is_created_inside_another(reader: Client) -> None:
    above = factories.CollectionFactory(name="Masters")
    reader.post(reverse("collection-new"), {"name": "Reels", "parent": above.pk})
    assert above.children.get().name == "Reels"


def test_a_second_collection_of_the_same_name_is_refused_with_a_sentence(reader: Client) -> None:
    factories.CollectionFactory(name="Masters")
    response = reader.post(reverse("collection-new"), {"name": "Masters"})
    assert response.status_code == 422
    assert "There is already a collection “Masters” here." in response.content.decode()


def test_a_chosen_collection_that_holds_nothing_is_still_called_by_its_name(reader: Client) -> None:
    factories.AssetFactory()
    empty = factories.CollectionFactory(name="Empty shelf")
    page = browse(reader, collection=str(empty.pk)).content.decode()
    assert "Collection: Empty shelf" in page


def test_an_archivist_with_an_empty_archive_is_told_how_to_begin(reader: Client) -> None:
    page = browse(reader).content.decode()
    assert f'class="button main" href="{reverse("collection-new")}"' in page
    factories.CollectionFactory()
    page = browse(reader).content.decode()
    assert f'class="button main" href="{reverse("upload")}"' in page
    assert "data-done" in page


def test_a_reviewer_with_an_empty_archive_is_not_told_to_fill_it(client: Client, rosa: Any) -> None:
    client.force_login(rosa)
    page = browse(client).content.decode()
    assert "The shelves are empty" in page
    assert reverse("upload") not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_kind_and_state_are_called_what_the_vocabulary_calls_them_in_the_readers_language(language: str) -> None:
    with translation.override(language):
        called = [(Asset(kind=kind, restoration_state=state).get_kind_display(),
                   Asset(kind=kind, restoration_state=state).get_restoration_state_display())
                  for kind in AssetKind.values for state in RestorationState.values]
        assert called == [(str(kind), str(state)) for _kind, kind in AssetKind.choices
                          for _state, state in RestorationState.choices]


def test_a_decade_is_named_in_the_readers_language(reader: Client, ada: Any) -> None:
    held = factories.AssetFactory()
    catalogue.describe_asset(held, catalogue.Description(dates=[catalogue.Date("1934", "created")]), by=ada)
    reader.cookies["django_language"] = "zh-hans"
    page = browse(reader, decade=1930).content.decode()
    assert page.count("1930 年代") == 2
    assert "1930s" not in page


def test_a_page_behind_a_door_marks_the_door(reader: Client) -> None:
    page = reader.get(reverse("collections")).content.decode()
    assert f'<a href="{reverse("catalogue")}" aria-current="true">' in page
