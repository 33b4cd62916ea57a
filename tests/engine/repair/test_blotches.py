"""Dirt goes, and what only looks like it stays."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, interpolate

from restoration.engine.ageing import film
from restoration.engine.compute.repeats import change, other_moments, repeated
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.networks.registry import network, networks_used
from restoration.engine.networks.segmenter import SEEN
from restoration.engine.networks.segmenting import odds_of_dirt
from restoration.engine.repair.blotches import REPAIR, measure
from restoration.engine.repair.blotches.filling import grown
from restoration.engine.repair.blotches.mending import evidence
from restoration.engine.repair.blotches.witness import heard, rim
from restoration.engine.settings import BlotchesSettings, Settings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (120, 88)


class Mended:
    """A clip after the repair, with what it noted and flagged."""

    def __init__(self, clip: Tensor, *, sigma: float = 0.0, first: int = 0) -> None:
        self.masks: dict[int, Tensor | None] = {}
        self.flags: dict[int, float] = {}
        context = ShotContext(Fraction(24), Fraction(1), noise_sigma=(sigma, 0.0), note=self.masks.__setitem__,
                              flag=self.flags.__setitem__)
        stage = REPAIR.mend(BlotchesSettings(enabled=True), context)
        made = list(stage(Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)))
        assert [frame.number for frame in made] == list(range(first, first + len(clip)))
        self.clip = torch.stack([frame.planes for frame in made])

    @property
    def touched(self) -> Tensor:
        return torch.stack([mask for mask in self.masks.values() if mask is not None])


def psnr(one: Tensor, other: Tensor, mask: Tensor) -> float:
    return float(-10 * torch.log10((one - other).square().mean(1)[mask].mean() + 1e-12))


def moving(frames: int = 7, seed: int = 0) -> Tensor:
    return clips.scene(frames, SIZE, seed, speed=(1.5, 0.5))


def specimen(clip: Tensor, sigma: float = 0.0) -> Specimen:
    frames = tuple(Frame(planes, number, COLOR) for number, planes in enumerate(clip[:5]))
    return Specimen(frames, 2, noise_sigma=(sigma, sigma))


def with_speck(clip: Tensor, number: int, level: float = 0.95, place: tuple[int, int] = (40, 60)) -> Tensor:
    spoilt = clip.clone()
    spoilt[number, 0, place[0]:place[0] + 6, place[1]:place[1] + 5] = level
    return spoilt


def test_a_speck_on_a_moving_picture_becomes_the_picture() -> None:
    truth = moving()
    spoilt = with_speck(truth, 3)
    made = Mended(spoilt)
    damaged = (spoilt != truth).any(1)
    assert psnr(made.clip, truth, damaged) > psnr(spoilt, truth, damaged) + 15
    assert made.touched[3][damaged[3]].all()
    assert not made.touched[[0, 1, 2, 4, 5, 6]].any()


def test_dust_and_hair_are_mended_where_they_lie_and_nowhere_else() -> None:
    truth = moving(9, 3)
    aged = film.dust(truth, 4, count=4, size=0.04, opaque=1.0)
    assert aged.masks is not None
    made, inner = Mended(aged.clip), slice(1, -1)
    before, after = (psnr(each[inner], truth[inner], aged.masks[inner]) for each in (aged.clip, made.clip))
    assert after > before + 3
    assert psnr(made.clip, aged.clip, ~aged.masks) > 48
    assert torch.equal(made.clip.permute(1, 0, 2, 3)[:, ~made.touched], aged.clip.permute(1, 0, 2, 3)[:, ~made.touched])


def fluttering(frames: int = 7) -> Tensor:
    """Leaves in the wind on the right: each frame shows them shaken anew, on the left an even sky."""
    dice = torch.Generator().manual_seed(4)
    clip = clips.even(frames, SIZE, 0.6)
    leaves = interpolate(torch.rand(1, 1, 44, 60, generator=dice), size=SIZE[::-1], mode="bicubic")[0]
    grid = affine_grid(torch.eye(2, 3)[None], [1, 1, SIZE[1], SIZE[0]], align_corners=False)
    for planes in clip:
        shaken = interpolate(torch.randn(1, 2, 11, 15, generator=dice), size=SIZE[::-1], mode="bicubic")
        moved = grid_sample(leaves[None], grid + 0.03 * shaken.permute(0, 2, 3, 1), padding_mode="reflection",
                            align_corners=False)[0, 0]
        planes[0, :, 60:] = 0.1 + 0.3 * moved[:, 60:]
    return clip


def test_leaves_in_the_wind_stay_while_dirt_on_the_sky_beside_them_goes() -> None:
    truth = fluttering()
    spoilt = with_speck(truth, 3, 0.05, (40, 24))
    made = Mended(spoilt)
    damaged = (spoilt != truth).any(1)
    assert psnr(made.clip, truth, damaged) > psnr(spoilt, truth, damaged) + 15
    assert psnr(made.clip, spoilt, ~damaged) > 48


def test_a_picture_without_dirt_stays_bit_for_bit() -> None:
    clean = moving()
    assert torch.equal(Mended(clean).clip, clean)


def test_switched_off_frames_pass_as_they_are() -> None:
    frame = Frame(moving(1)[0], 0, COLOR)
    stage = REPAIR.mend(BlotchesSettings(), ShotContext(Fraction(25), Fraction(1)))
    assert list(stage(iter([frame]))) == [frame]


@pytest.mark.parametrize("frames", [0, 1])
def test_a_shot_with_nothing_to_compare_stays(frames: int) -> None:
    clip = moving(2)[:frames]
    stage = REPAIR.mend(BlotchesSettings(enabled=True), ShotContext(Fraction(25), Fraction(1)))
    made = list(stage(Frame(planes, number, COLOR) for number, planes in enumerate(clip)))
    assert len(made) == frames
    assert all(torch.equal(frame.planes, planes) for frame, planes in zip(made, clip, strict=True))


def test_more_dirt_than_can_be_believed_is_left_and_flagged() -> None:
    spoilt = moving()
    for row in range(4, 80, 18):
        for column in range(4, 110, 24):
            spoilt[3, 0, row:row + 5, column:column + 4] = 1.0 if (row + column) % 3 else 0.0
    made = Mended(spoilt)
    assert torch.equal(made.clip[3], spoilt[3])
    assert 0.03 < made.flags[3] < 1


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_light_and_stage_do_stays(effect: str) -> None:
    clip = concert.EFFECTS[effect](7)
    made = Mended(clip)
    assert (made.clip != clip).any(1).float().mean() < 0.005


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    aged = film.dust(clips.scene(20, (80, 56), speed=(1.0, 0.5)), 4, count=3).clip
    whole, part = Mended(aged), Mended(aged[1:19], first=1)
    assert torch.equal(part.clip[REACH:-REACH], whole.clip[1 + REACH:19 - REACH])


REACH = REPAIR.reach(BlotchesSettings())


def test_the_threads_do_not_matter() -> None:
    aged = film.dust(moving(5), 4).clip
    assert torch.equal(*on_one_thread_and_two(lambda: Mended(aged).clip))


def what_is_said(clip: Tensor, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles of what stands out of a frame, and what the network adds to the odds of each."""
    frames = (Frame(planes, index, COLOR) for index, planes in enumerate(clip))
    told = evidence(BlotchesSettings(enabled=True), ShotContext(Fraction(24), Fraction(1)), frames)
    found, shown = next((found, shown) for at, found, shown in told if at == number)
    assert shown.shape == (SEEN, *clip.shape[2:])
    return found.regions.middles(), heard(found.regions, odds_of_dirt(shown))


def test_the_network_speaks_for_dirt_and_against_paper_that_falls() -> None:
    middles, added = what_is_said(with_speck(moving(), 3), 3)
    assert added[np.hypot(*(middles - (42.5, 62)).T) < 3].min() > 0
    _, paper = what_is_said(concert.confetti(7, (240, 160)), 3)
    assert paper.min() < 0
    assert paper.mean() < 0


def test_a_faint_rim_belongs_to_dirt_where_the_network_says_so() -> None:
    core, away = torch.zeros(9, 9, dtype=torch.bool), torch.full((9, 9), 0.006)
    core[4, 4] = True
    said = torch.full((9, 9), -3.0)
    said[3:6, 3:6] = 3.0
    assert torch.equal(grown(core, away, 0.012, rim(said, away)), said > 0)
    assert torch.equal(grown(core, away, 0.012), core)


def test_a_version_names_the_network_that_its_dirt_is_told_by() -> None:
    assert network("dirt") in networks_used(Settings(blotches=BlotchesSettings(enabled=True)), 0.0, 480)
    assert network("dirt") not in networks_used(Settings(), 0.0, 480)


def test_dirt_that_was_stored_three_times_is_mended_three_times() -> None:
    film_frames = clips.scene(5, SIZE, speed=(2.5, 1.0))
    spoilt = with_speck(film_frames, 2)
    stored = clips.noisy(spoilt.repeat_interleave(3, 0), 0.002)
    made = Mended(stored)
    for number in (6, 7, 8):
        assert (made.clip[number, 0, 41:45, 61:64] - film_frames[2, 0, 41:45, 61:64]).abs().mean() < 0.05


def test_frames_that_repeat_are_no_other_moments() -> None:
    stored = clips.noisy(clips.scene(4, SIZE, speed=(2.5, 1.0)).repeat_interleave(3, 0), 0.002)
    is_repeated = repeated([change(one[0], two[0]) for one, two in pairwise(stored)])
    assert is_repeated == [True, True, False] * 3 + [True, True]
    assert other_moments(is_repeated, 4, 2) == ([2], [6, 9])


def test_the_detector_finds_dirt_and_nothing_in_clean_pictures() -> None:
    found = measure(specimen(with_speck(moving(), 2)))["blotches"]
    assert found.value == pytest.approx(1000 * 30 / (SIZE[0] * SIZE[1]), rel=0.8)
    assert found.mask is not None and found.mask[41:45, 61:64].all()
    for seed in range(3):
        assert measure(specimen(moving(5, seed)))["blotches"].value == 0


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_the_detector_takes_no_light_for_dirt(effect: str) -> None:
    assert measure(specimen(concert.EFFECTS[effect](7)[1:6]))["blotches"].value < 0.25
