"""The public sets, on one of our own making."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.networks import middlebury
from benchmarks.networks.__main__ import SETS, table
from benchmarks.networks.row import Row
from restoration.engine.media.color import to_rgb
from tests import clips


def test_a_moving_clip_is_nearer_the_truth_than_the_mean_of_both(tmp_path: Path) -> None:
    for name, time in (("10", 3.0), ("10i11", 3.5), ("11", 4.0)):
        planes = to_rgb(clips.moment(time, (160, 120), speed=(5.0, 0.0)), "smpte170m").clamp(0, 1)
        (tmp_path / "Moving").mkdir(exist_ok=True)
        Image.fromarray((planes * 255).round().permute(1, 2, 0).numpy().astype(np.uint8)).save(
            tmp_path / "Moving" / f"frame{name}.png")
    (row,) = middlebury.rows(tmp_path)
    assert row.name == "Moving" and row.values[-1] > row.values[0] + 3


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    for each in SETS:
        with pytest.raises(FileNotFoundError, match=tmp_path.name):
            each.rows(tmp_path)


def test_the_mean_stands_last() -> None:
    assert table("x", ("a",), [Row("p", (1.0,)), Row("q", (2.0,))]).splitlines()[-1] == "| mean | 1.50 |"
