"""Lamps get their light back, skin and shadows do not, and the ordinary picture is still in it."""

import pytest
import torch
from torch import Tensor

from restoration.engine.enhancement.dynamicrange import PEAK, WHITE, expanded
from restoration.engine.media.hdr import hlg, in_bt2020, pq
from tests.engine.ordinary import contracted, from_pq


def patch(*rgb: float) -> Tensor:
    return torch.tensor(rgb, dtype=torch.float32).view(3, 1, 1)


def test_shadows_and_mid_tones_keep_their_light() -> None:
    for level in (0.0, 0.1, 0.4, 0.75, 0.86):
        assert expanded(patch(level, level, level)).amax() == pytest.approx(WHITE * level ** 2.4, rel=1e-5)


def test_a_lamp_reaches_the_peak() -> None:
    assert expanded(patch(1, 1, 1)).amax() == pytest.approx(PEAK)
    assert expanded(patch(0.2, 0.3, 1)).amax() == pytest.approx(PEAK)


@pytest.mark.parametrize("skin", [(1.0, 0.86, 0.78), (0.98, 0.76, 0.63), (0.95, 0.72, 0.58), (0.93, 0.8, 0.73)])
def test_skin_is_left_alone_however_bright(skin: tuple[float, float, float]) -> None:
    assert expanded(patch(*skin)).amax() == pytest.approx(WHITE * max(skin) ** 2.4, rel=1e-4)


def test_no_colour_changes() -> None:
    dice = torch.Generator().manual_seed(1)
    rgb = torch.rand(3, 40, 50, generator=dice)
    before, after = rgb ** 2.4, expanded(rgb)
    torch.testing.assert_close(after / after.amax(0), before / before.amax(0), rtol=1e-4, atol=1e-5)


def test_more_signal_is_never_less_light() -> None:
    levels = torch.linspace(0, 1, 2001)
    for colour in ((1, 1, 1), (1, 0.4, 0.1), (1, 0.85, 0.76), (1, 0.74, 0.74), (0.2, 0.5, 1)):
        light = expanded(torch.stack([levels * part for part in colour])[:, None]).amax(0)
        assert bool((light.diff() >= 0).all())


def test_what_is_nearly_the_same_colour_gets_nearly_the_same_light() -> None:
    shares = torch.linspace(0, 1, 1001)
    green, blue = torch.meshgrid(shares, shares, indexing="ij")
    light = expanded(torch.stack([torch.ones_like(green), green, blue]))[0]
    assert max(float(light.diff(dim=0).abs().max()), float(light.diff(dim=1).abs().max())) < 0.06 * PEAK


def test_the_ordinary_picture_comes_back() -> None:
    rgb = torch.rand(3, 60, 80, generator=torch.Generator().manual_seed(2))
    assert (contracted(expanded(rgb)) - rgb).abs().max() < 1 / 1023


@pytest.mark.parametrize(("light", "signal"), [(0, 0.0), (100, 0.508), (203, 0.581), (1000, 0.752), (10_000, 1.0)])
def test_pq_is_as_its_standard_says(light: float, signal: float) -> None:
    assert float(pq(torch.tensor(float(light)))) == pytest.approx(signal, abs=6e-4)
    assert float(from_pq(pq(torch.tensor(float(light))))) == pytest.approx(light, rel=1e-3, abs=1e-3)


def test_white_of_an_ordinary_picture_is_three_quarters_of_hlg() -> None:
    assert float(hlg(patch(203, 203, 203))[0]) == pytest.approx(0.75, abs=0.002)
    assert float(hlg(patch(1000, 1000, 1000))[0]) == pytest.approx(1.0, abs=1e-4)
    assert float(hlg(patch(0, 0, 0))[0]) == 0


def test_wider_primaries_keep_white_white() -> None:
    torch.testing.assert_close(in_bt2020(patch(203, 203, 203)), patch(203, 203, 203), rtol=1e-4, atol=1e-2)
