"""A bicubic picture and what the network adds to it."""

import pytest
import torch
from torch.nn.functional import interpolate

from restoration.engine.networks.upscaler import Upscaler
from tests import clips


def trembling(scale: int) -> Upscaler:
    """A network that adds something: one that was not trained adds nothing."""
    torch.manual_seed(1)
    made = Upscaler(scale, channels=4, blocks=1).eval()
    torch.nn.init.normal_(made.tail.weight, std=0.1)
    return made


@pytest.mark.parametrize("scale", [2, 4])
def test_before_it_has_learnt_anything_it_is_bicubic(scale: int) -> None:
    luma = clips.moment(0, (64, 48))[None, :1]
    with torch.no_grad():
        made = Upscaler(scale, channels=4, blocks=1).eval()(luma)
    assert made.shape == (1, 1, scale * 48, scale * 64)
    inside = slice(4 * scale, -4 * scale)
    wanted = interpolate(luma, scale_factor=scale, mode="bicubic", align_corners=False)
    torch.testing.assert_close(made[..., inside, inside], wanted[..., inside, inside])


def test_what_it_adds_to_a_place_does_not_depend_on_what_lies_far_from_it() -> None:
    luma, network = clips.moment(0, (64, 48))[None, :1], trembling(2)
    with torch.no_grad():
        whole, part = network(luma), network(luma[..., 16:, 16:].contiguous())
    torch.testing.assert_close(part[..., 16:, 16:], whole[..., 48:, 48:], rtol=1e-5, atol=1e-6)


def test_an_even_picture_stays_even_up_to_its_edges() -> None:
    with torch.no_grad():
        made = trembling(2)(torch.full((1, 1, 20, 24), 0.3))[0, 0]
    for row in (0, 1):
        for column in (0, 1):
            of_one_place = made[row::2, column::2]
            assert float(of_one_place.max() - of_one_place.min()) < 1e-5
