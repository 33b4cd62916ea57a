import pytest
from django.utils import translation

from archive.glances import glances
from archive.models import AssetDate, AssetTitle
from archive.vocabularies import AssetKind, RestorationState
from tests import factories

pytestmark = pytest.mark.django_db


def titled(**fields: object) -> int:
    asset = factories.AssetFactory(**fields)
    asset.titles.all().delete()
    for language, type_, value in (("en", "preferred", "Passion"), ("zh-Hans", "translated", "热情"),
                                   ("zh-Latn", "transliterated", "Reqing")):
        AssetTitle.objects.create(asset=asset, value=value, language=language, type=type_)
    return asset.pk


def dated(pk: int, *values: tuple[str, str]) -> None:
    AssetDate.objects.filter(asset=pk).delete()
    for value, earliest in values:
        AssetDate.objects.create(asset_id=pk, type="created", value=value, earliest=earliest, latest="2100-01-01")


def test_assets_come_in_the_order_of_their_keys_and_unknown_keys_are_left_out() -> None:
    first, second = factories.AssetFactory(), factories.AssetFactory()
    assert [glance.pk for glance in glances([second.pk, 0, first.pk])] == [second.pk, first.pk]


def test_the_title_in_the_readers_script_comes_first_and_pinyin_is_no_other_script() -> None:
    pk = titled()
    with translation.override("en"):
        assert [title.value for title in glances([pk])[0].titles] == ["Passion", "热情"]
    with translation.override("zh-hans"):
        assert [title.value for title in glances([pk])[0].titles] == ["热情", "Passion"]


def test_terms_and_collections_are_said_in_the_readers_language() -> None:
    collection = factories.CollectionFactory(name="Concerts", name_zh="演唱会")
    pk = factories.AssetFactory(collection=collection, kind=AssetKind.CONCERT,
                                restoration_state=RestorationState.TO_REVIEW).pk
    with translation.override("zh-hans"):
        glance = glances([pk])[0]
    assert (glance.collection, glance.state) == ("演唱会", "to_review")
    with translation.override("en"):
        assert (glances([pk])[0].kind, glances([pk])[0].collection) == ("Concert", "Concerts")
    assert glance.kind != "Concert"


@pytest.mark.parametrize(("value", "said"), [("1934~", "about 1934"), ("192X", "1920s"), ("2000-07-31", "2000")])
def test_the_year_is_as_exact_as_it_is_known(value: str, said: str) -> None:
    pk = factories.AssetFactory(year=1999).pk
    dated(pk, ("2005", "2005-01-01"), (value, "1900-01-01"))
    assert glances([pk])[0].year == said


def test_without_a_date_the_year_stands_and_without_a_year_nothing() -> None:
    known, unknown = factories.AssetFactory(year=1999).pk, factories.AssetFactory(year=None).pk
    AssetDate.objects.all().delete()
    assert [glance.year for glance in glances([known, unknown])] == ["1999", ""]


def test_the_poster_brings_the_duration_of_its_file() -> None:
    asset = factories.AssetFactory()
    file = factories.MediaFileFactory(instantiation__asset=asset, duration_seconds="12.5")
    asset.poster_file = file
    asset.save()
    glance = glances([asset.pk])[0]
    assert (glance.poster, float(glance.duration_seconds or 0)) == (file.pk, 12.5)
