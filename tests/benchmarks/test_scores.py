"""Numbers that are known by hand."""

import pytest
import torch

from benchmarks.quality.scores import MaskScore, area_under_curve, changed_share, decibels, score, ssim_map
from restoration.engine.metrics import ssim
from tests import clips


def test_a_tenth_of_the_scale_is_twenty_decibels_and_equal_clips_are_ninety_nine() -> None:
    clip = clips.scene(2, (64, 48))
    assert decibels(clip + 0.1, clip) == pytest.approx(20, abs=1e-3)
    assert decibels(clip, clip) == 99


def test_only_the_pixels_in_the_mask_count() -> None:
    clip = clips.even(2, (32, 24), 0.5)
    made, where = clip.clone(), torch.zeros(2, 24, 32, dtype=torch.bool)
    made[:, 0, 4:8, 4:8] += 0.1
    where[:, 4:8, 4:8] = True
    inside, outside = score(made, clip, where), score(made, clip, ~where)
    assert inside and outside
    assert inside.luma == pytest.approx(20, abs=1e-3)
    assert inside.planes == pytest.approx(20 + 4.771, abs=1e-2)
    assert outside.planes == 99
    assert inside.ssim < outside.ssim


def test_an_empty_mask_has_no_score() -> None:
    clip = clips.even(1, (32, 24))
    assert score(clip, clip, torch.zeros(1, 24, 32, dtype=torch.bool)) is None


def test_the_map_of_likeness_agrees_with_the_engines_mean() -> None:
    one = clips.scene(1, (64, 48))[0, 0]
    other = clips.noisy(one[None, None].expand(1, 3, -1, -1), 0.05)[0, 0]
    inner = ssim_map(one, other)[5:-5, 5:-5]
    assert float(inner.mean()) == pytest.approx(ssim(one, other), abs=1e-5)


def test_masks_are_summed_over_clips() -> None:
    true, found, held = (torch.zeros(4, 4, dtype=torch.bool) for _ in range(3))
    true[0], found[0, :2] = True, True
    held[3] = True
    fit = MaskScore()
    fit.add(found, true)
    fit.add(held, torch.zeros_like(held))
    assert fit.precision == pytest.approx(2 / 6)
    assert fit.recall == pytest.approx(2 / 4)
    assert fit.f1 == pytest.approx(4 / 10)


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert area_under_curve([2, 3], [0, 1]) == 1
    assert area_under_curve([1, 1], [1]) == 0.5
    assert area_under_curve([0, 3], [1, 2]) == 0.5
    assert area_under_curve([], [1]) is None


def test_a_pixel_is_changed_from_more_than_an_eight_bit_step_in_any_plane() -> None:
    clip = clips.even(1, (10, 10), 0.5)
    made = clip.clone()
    made[0, 2, 0, :5] += 1.5 / 255
    made[0, 0, 9] += 0.5 / 255
    assert changed_share(made, clip) == pytest.approx(0.05)
