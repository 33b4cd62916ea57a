"""The guided filter is smooth where its guide is, and has an edge where its guide has one."""

import torch

from restoration.engine.compute.guided import guided


def test_small_waves_go_and_an_edge_stays() -> None:
    luma = torch.full((240, 320), 0.1)
    luma[:, 160:] = 0.6
    luma += 0.01 * torch.cos(torch.arange(320) * 1.5)
    smooth = guided(luma, luma, edge=0.05)
    assert float(smooth[:, 40:120].std()) < 0.002
    assert float(smooth[:, 163].mean() - smooth[:, 156].mean()) > 0.45


def test_what_is_coarse_takes_the_edges_of_its_guide() -> None:
    luma = torch.full((481, 641), 0.1)
    luma[:, 320:] = 0.6
    coarse = torch.zeros(1, 481, 641)
    coarse[..., 332:] = 1.0
    made = guided(luma, coarse, edge=0.05)
    assert made.shape == (1, 481, 641)
    at_307, at_317, at_322 = (float(made[0, :, column].mean()) for column in (307, 317, 322))
    assert at_322 - at_317 > 5 * (at_317 - at_307)


def test_an_even_picture_stays() -> None:
    even = torch.full((90, 120), 0.25)
    assert torch.allclose(guided(even, even, edge=0.05), even, atol=1e-5)
