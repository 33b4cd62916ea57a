"""A probability for each pixel, from what lies around it alone."""

import torch

from restoration.engine.networks.registry import network
from restoration.engine.networks.segmenter import SEEN, Segmenter
from restoration.engine.networks.strips import over


def small() -> Segmenter:
    torch.manual_seed(1)
    return Segmenter(fine=4, middle=4, coarse=4).eval().requires_grad_(False)


def evidence(height: int, width: int) -> torch.Tensor:
    return torch.rand(SEEN, height, width, generator=torch.Generator().manual_seed(2))


def test_there_are_odds_for_every_pixel() -> None:
    assert small()(evidence(64, 80)[None]).shape == (1, 1, 64, 80)


def test_sides_that_are_no_multiples_of_eight_are_no_matter() -> None:
    assert over(small(), evidence(61, 77), reach=64, multiple=8).shape == (1, 61, 77)


def test_what_lies_far_away_does_not_matter() -> None:
    shown, made, margin = evidence(160, 176), small(), network("dirt").margin
    other = shown.clone()
    other[:, :, margin + 16:] = 0
    one, two = (made(each[None])[..., :16] for each in (shown, other))
    torch.testing.assert_close(one, two)


def test_strips_show_what_the_whole_does() -> None:
    shown = evidence(208, 48)
    whole, strips = (over(small(), shown, reach=network("dirt").margin, multiple=8, room=room)
                     for room in (10 ** 6, 48 * 44))
    torch.testing.assert_close(strips, whole)
