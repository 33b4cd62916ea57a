"""What a job hears while it works."""

import hashlib
from itertools import count
from pathlib import Path

import pytest

from archive.actions.custody import BLOCK_BYTES
from restoration.engine.errors import Cancelled
from restoration.jobs.pulse import file_digest


def test_a_stop_is_heard_before_the_whole_of_a_file_is_read(tmp_path: Path) -> None:
    path, asked = tmp_path / "long", count(1)
    with path.open("wb") as file:
        file.truncate(3 * BLOCK_BYTES)
    assert file_digest(path) == hashlib.sha256(bytes(3 * BLOCK_BYTES)).hexdigest()
    with pytest.raises(Cancelled):
        file_digest(path, is_cancelled=lambda: next(asked) == 2)
