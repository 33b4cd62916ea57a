"""How many there are of each kind, decade, collection and state, beside what was chosen."""

import itertools
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Asset, AssetTitle, Collection
from archive.search import Choice, facets, index_asset, index_assets, narrow, search
from archive.vocabularies import AssetKind, RestorationState
from tests import factories


@pytest.mark.django_db
def test_a_collection_counts_what_its_parts_hold() -> None:
    house = factories.CollectionFactory(name="House")
    room = factories.CollectionFactory(name="Room", parent=house)
    shelf = factories.CollectionFactory(name="Shelf", parent=room)
    factories.CollectionFactory(name="Empty")
    for place in (house, room, shelf, shelf):
        factories.AssetFactory(collection=place)
    found = [(facet.label, facet.count, facet.depth) for facet in facets(Asset.objects.all()).collections]
    assert found == [("House", 4, 0), ("Room", 3, 1), ("Shelf", 2, 2)]
    assert narrow(Asset.objects.all(), Choice(collection=room.pk)).count() == 3


@pytest.mark.django_db
def test_a_dimension_counts_beside_the_choices_made_in_the_others() -> None:
    place: Collection = factories.CollectionFactory()
    for kind, year in (("film", 1934), ("film", 1996), ("concert", 1999), ("concert", None)):
        factories.AssetFactory(collection=place, kind=kind, year=year)
    found = facets(Asset.objects.all(), Choice(kind="film"))
    assert {facet.value: facet.count for facet in found.kinds} == {"film": 2, "concert": 2}
    assert {facet.value: facet.count for facet in found.decades} == {1990: 1, 1930: 1}
    assert {facet.value: facet.count for facet in found.restoration_states} == {"catalogued": 2}
    assert narrow(Asset.objects.all(), Choice(kind="concert", decade=1990)).count() == 1


@pytest.mark.django_db
def test_counting_takes_two_queries_for_two_assets_and_for_twenty() -> None:
    for rounds in (2, 18):
        for _number in range(rounds):
            index_asset(factories.AssetFactory(year=1990))
        with CaptureQueriesContext(connection) as queries:
            facets(search(Asset.objects.all(), "title"), Choice(kind="concert", collection=1))
        assert len(queries) == 2


def mixed_archive() -> dict[str, Collection]:
    """Eighty assets of all kinds, years and states, in three collections that lie in each other and one beside."""
    house = factories.CollectionFactory(name="House")
    room = factories.CollectionFactory(name="Room", parent=house)
    shelf = factories.CollectionFactory(name="Shelf", parent=room)
    attic, empty = factories.CollectionFactory(name="Attic"), factories.CollectionFactory(name="Empty")
    dice = random.Random(7)
    assets = Asset.objects.bulk_create(
        Asset(accession_number=f"M-{number}", kind=dice.choice(AssetKind.values),
              collection=dice.choice([house, room, shelf, attic]), year=dice.choice([None, 1989, 1990, 1999, 2000]),
              restoration_state=dice.choice(RestorationState.values[:4])) for number in range(80))
    AssetTitle.objects.bulk_create(AssetTitle(
        asset=asset, value=dice.choice(["Harbour", "港口 Harbour", "Night"]), language="en", type="preferred")
        for asset in assets)
    index_assets([asset.pk for asset in assets])
    return {"house": house, "room": room, "shelf": shelf, "empty": empty}


def counted_one_by_one(assets: list[Asset], choice: Choice) -> dict[str, Any]:
    """What the facets promise, said as plainly as can be: every asset is looked at for every dimension."""
    above = {place.pk: place.parent_id for place in Collection.objects.all()}

    def places(asset: Asset) -> list[int]:
        found = [asset.collection_id]
        while above[found[-1]]:
            found.append(above[found[-1]])
        return found

    def values(asset: Asset) -> dict[str, list[Any]]:
        return {"kind": [asset.kind], "decade": [asset.year // 10 * 10] if asset.year else [],
                "collection": places(asset), "restoration_state": [asset.restoration_state]}

    def fits(asset: Asset, but: str = "") -> bool:
        chosen = {name: getattr(choice, name) for name in values(asset) if name != but}
        return all(value in ("", None) or value in values(asset)[name] for name, value in chosen.items())

    return {"found": sum(fits(asset) for asset in assets)} | {
        dimension: Counter(value for asset in assets if fits(asset, but=dimension)
                           for value in values(asset)[dimension])
        for dimension in ("kind", "decade", "collection", "restoration_state")}


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "港口", "nowhere", "！"])
def test_every_number_is_what_counting_one_by_one_gives(asked: str) -> None:
    places = mixed_archive()
    matching = search(Asset.objects.all(), asked)
    assets = list(matching)
    for kind, decade, collection, state in itertools.product(
            ["", "film"], [None, 1990, 1930],
            [None, places["house"].pk, places["shelf"].pk, places["empty"].pk, 2**62],
            ["", RestorationState.CATALOGUED, RestorationState.TO_REVIEW]):
        choice = Choice(kind, decade, collection, state)
        found = facets(matching, choice)
        expected = counted_one_by_one(assets, choice)
        for dimension, shown in (("kind", found.kinds), ("decade", found.decades), ("collection", found.collections),
                                 ("restoration_state", found.restoration_states)):
            assert {facet.value: facet.count for facet in shown} == expected[dimension], (choice, dimension)
        assert found.found == expected["found"] == narrow(matching, choice).count(), choice
