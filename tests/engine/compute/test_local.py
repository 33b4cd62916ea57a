"""Shifted slices say what a plain window would."""

import pytest
import torch
import torch.nn.functional as F

from restoration.engine.compute.local import binomial, box_mean, doubled, halved, local_max, local_min


@pytest.mark.parametrize("radius", [1, 2, 3, 4, 8])
def test_means_and_extremes_agree_with_pooling(radius: int) -> None:
    picture = torch.rand(3, 24, 31, generator=torch.Generator().manual_seed(2))
    wide = F.pad(picture[None], (radius,) * 4, mode="replicate")
    side = 2 * radius + 1
    assert torch.allclose(box_mean(picture, radius), F.avg_pool2d(wide, side, 1)[0], atol=1e-6)
    assert torch.equal(local_max(picture, radius), F.max_pool2d(wide, side, 1)[0])
    assert torch.equal(local_min(picture, radius), -F.max_pool2d(-wide, side, 1)[0])


def test_binomial_spreads_a_point_by_its_weights() -> None:
    point = torch.zeros(5, 5)
    point[2, 2] = 16
    assert binomial(point)[1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_doubled_lies_between_the_middles_of_pixels() -> None:
    picture = torch.rand(3, 5, 7, generator=torch.Generator().manual_seed(2))
    asked = F.interpolate(picture[None], scale_factor=2, mode="bilinear")[0]
    assert torch.allclose(doubled(picture), asked, atol=1e-6)


@pytest.mark.parametrize("size", [(6, 8), (5, 7)])
def test_halved_is_the_mean_of_two_by_two(size: tuple[int, int]) -> None:
    picture = torch.rand(3, *size, generator=torch.Generator().manual_seed(2))
    whole = F.pad(picture[None], (0, size[1] % 2, 0, size[0] % 2), mode="replicate")
    assert torch.allclose(halved(picture), F.avg_pool2d(whole, 2)[0], atol=1e-6)
