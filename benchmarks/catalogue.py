"""Server time of the catalogue's page with 20 000 assets, without a browser and without the network:

    python -m pytest benchmarks/catalogue.py -s -q
"""

import math
import os
import random
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import unquote, urlencode

import psutil
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from archive.models import Asset, AssetDate, AssetTitle, Collection
from archive.search import index_assets
from archive.vocabularies import AssetKind, RestorationState
from tests.factories import UserFactory

pytest_plugins = ("tests.conftest",)
ASSETS = 20_000
WORDS = ["张国荣", "热情", "演唱会", "上海", "故事", "电影", "Harbour", "Night",
         "Concert", "Reel", "Passion", "Story", "音乐", "晚会", "北京", "新闻"]
ASKED: tuple[dict[str, str], ...] = (
    {}, {"page": "200"}, {"show": "list"}, {"sort": "title"}, {"kind": "concert", "decade": "1990"}, {"q": "张国荣"},
    {"q": "荣"}, {"q": "harbour"}, {"q": "zhangguorong"}, {"q": "B-0001"}, {"q": "nowhere"})
TIMES = 20


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
    AssetDate.objects.bulk_create(
        AssetDate(asset=asset, type="created", value=str(asset.year), earliest=f"{asset.year}-01-01",
                  latest=f"{asset.year}-12-31") for asset in assets)
    for start in range(0, ASSETS, 500):
        index_assets([asset.pk for asset in assets[start:start + 500]])


def milliseconds(work: Callable[[], Any], times: int = TIMES) -> tuple[list[float], float]:
    """How long each of so many times took, after one that warms up, and how long the processor worked for one of
    them, in Python and in the database's process: other work on the machine disturbs that less."""
    database = psutil.Process(connection.connection.info.backend_pid)
    work()
    taken = []
    before = processor_seconds(database)
    for _time in range(times):
        started = perf_counter()
        work()
        taken.append((perf_counter() - started) * 1000)
    return sorted(taken), (processor_seconds(database) - before) / times * 1000


def processor_seconds(database: psutil.Process) -> float:
    there = database.cpu_times()
    return process_time() + there.user + there.system


def row(label: str, found: str, taken: list[float], worked: float) -> str:
    p95 = taken[math.ceil(0.95 * len(taken)) - 1]
    return f"| {label} | {found} | {median(taken):.0f} ms | {p95:.0f} ms | {worked:.0f} ms |"


@pytest.mark.django_db(transaction=True)
def test_twenty_thousand_assets(client: Client) -> None:
    started = perf_counter()
    fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # What PostgreSQL does by itself in the minute after so many rows came.
    print(f"\nfilled and indexed in {perf_counter() - started:.0f} s; load {os.getloadavg()[0]:.1f}\n")
    print(f"| page ({TIMES} times) | found | median | 95 % within | processor |\n|---|---|---|---|---|")
    client.force_login(UserFactory())
    address = reverse("catalogue")
    for asked in ASKED:
        response = client.get(address, asked)
        assert response.status_code == 200
        taken, worked = milliseconds(lambda asked=asked: client.get(address, asked))
        print(row(f"`{address}{'?' if asked else ''}{unquote(urlencode(asked))}`",
                  f"{response.context['page'].paginator.count:,}", taken, worked))
    print(f"\nload {os.getloadavg()[0]:.1f}")
