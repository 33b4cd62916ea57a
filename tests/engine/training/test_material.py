"""Photographs in two halves that share none."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restoration.engine.training.__main__ import main
from restoration.engine.training.lessons import detailed
from restoration.engine.training.material import Material, MissingMaterial, and_halved, patch, photographs


def album(folder: Path, count: int) -> Path:
    for number in range(count):
        Image.new("RGB", (480, 400), (17 * number,) * 3).save(folder / f"{number:02d}.jpg", quality=95)
    return folder


def test_what_is_held_out_is_not_learnt_from(tmp_path: Path) -> None:
    found = photographs(album(tmp_path, 14), sizes=(1.0,))
    assert (len(found.pictures), len(found.held_out)) == (12, 2)
    told = {int(picture[0, 0]) for picture in found.pictures}
    assert not told & {int(picture[0, 0]) for picture in found.held_out}


def test_sizes_too_small_to_learn_from_are_left_out(tmp_path: Path) -> None:
    found = photographs(album(tmp_path, 14), sizes=(1.0, 0.5))
    assert {picture.shape for picture in found.pictures} == {(400, 480)}


def test_too_few_photographs_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MissingMaterial, match="There are 3 photographs"):
        photographs(album(tmp_path, 3))


def test_a_patch_is_a_piece_of_its_picture() -> None:
    picture = np.arange(40 * 50, dtype=np.uint16).reshape(40, 50).astype(np.uint8)
    taken = patch(picture, 16, np.random.default_rng(1))
    assert taken.shape == (1, 16, 16)
    pieces = np.lib.stride_tricks.sliding_window_view(picture, (16, 16)).reshape(-1, 256)
    whole = (255 * taken[0]).round().to(torch.uint8).numpy()
    views = [np.rot90(side, turns).reshape(-1) for side in (whole, whole[:, ::-1]) for turns in range(4)]
    assert any((pieces == view).all(1).any() for view in views)


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upscaler-x4", "--material", str(tmp_path), "--folder", str(tmp_path)]) == 2
    assert "There are 0 photographs" in capsys.readouterr().err


def test_of_several_patches_the_one_with_the_most_detail_is_taken() -> None:
    sky = np.full((64, 64), 200, dtype=np.uint8)
    leaves = np.random.default_rng(2).integers(0, 256, (64, 64), dtype=np.uint8)
    dice = np.random.default_rng(3)
    shares = [sum(float(detailed((sky, leaves), 16, dice, tries).std()) > 0 for _ in range(100)) for tries in (1, 4)]
    assert shares[0] < 70 < 85 < shares[1] < 100


def test_pictures_are_halved_as_far_as_they_stay_large_enough(tmp_path: Path) -> None:
    large, small = np.zeros((640, 900), dtype=np.uint8), np.zeros((400, 500, 3), dtype=np.uint8)
    more = and_halved(Material((large, small), (small,)), tmp_path)
    assert [picture.shape for picture in more.pictures] == [(640, 900), (400, 500, 3), (320, 450)]
    assert [picture.shape for picture in more.held_out] == [(400, 500, 3)]
