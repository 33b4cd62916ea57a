"""Noise goes, pictures stay: nothing ghosts, flashes stay sharp in time, sparkles stay."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.grain import measure
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.noise import reduce_noise
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIGMA = 0.03


def cleaned(clip: Tensor, sigma: tuple[float, float] = (SIGMA, SIGMA), first: int = 0,
            **settings: float | str) -> Tensor:
    context = ShotContext(Fraction(60000, 1001), Fraction(10, 11), noise_sigma=sigma)
    stage = reduce_noise(NoiseSettings(enabled=True, **settings), context)
    made = list(stage(Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)))
    assert [frame.number for frame in made] == list(range(first, first + len(clip)))
    return torch.stack([frame.planes for frame in made])


def rms(difference: Tensor) -> float:
    return float(difference.square().mean().sqrt())


def test_a_moving_picture_comes_nearer_to_the_truth() -> None:
    truth = clips.scene(8, (128, 96))
    noisy = clips.noisy(truth, SIGMA, SIGMA, coarse=1)
    made = cleaned(noisy)
    assert rms((made - truth)[:, 0]) < 0.7 * SIGMA
    assert rms((made - truth)[:, 1:]) < 0.6 * SIGMA


def test_an_even_wall_and_what_moves_before_it_become_calm() -> None:
    truth = clips.scene(5, (128, 96), flat=0.5)
    for sigma in (0.01, 0.04, 0.16):
        made = cleaned(clips.noisy(truth, sigma, sigma), (sigma, sigma))[2]
        assert rms((made - truth[2])[:, :, :56]) < 0.2 * sigma
        assert rms(made - truth[2]) < 0.4 * sigma


def test_colour_that_smears_along_the_line_becomes_calm_too() -> None:
    truth = clips.scene(5, (192, 128), flat=0.5)
    dice = torch.Generator().manual_seed(4)
    white = torch.randn(5, 2, 128, 192 + 16, generator=dice)
    smears = torch.stack([white[..., step:step + 192] for step in range(16)]).mean(0)
    noisy = truth.clone()
    noisy[:, 1:] += smears / smears.std() * SIGMA
    made = cleaned(noisy, (0.0, SIGMA), chroma=1)
    assert rms((made - truth)[2, 1:]) < 0.4 * SIGMA


def test_noise_that_is_stronger_in_the_dark_goes_from_the_dark_too() -> None:
    truth = clips.scene(5, (192, 128), flat=0.9, brightness=0.15)
    truth[:, 0, :, 90:] += 0.6
    noisy = clips.noisy(truth, lambda luma: SIGMA * (1 + (luma < 0.4)))
    made = cleaned(noisy, (SIGMA, 0.0), luma=1)
    assert rms((made - truth)[2, 0, :, 8:80]) < 0.6 * SIGMA
    assert rms((made - truth)[2, 0, :, 100:160]) < 0.25 * SIGMA


def test_the_strength_says_how_much_of_the_noise_goes() -> None:
    truth = clips.scene(5, (96, 64), flat=1)
    noisy = clips.noisy(truth, SIGMA)
    left = [rms((cleaned(noisy, luma=luma)[2] - truth[2])[0]) / SIGMA for luma in (0.3, 0.6, 1)]
    assert left[0] > 0.35
    assert left[0] > left[1] + 0.1 > left[2] + 0.15


def test_more_neighbours_and_more_strength_remove_more() -> None:
    truth = clips.scene(1, (96, 64)).expand(7, -1, -1, -1)
    noisy = clips.noisy(truth, SIGMA)
    errors = [rms(cleaned(noisy, radius=radius, luma=luma)[3] - truth[3])
              for radius, luma in ((1, 0.3), (1, 0.8), (3, 0.8))]
    assert errors[0] > errors[1] > errors[2]


def test_without_measured_noise_nothing_changes() -> None:
    noisy = clips.noisy(clips.scene(4), SIGMA)
    assert torch.equal(cleaned(noisy, (0.0, 0.0)), noisy)


def test_strength_zero_keeps_that_part_of_the_picture() -> None:
    noisy = clips.noisy(clips.scene(4), SIGMA, SIGMA)
    made = cleaned(noisy, luma=0)
    assert torch.equal(made[:, 0], noisy[:, 0])
    assert not torch.equal(made[:, 1:], noisy[:, 1:])


def test_switched_off_frames_pass_as_they_are() -> None:
    frame = Frame(clips.moment(0), 0, COLOR)
    stage = reduce_noise(NoiseSettings(), ShotContext(Fraction(25), Fraction(1), noise_sigma=(0.1, 0.1)))
    assert list(stage(iter([frame]))) == [frame]


def test_a_flash_is_not_smeared_over_its_neighbours() -> None:
    truth = clips.flash(clips.scene(7, (96, 64), speed=(0, 0)), 3, 1)
    made = cleaned(clips.noisy(truth, SIGMA))
    assert abs(float((made[2] - truth[2])[0].mean())) < 0.003
    assert abs(float((made[3] - truth[3])[0].mean())) < 0.003


def test_a_sparkle_of_one_frame_stays() -> None:
    clip = clips.even(5, (96, 64), 0.3)
    clip[2, 0, 30:33, 40:43] = 0.9
    made = cleaned(clips.noisy(clip, SIGMA))
    assert made[2, 0, 31, 41] > 0.75
    assert made[1, 0, 31, 41] < 0.4 and made[3, 0, 31, 41] < 0.4


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_belongs_to_the_concert_stays(effect: str) -> None:
    """With as little noise as the analysis asks to reduce; none is on the clip."""
    clip = concert.EFFECTS[effect](7)
    made = cleaned(clip, (1.5 / 255, 2 / 255))
    changed = (made - clip).abs().amax(1) > 3 * 1.5 / 255
    assert float(changed.float().mean()) < 0.005


def test_what_moves_leaves_no_ghost() -> None:
    clip = clips.even(5, (128, 96), 0.2)
    for index in range(5):
        clip[index, 0, 30:60, 10 + 18 * index:30 + 18 * index] = 0.8
    made = cleaned(clips.noisy(clip, 0.02), (0.02, 0.0))
    assert (made[2, 0] - clip[2, 0]).abs().max() < 0.15
    assert abs(float(made[2, 0, 35:55, 12:24].mean()) - 0.2) < 0.01


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    noisy = clips.noisy(clips.scene(10, (96, 64)), SIGMA)
    entire, part = cleaned(noisy), cleaned(noisy[2:9], first=2)
    assert torch.equal(part[2:-2], entire[4:7])


def test_what_was_removed_is_the_noise_and_not_the_picture() -> None:
    noisy = clips.noisy(clips.scene(5, (128, 96)), SIGMA, SIGMA)
    texture = measure(noisy[2], cleaned(noisy)[2])
    assert texture.height == 96
    assert 0.4 * SIGMA < texture.luma[4] < 1.1 * SIGMA
    assert texture.alike[0] < 0.3


def test_where_noise_is_strong_the_network_takes_out_what_averaging_leaves() -> None:
    truth = clips.scene(3, (128, 96), flat=0.5)
    noisy = clips.noisy(truth, 0.08, 0.08)
    alone, both = (cleaned(noisy, (0.08, 0.08), luma=1, chroma=1, network=asked)[1] for asked in ("off", "auto"))
    wall = (..., slice(8, 56))
    assert rms((both - truth[1])[wall]) < 0.8 * rms((alone - truth[1])[wall])
    assert (both - alone).abs().amax() <= 0.08 + 1e-6


def test_the_network_keeps_to_the_parts_and_the_strength_that_were_asked_for() -> None:
    noisy = clips.noisy(clips.scene(3, (96, 64)), 0.08, 0.08)
    colour = cleaned(noisy, (0.08, 0.08), luma=0)
    assert torch.equal(colour[:, 0], noisy[:, 0])
    assert not torch.equal(colour[:, 1:], cleaned(noisy, (0.08, 0.08), luma=0, network="off")[:, 1:])


def test_the_network_has_no_part_in_weaker_noise() -> None:
    noisy = clips.noisy(clips.scene(3, (96, 64)), 0.05, 0.08)
    assert torch.equal(cleaned(noisy, (0.05, 0.08)), cleaned(noisy, (0.05, 0.08), network="off"))


def test_a_sparkle_stays_in_strong_noise_too() -> None:
    clip = clips.even(3, (96, 64), 0.3)
    clip[1, 0, 30:33, 40:43] = 0.95
    assert cleaned(clips.noisy(clip, 0.07), (0.07, 0.0))[1, 0, 31, 41] > 0.75


def test_no_frame_makes_no_frame() -> None:
    stage = reduce_noise(NoiseSettings(enabled=True), ShotContext(Fraction(25), Fraction(1), noise_sigma=(0.1, 0.1)))
    assert list(stage(iter([]))) == []
