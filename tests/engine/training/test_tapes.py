"""Tapes to learn from: the same for the same seed, damaged where the truth is not, and made only once."""

from pathlib import Path

import numpy as np
import pytest
import torch

from restoration.engine.metrics import psnr
from restoration.engine.training import tapes
from restoration.engine.training.material import Material


@pytest.fixture
def material(monkeypatch: pytest.MonkeyPatch) -> Material:
    for name, value in (("RASTER", (96, 64)), ("MOMENTS", 4), ("CLIPS", 2), ("HELD_OUT", 1)):
        monkeypatch.setattr(tapes, name, value)
    dice = np.random.default_rng(3)
    coarse = torch.from_numpy(dice.random((1, 3, 40, 60), dtype=np.float32))
    picture = (torch.nn.functional.interpolate(coarse, size=(320, 480), mode="bicubic")[0] * 255).clamp(0, 255)
    samples = picture.byte().permute(1, 2, 0).numpy()
    return Material((samples,), (samples[::-1].copy(),))


def test_a_tape_is_made_once_and_the_same_for_the_same_seed(material: Material, tmp_path: Path) -> None:
    made = tapes.tapes(material, tmp_path / "one")
    again = tapes.tapes(material, tmp_path / "two")
    assert all(np.array_equal(one, other) for one, other in zip(made.clips, again.clips, strict=True))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "one" / "tapes").iterdir()}
    tapes.tapes(material, tmp_path / "one")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "one" / "tapes").iterdir()} == kept
    assert not np.array_equal(made.clips[0], made.clips[1])


def test_more_tapes_to_learn_from_leave_those_held_out_as_they_are(material: Material, tmp_path: Path) -> None:
    few = tapes.tapes(material, tmp_path)
    many = tapes.tapes(material, tmp_path, more=1)
    assert (len(few.clips), len(many.clips)) == (2, 3)
    assert all(np.array_equal(one, other) for one, other in zip(few.held_out, many.held_out, strict=True))
    assert not any(np.array_equal(many.clips[-1], other) for other in (*few.clips, *few.held_out))


def test_half_of_the_lessons_are_lit(material: Material, tmp_path: Path) -> None:
    made = tapes.tapes(material, tmp_path)

    def is_lit(seed: int) -> bool:
        dice, again = (np.random.default_rng(seed) for _ in range(2))
        again.integers(2)
        return not torch.equal(tapes.mending_in_any_light(made, dice, size=32)[1],
                               tapes.mending(made, again, size=32)[1])
    assert 4 < sum(is_lit(seed) for seed in range(24)) < 20


def test_a_lesson_shows_a_played_moment_and_wants_the_one_that_was_filmed(material: Material, tmp_path: Path) -> None:
    shown, wanted = tapes.mending(tapes.tapes(material, tmp_path), np.random.default_rng(1), size=32)
    assert shown.shape == wanted.shape == (3, 32, 32)
    assert 15 < psnr(shown, wanted) < 45


def test_samples_keep_what_lies_below_black_and_above_white() -> None:
    planes = torch.tensor([-0.1, 0.0, 0.5, 1.1])[None, :, None].repeat(3, 1, 2)
    planes[1:] -= 0.5
    assert torch.allclose(tapes.planes_of(tapes.samples_of(planes)), planes, atol=2e-5)
