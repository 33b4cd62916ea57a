"""Photographs in two halves that share none."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restoration.engine.training.__main__ import main
from restoration.engine.training.material import MissingMaterial, patch, photographs


def album(folder: Path, count: int) -> Path:
    for number in range(count):
        Image.new("RGB", (480, 400), (17 * number,) * 3).save(folder / f"{number:02d}.jpg", quality=95)
    return folder


def test_what_is_held_out_is_not_learnt_from(tmp_path: Path) -> None:
    found = photographs(album(tmp_path, 14), sizes=(1.0,))
    assert (len(found.pictures), len(found.held_out)) == (12, 2)
    told = {tuple(picture[:, 0, 0].tolist()) for picture in found.pictures}
    assert not told & {tuple(picture[:, 0, 0].tolist()) for picture in found.held_out}


def test_sizes_too_small_to_learn_from_are_left_out(tmp_path: Path) -> None:
    found = photographs(album(tmp_path, 14), sizes=(1.0, 0.5))
    assert {picture.shape for picture in found.pictures} == {(3, 400, 480)}


def test_too_few_photographs_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MissingMaterial, match="There are 3 photographs"):
        photographs(album(tmp_path, 3))


def test_a_patch_is_luma_and_colour_around_nothing() -> None:
    grey = np.full((3, 40, 50), 128, np.uint8)
    taken = patch(grey, 16, np.random.default_rng(1), planes=slice(0, 3))
    assert taken.shape == (3, 16, 16)
    assert float((taken[0] - 128 / 255).abs().max()) < 1e-6
    assert float(taken[1:].abs().max()) == 0


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enlarger-x4", "--material", str(tmp_path), "--folder", str(tmp_path)]) == 2
    assert "There are 0 photographs" in capsys.readouterr().err
