"""Two people who give the same name at the same moment: one is told, nobody sees a server error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from archive.actions import catalogue
from archive.models import Asset, Collection
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def while_another_does(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """`first` commits once `second`, which cannot see it yet, waits for it in the database."""
    has_written, is_over = Event(), Event()

    def commit_when_awaited() -> None:
        try:
            with transaction.atomic():
                first()
                has_written.set()
                with connection.cursor() as cursor:
                    while not is_over.wait(0.02):
                        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        if cursor.fetchone()[0]:
                            return
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        written = another.submit(commit_when_awaited)
        assert has_written.wait(60)
        try:
            second()
        finally:
            is_over.set()
            written.result()


@pytest.mark.parametrize("is_part", [False, True])
def test_of_two_collections_of_one_name_the_second_is_told(is_part: bool) -> None:
    parent = factories.CollectionFactory() if is_part else None

    def create() -> Collection:
        return catalogue.create_collection(by=None, name="Masters", parent=parent)

    with pytest.raises(ValidationError, match="already a collection"):
        while_another_does(create, create)
    assert Collection.objects.filter(name="Masters").count() == 1


def test_of_two_assets_of_one_number_the_second_is_told() -> None:
    collection = factories.CollectionFactory()

    def create() -> Asset:
        return catalogue.create_asset(by=None, kind="film", collection=collection, title="Reel",
                                      accession_number="P-1")

    with pytest.raises(ValidationError, match="is taken"):
        while_another_does(create, create)
    assert Asset.objects.filter(accession_number="P-1").count() == 1


def test_who_gives_an_asset_a_number_that_is_just_being_given_is_told() -> None:
    one, two = factories.AssetFactory(), factories.AssetFactory()
    said = catalogue.Description(accession_number="P-1")
    with pytest.raises(ValidationError, match="is taken"):
        while_another_does(lambda: catalogue.describe_asset(one, said, by=None),
                           lambda: catalogue.describe_asset(two, said, by=None))
