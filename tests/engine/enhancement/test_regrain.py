"""The recording's texture comes back in the measured strength, the same for the same frame wherever work began."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.grain import GrainModel, measure
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.settings import GrainSettings
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")


def model() -> GrainModel:
    return GrainModel(luma=(0.04, 0.04, 0.03, 0.03, 0.02, 0.02, 0.01, 0.01), chroma=0.015, alike=(0.5, 0.2),
                      height=96)


def grained(clip: Tensor, amount: float = 1.0, seed: int = 1, first: int = 0) -> Tensor:
    stage = regrain(GrainSettings(amount=amount), ShotContext(Fraction(25), Fraction(1), seed=seed), model())
    return torch.stack([frame.planes for frame in stage(
        Frame(planes, first + index, COLOR) for index, planes in enumerate(clip))])


@pytest.mark.parametrize(("luma", "sigma"), [(0.1, 0.04), (0.9, 0.01)])
def test_the_strength_follows_brightness(luma: float, sigma: float) -> None:
    added = grained(clips.even(1, (128, 96), luma))[0, 0] - luma
    assert float(added.std()) == pytest.approx(sigma, rel=0.15)
    assert abs(float(added.mean())) < 0.004


def test_the_amount_scales_it_and_nothing_adds_nothing() -> None:
    clip = clips.even(1, (128, 96), 0.4)
    whole, half = grained(clip) - clip, grained(clip, 0.5) - clip
    assert torch.allclose(half, 0.5 * whole, atol=1e-6)
    assert torch.equal(grained(clip, 0.0), clip)


def test_a_frame_has_its_texture_wherever_the_part_begins() -> None:
    clip = clips.even(6, (96, 64), 0.4)
    assert torch.equal(grained(clip)[3:], grained(clip[3:], first=3))


def test_frames_and_shots_differ() -> None:
    clip = clips.even(2, (96, 64), 0.4)
    made = grained(clip)
    assert not torch.equal(made[0], made[1])
    assert not torch.equal(made, grained(clip, seed=2))


def test_enlarged_pictures_get_finer_texture_than_enlarged_pixels() -> None:
    clip = clips.even(1, (512, 384), 0.4)
    added = (grained(clip) - clip)[0, 0]
    alike = float((added[:, 1:] * added[:, :-1]).mean() / added.square().mean())
    assert 0.6 < alike < 0.95


@pytest.mark.parametrize("size", [(128, 96), (192, 144), (384, 288), (576, 432)])
def test_an_enlarged_picture_gets_as_much_texture_as_there_was(size: tuple[int, int]) -> None:
    added = grained(clips.even(1, size, 0.1)) - clips.even(1, size, 0.1)
    assert float(added[0, 0].std()) == pytest.approx(0.04, rel=0.06)
    assert float(added[0, 1:].std()) == pytest.approx(0.015, rel=0.06)


def test_the_model_measures_strength_by_brightness_and_shape() -> None:
    dice = torch.Generator().manual_seed(4)
    clean = torch.zeros(3, 200, 320)
    clean[0] = torch.linspace(0.1, 0.9, 320)
    white = torch.randn(3, 200, 321, generator=dice)
    noise = (white[..., 1:] + white[..., :-1]) / 2 ** 0.5
    noise[0] *= 0.05 * (1 - clean[0])
    noise[1:] *= 0.02
    texture = measure(clean + noise, clean)
    assert texture.luma[1] == pytest.approx(0.05 * 0.81, rel=0.12)
    assert texture.luma[6] == pytest.approx(0.05 * 0.19, rel=0.15)
    assert texture.chroma == pytest.approx(0.02, rel=0.1)
    assert texture.alike == pytest.approx((0.5, 0.0), abs=0.11)


def test_nothing_removed_is_no_texture() -> None:
    planes = clips.moment(0)
    texture = measure(planes, planes)
    assert (set(texture.luma), texture.chroma, texture.alike) == ({0.0}, 0.0, (0.0, 0.0))
