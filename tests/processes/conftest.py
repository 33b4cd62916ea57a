from collections.abc import Iterator
from pathlib import Path

import django_rq
import pytest

from tests.processes.hands import Hands


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    django_rq.get_connection("default").flushall()
    started = Hands(tmp_path / "processes.log")
    yield started
    started.dismiss()
