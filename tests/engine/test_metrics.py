import math
from pathlib import Path

import pytest
import torch

from restoration.engine import metrics
from tests import clips


def test_psnr_of_a_known_error() -> None:
    assert metrics.psnr(torch.zeros(4, 4), torch.full((4, 4), 0.1)) == pytest.approx(20)
    assert metrics.psnr(torch.ones(2, 2), torch.ones(2, 2)) == math.inf


def test_ssim_is_one_for_equal_planes_and_falls_with_noise() -> None:
    luma = clips.scene(1)[0, 0]
    noise = torch.randn(luma.shape, generator=torch.Generator().manual_seed(1))
    assert metrics.ssim(luma, luma) == pytest.approx(1)
    little, much = (metrics.ssim(luma, luma + sigma * noise) for sigma in (0.02, 0.1))
    assert 1 > little > much > 0


def test_colour_shift_sees_a_tint_and_not_noise() -> None:
    grey = torch.full((3, 64, 64), 0.5)
    noise = 0.05 * torch.randn(grey.shape, generator=torch.Generator().manual_seed(1))
    tint = grey + torch.tensor([0.05, 0.0, -0.05])[:, None, None]
    assert metrics.colour_shift(grey, grey + noise)[0] < 1
    assert metrics.colour_shift(grey, tint)[0] > 5


def test_lab_of_white_and_grey_is_neutral_and_as_light_as_it_should_be() -> None:
    median, high = metrics.colour_shift(torch.zeros(3, 20, 20), torch.ones(3, 20, 20))
    assert median == pytest.approx(100, abs=1e-3) and high == pytest.approx(100, abs=1e-3)


def test_one_digest_for_one_picture_however_it_is_wrapped_and_another_for_one_changed_sample(tmp_path: Path) -> None:
    clip = clips.scene(4)
    first = clips.write(tmp_path / "first.mkv", clip)
    other = clips.write(tmp_path / "other.mkv", clip, options={"slices": "4", "level": "3"})
    changed = clip.clone()
    changed[3, 0, 5, 5] += 0.1
    assert first.read_bytes() != other.read_bytes()
    assert metrics.frame_digest(first) == metrics.frame_digest(other)
    assert metrics.frame_digest(first) != metrics.frame_digest(clips.write(tmp_path / "changed.mkv", changed))
