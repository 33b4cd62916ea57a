"""What a person can find, in which script and with how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.actions import catalogue
from archive.actions.catalogue import CreditLine, Date, Description, Place, Title
from archive.models import Asset, User
from archive.search import fold, index_asset, index_assets, search
from tests import factories


@pytest.fixture
def concert(ada: User) -> Asset:
    description = Description(
        titles=[Title("张国荣热情演唱会", "zh-Hans"), Title("Passion Tour", "en", "translated")],
        credits=[CreditLine("Leslie Cheung", "performer", other_names=("張國榮",))],
        places=[Place("香港體育館", "venue")], subjects=["Cantopop"], dates=[Date("2000-07-31", "performed")],
        notes="Second reel of three; Édith transferred it.", description_zh="现场录像，色彩偏红。")
    return catalogue.create_asset(by=ada, kind="concert", title="", accession_number="P-2000-0417",
                                  collection=factories.CollectionFactory(), description=description)


@pytest.mark.parametrize("asked", [
    "张国荣", "張國榮", "张国荣热情演唱会", "热情", "荣", "演唱会", "张国荣 演唱会", "「张国荣」",
    "zhang guo rong", "zhangguorong", "guorong", "zgr", "ZHANG",
    "Leslie", "leslie cheung", "ｌｅｓｌｉｅ", "Cheu leslie", "体育馆", "香港體育館", "cantopop", "édith", "EDITH",
    "P-2000-0417", "2000-0417", "2000-04", "0417", "passion tour", '"passion tour"', "偏红", "reel leslie 热情",
])
def test_the_concert_is_found(concert: Asset, asked: str) -> None:
    factories.AssetFactory(title__value="别的电影")
    assert list(search(Asset.objects.all(), asked)) == [concert]


@pytest.mark.parametrize("asked", ["荣国张", "国张", "张热情", "guozhang", '"tour passion"', "0417-2000", "Beyond",
                                   "！？", "'", "会张"])
def test_the_concert_is_not_found(concert: Asset, asked: str) -> None:
    assert not search(Asset.objects.all(), asked)


def test_characters_and_figures_written_together_keep_their_order(concert: Asset, ada: User) -> None:
    catalogue.describe_asset(concert, Description(notes="演唱会2000修复版"), by=ada)
    assert search(Asset.objects.all(), "演唱会2000修复").get() == concert
    assert not search(Asset.objects.all(), "2000演唱会修复")


def test_a_traditional_title_is_found_by_simplified_characters_and_stays_as_it_was_written(ada: User) -> None:
    asset = factories.AssetFactory(title__value="張國榮熱情演唱會")
    index_asset(asset)
    assert search(Asset.objects.all(), "热情演唱会").get().titles.get().value == "張國榮熱情演唱會"


def test_a_title_counts_more_than_a_note(ada: User) -> None:
    noted = factories.AssetFactory(notes="see also Harbour")
    titled = factories.AssetFactory(title__value="Harbour")
    index_asset(noted)
    index_asset(titled)
    assert list(search(Asset.objects.all(), "harbour")) == [titled, noted]


def test_nothing_asked_leaves_everything(concert: Asset) -> None:
    assert search(Asset.objects.all(), "  ").get() == concert


@pytest.mark.parametrize(("asked", "is_found"), [
    ("leslie & tour", True), ("leslie | beyond", False), ("!beyond", False), ("leslie !beyond", False),
    ("tour <-> passion", True), ("leslie's", False), ("les\\lie", False), ("lesl:*", True),
    ("%s", True), ("%", False), ("\x00leslie", True), ("(", False), ("(leslie", True), ("x" * 5000, False)])
def test_words_that_mean_something_to_the_database_are_only_words(
    concert: Asset, asked: str, is_found: bool,
) -> None:
    assert list(search(Asset.objects.all(), asked)) == ([concert] if is_found else [])


def test_a_very_long_text_can_be_indexed(concert: Asset, ada: User) -> None:
    catalogue.describe_asset(concert, Description(notes="很长的笔记" * 6000 + "x" * 4000 + " 末尾"), by=ada)
    assert search(Asset.objects.all(), "末尾").get() == concert


def test_both_sides_are_folded_alike() -> None:
    assert fold("ＡＢＣ　張國榮 É") == fold("abc 张国荣 e")


@pytest.mark.django_db
def test_indexing_takes_the_same_queries_for_two_assets_and_for_twenty() -> None:
    for rounds in (2, 18):
        for _number in range(rounds):
            factories.AssetFactory()
        with CaptureQueriesContext(connection) as queries:
            index_assets(Asset.objects.values_list("pk", flat=True))
        assert len(queries) == 7
