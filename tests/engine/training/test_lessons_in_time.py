"""What networks are shown that see several moments."""

import numpy as np
import pytest
import torch

from restoration.engine.compute.motion import warp
from restoration.engine.networks.cleaner import NEIGHBOURS
from restoration.engine.training.material import Material
from restoration.engine.training.sequences import moving, path_of_a_camera
from restoration.engine.training.spoiling import spoilt, told_of_white, white
from tests import clips


def grey() -> Material:
    luma = clips.moment(0, (400, 360))[0]
    return Material(((255 * luma.clamp(0, 1)).round().to(torch.uint8).numpy(),), ())


def coloured() -> Material:
    planes = clips.moment(0, (200, 160)) * 255
    planes[1:] += 128
    return Material((planes.round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy(),), ())


def test_a_flow_leads_to_what_the_camera_sees_at_another_moment() -> None:
    dice = np.random.default_rng(4)
    whole = clips.moment(0, (256, 256))[:1]
    path = path_of_a_camera(dice)
    for step in (-2, 1):
        there = warp(path.seen(whole, step, 1), path.flow(whole.shape[1:], step), mode="bicubic")
        missed, still = ((seen - whole)[:, 24:-24, 24:-24].abs().mean() for seen in (there, path.seen(whole, step, 1)))
        assert missed < 0.25 * still


def test_moving_pictures_and_single_ones_are_shown() -> None:
    dice = np.random.default_rng(1)
    pairs = [moving(grey(), dice, scale=2, size=16) for _ in range(24)]
    assert {(shown.shape, wanted.shape) for shown, wanted in pairs} == {((17, 16, 16), (1, 32, 32))}
    alone = [not shown[1:].any() for shown, _ in pairs]
    assert any(alone) and not all(alone)


def test_what_is_told_of_damage_is_about_as_large_as_it_is() -> None:
    dice = np.random.default_rng(5)
    for _ in range(40):
        shown, clean = spoilt(coloured(), dice, size=32, alone=bool(dice.integers(2)))
        told = shown[-3:, 0, 0] / 10
        damage = (shown[:3] - clean).square().mean((1, 2)).sqrt()
        assert float(damage[0]) < 2.5 * float(told[0] + told[2]) + 0.006
        if not told.any():
            assert not damage.any()


def test_a_photograph_alone_is_shown_without_room_for_neighbours() -> None:
    dice = np.random.default_rng(2)
    alone, among = (spoilt(coloured(), dice, size=32, alone=alone)[0] for alone in (True, False))
    assert len(alone) == 6
    assert len(among) == 18 and among[3:3 * (1 + NEIGHBOURS)].any()


@pytest.mark.parametrize("sigma", [0.05, 0.2])
def test_noise_on_rgb_is_as_strong_on_luma_and_colour_as_is_told(sigma: float) -> None:
    noise = white(torch.Size((4, 3, 64, 64)), sigma, np.random.default_rng(3))
    luma, chroma = told_of_white(sigma)
    assert float(noise[:, 0].std()) == pytest.approx(luma, rel=0.03)
    assert float(noise[:, 1:].square().mean().sqrt()) == pytest.approx(chroma, rel=0.03)
