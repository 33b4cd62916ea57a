"""A bicubic picture and what the network adds to it."""

import pytest
import torch
from torch.nn.functional import interpolate

from restoration.engine.networks.registry import network
from restoration.engine.networks.upscaler import Upscaler
from restoration.engine.networks.weights import load
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
    luma, adding = clips.moment(0, (64, 48))[None, :1], trembling(2)
    with torch.no_grad():
        whole, part = adding(luma), adding(luma[..., 16:, 16:].contiguous())
    torch.testing.assert_close(part[..., 16:, 16:], whole[..., 48:, 48:], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["upscaler-x2", "upscaler-x4", "upscaler-x4-large"])
@pytest.mark.parametrize("level", [0.02, 0.5, 0.9])
def test_an_even_picture_stays_even_up_to_its_edges(name: str, level: float) -> None:
    with torch.no_grad():
        made = load(network(name), torch.device("cpu"))(torch.full((1, 1, 48, 64), level))[0, 0]
    away = 255 * (made - level).abs()
    assert float(away.max()) < 1.5
    assert max(float(edge.mean()) for edge in (away[0], away[-1], away[:, 0], away[:, -1])) < 0.3
