"""Server time of the catalogue with 20 000 assets: `python -m pytest benchmarks/catalogue.py -s -q`."""

import random
from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from archive.models import Asset, AssetTitle, Collection
from archive.search import Choice, facets, index_assets, search
from archive.vocabularies import AssetKind, RestorationState
from tests.factories import UserFactory

ASSETS = 20_000
WORDS = ["张国荣", "热情", "演唱会", "上海", "故事", "电影", "Harbour", "Night",
         "Concert", "Reel", "Passion", "Story", "音乐", "晚会", "北京", "新闻"]
ASKED = ("", "张国荣", "荣", "热情演唱会", "harbour", "zhangguorong", "B-0001")


def fill() -> None:
    dice = random.Random(0)
    places = [Collection.objects.create(name=f"Collection {number}") for number in range(20)]
    assets = Asset.objects.bulk_create(
        Asset(accession_number=f"B-{number:05}", kind=dice.choice(AssetKind.values), collection=dice.choice(places),
              year=dice.randint(1920, 2020), restoration_state=dice.choice(RestorationState.values),
              notes=" ".join(dice.choices(WORDS, k=12))) for number in range(ASSETS))
    AssetTitle.objects.bulk_create(
        AssetTitle(asset=asset, value=" ".join(dice.choices(WORDS, k=3)), language="zh-Hans", type="preferred")
        for asset in assets)
    for start in range(0, ASSETS, 500):
        index_assets([asset.pk for asset in assets[start:start + 500]])


def best_of(work: Any, times: int = 5) -> float:
    taken = []
    for _time in range(times):
        started = perf_counter()
        work()
        taken.append((perf_counter() - started) * 1000)
    return min(taken)


@pytest.mark.django_db
def test_twenty_thousand_assets(client: Client) -> None:
    started = perf_counter()
    fill()
    print(f"\nfilled and indexed in {perf_counter() - started:.1f} s")
    for asked in ASKED:
        found = search(Asset.objects.all(), asked)
        page = best_of(lambda found=found: list(found[:48]))
        counts = best_of(lambda found=found: facets(found, Choice(kind="concert")))
        print(f"{asked or '(all)':14} {found.count():6} found   page {page:6.1f} ms   facets {counts:6.1f} ms")
    try:
        address = reverse("catalogue")
    except NoReverseMatch:
        return
    client.force_login(UserFactory())
    for asked in ASKED:
        status = client.get(address, {"q": asked}).status_code
        taken = best_of(lambda asked=asked: client.get(address, {"q": asked}))
        print(f"GET {address}?q={asked}: {taken:.1f} ms ({status})")
