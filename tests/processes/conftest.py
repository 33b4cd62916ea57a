import shutil
import tempfile
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


@pytest.fixture(scope="session")
def grounds() -> Iterator[Path]:
    """Where houses of their own keep their data: beside pytest's folders, which a second session closes to
    PostgreSQL's user while this one runs."""
    folder = Path(tempfile.mkdtemp(prefix="patina-houses-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
