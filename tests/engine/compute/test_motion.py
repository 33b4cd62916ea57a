"""Motion is found to fractions of a pixel, and nothing else is called motion."""

import pytest
import torch
from torch import Tensor

from restoration.engine.compute import motion

HEIGHT, WIDTH = 128, 192


def pattern(x: Tensor, y: Tensor) -> Tensor:
    """Waves of many directions and lengths, true at any place between pixels."""
    dice = torch.Generator().manual_seed(3)
    luma = torch.full_like(x, 0.5)
    for _ in range(24):
        fx, fy, phase = (torch.rand(3, generator=dice) * torch.tensor([0.3, 0.3, 6.3])
                         - torch.tensor([0.15, 0.15, 0])).tolist()
        luma = luma + 0.03 * torch.cos(6.2832 * (fx * x + fy * y) + phase)
    return luma


def places() -> tuple[Tensor, Tensor]:
    y, x = torch.meshgrid(torch.arange(HEIGHT).float(), torch.arange(WIDTH).float(), indexing="ij")
    return x, y


def inner(field: Tensor, border: int = 36) -> Tensor:
    return field[..., border:-border, border:-border]


@pytest.mark.parametrize("move", [(0.0, 0.0), (0.3, -0.6), (3.25, 1.5), (-9.5, 4.25), (14.0, -7.5)])
def test_a_known_move_is_found_to_a_tenth_of_a_pixel(move: tuple[float, float]) -> None:
    x, y = places()
    flow = motion.estimate(pattern(x, y), pattern(x - move[0], y - move[1]))
    error = inner(flow - torch.tensor(move).view(2, 1, 1)).norm(dim=0)
    assert error.median() < 0.1
    assert (error < 0.5).float().mean() > 0.9


def test_a_zoom_is_found() -> None:
    x, y = places()
    flow = motion.estimate(pattern(x, y), pattern(WIDTH / 2 + (x - WIDTH / 2) / 1.05,
                                                 HEIGHT / 2 + (y - HEIGHT / 2) / 1.05))
    truth = torch.stack(((x - WIDTH / 2) * 0.05, (y - HEIGHT / 2) * 0.05))
    assert inner(flow - truth).norm(dim=0).median() < 0.1


def test_a_warp_along_the_flow_gives_the_reference_back() -> None:
    x, y = places()
    one, other = pattern(x, y), pattern(x - 5.5, y + 2.25)
    restored = motion.warp(other, motion.estimate(one, other), mode="bicubic")
    assert inner(restored - one).square().mean().sqrt() < 0.01


def test_a_change_of_light_is_not_motion() -> None:
    x, y = places()
    flow = motion.estimate(pattern(x, y), pattern(x, y) * 1.05 + 0.1)
    assert inner(flow).norm(dim=0).median() < 0.1


def test_where_the_picture_says_nothing_noise_is_not_followed() -> None:
    dice = torch.Generator().manual_seed(2)
    one, other = (0.5 + 0.1 * torch.randn(2, HEIGHT, WIDTH, generator=dice)).unbind()
    there, back = motion.estimate_both_ways(one, other, finest=1, noise=0.1)
    assert there.norm(dim=0).mean() < 0.5 * motion.estimate(one, other, finest=1).norm(dim=0).mean()
    assert torch.equal(back, motion.estimate(other, one, finest=1, noise=0.1))


def test_confidence_falls_where_the_ways_there_and_back_disagree() -> None:
    there = torch.zeros(2, 32, 32)
    there[0] = 2
    back = -there
    back[0, :, :16] = 1
    sure = motion.confidence(there, back)
    assert sure[:, 20:28].min() > 0.99
    assert sure[:, 2:12].max() < 0.01


def test_two_moves_compose_to_their_sum() -> None:
    one, other = torch.full((2, 20, 20), 1.5), torch.full((2, 20, 20), -0.5)
    assert torch.allclose(motion.composed(one, other), torch.ones(2, 20, 20))


@pytest.mark.parametrize("shape", [(16, 16), (31, 57), (240, 720), (480, 352)])
def test_any_size_keeps_its_size(shape: tuple[int, int]) -> None:
    luma = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    flow = motion.estimate(luma, luma)
    assert flow.shape == (2, *shape)
    assert flow.abs().max() < 0.01
