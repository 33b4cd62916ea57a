"""Scratches come off; what stands upright in the scene stays."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing import film
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.scratches import REPAIR, measure
from restoration.engine.settings import ScratchesSettings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (160, 120)


def mended(clip: Tensor, first: int = 0) -> tuple[Tensor, dict[int, Tensor | None]]:
    masks: dict[int, Tensor | None] = {}
    context = ShotContext(Fraction(24), Fraction(1), note=masks.__setitem__)
    stage = REPAIR.mend(ScratchesSettings(enabled=True), context)
    made = list(stage(Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)))
    assert [frame.number for frame in made] == list(range(first, first + len(clip)))
    return torch.stack([frame.planes for frame in made]), masks


def psnr(one: Tensor, other: Tensor, mask: Tensor) -> float:
    return float(-10 * torch.log10((one - other).square().mean(1)[mask].mean() + 1e-12))


def moving(frames: int = 7, seed: int = 0) -> Tensor:
    return clips.scene(frames, SIZE, seed, speed=(2.5, 0.5))


def value(clip: Tensor) -> float:
    frames = tuple(Frame(planes, number, COLOR) for number, planes in enumerate(clip[:5]))
    return measure(Specimen(frames, 2))["scratches"].value


def with_stand(clip: Tensor, speed: float, top: int = 0) -> Tensor:
    """A thin dark pole in the scene, from that row down."""
    standing, columns = clip.clone(), torch.arange(clip.shape[-1])
    for number, planes in enumerate(standing):
        inside = (1.5 - (columns - 60.5 - speed * number).abs()).clamp(0, 1)
        planes[0, top:] += inside * (0.08 - planes[0, top:])
    return standing


def test_a_scratch_comes_off_and_the_rest_stays() -> None:
    truth = moving()
    aged = film.scratches(truth, 2, count=1, broken=0.0, depth=0.25)
    assert aged.masks is not None
    made, masks = mended(aged.clip)
    assert psnr(made, truth, aged.masks) > psnr(aged.clip, truth, aged.masks) + 6
    assert psnr(made, aged.clip, ~aged.masks) > 48
    touched = torch.stack([mask for mask in masks.values() if mask is not None])
    assert torch.equal(made.permute(1, 0, 2, 3)[:, ~touched], aged.clip.permute(1, 0, 2, 3)[:, ~touched])


def test_a_scratch_that_trembles_before_a_scene_that_stands_comes_off_every_frame() -> None:
    truth = clips.scene(9, SIZE, speed=(0.0, 0.0))
    aged = film.scratches(truth, 2, count=1, broken=0.0, depth=0.25)
    assert aged.masks is not None
    made, _ = mended(aged.clip)
    for planes, spoilt, clean, mask in zip(made, aged.clip, truth, aged.masks, strict=True):
        if mask.any():
            assert psnr(planes[None], clean[None], mask[None]) > psnr(spoilt[None], clean[None], mask[None]) + 3


@pytest.mark.parametrize("speed", [0.0, 2.0])
def test_a_stand_that_goes_with_the_scene_stays(speed: float) -> None:
    clip = with_stand(clips.scene(7, SIZE, speed=(speed, 0.0)), speed)
    assert torch.equal(mended(clip)[0], clip)
    assert value(clip) == 0


@pytest.mark.parametrize("speed", [1.2, 3.0])
def test_a_post_that_is_nearer_or_farther_than_the_scene_beside_it_stays(speed: float) -> None:
    clip = with_stand(clips.scene(7, SIZE, speed=(2.0, 0.0)), speed, top=55)
    assert torch.equal(mended(clip)[0], clip)
    assert value(clip) == 0


def test_a_short_scratch_that_trembles_before_a_scene_that_stands_comes_off() -> None:
    truth = clips.scene(11, SIZE, 3, speed=(0.0, 0.0))
    torn = truth.clone()
    places = [0.0, 0.4, -0.3, 0.2, -0.6, 0.1, 0.5, -0.2, 0.3, -0.5, 0.0]
    for planes, place in zip(torn, places, strict=True):
        depth = 0.25 * torch.exp(-0.5 * ((torch.arange(SIZE[0]) - 60.5 - place) / 0.7) ** 2)
        planes[0, 50:110] += depth
    mask = (torn - truth).abs().amax(1) > 0.02
    assert psnr(mended(torn)[0], truth, mask) > psnr(torn, truth, mask) + 6


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_light_and_stage_do_stays(effect: str) -> None:
    clip = concert.EFFECTS[effect](7)
    assert (mended(clip)[0] != clip).any(1).float().mean() < 0.005
    assert value(clip) < 0.3


def test_a_picture_without_scratches_stays_bit_for_bit() -> None:
    for seed in range(3):
        assert torch.equal(mended(moving(seed=seed))[0], moving(seed=seed))
        assert value(moving(seed=seed)) == 0


def test_the_detector_measures_the_length_in_heights() -> None:
    aged = film.scratches(moving(), 2, count=1, broken=0.0, depth=0.25)
    assert value(aged.clip) == pytest.approx(1, abs=0.3)


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    aged = film.scratches(moving(12), 2, count=1).clip
    reach = REPAIR.reach(ScratchesSettings())
    whole, part = mended(aged)[0], mended(aged[1:11], first=1)[0]
    assert torch.equal(part[reach:-reach], whole[1 + reach:11 - reach])


def test_the_threads_do_not_matter() -> None:
    aged = film.scratches(moving(5), 2).clip
    assert torch.equal(*on_one_thread_and_two(lambda: mended(aged)[0]))


def test_switched_off_frames_pass_as_they_are() -> None:
    frame = Frame(moving(1)[0], 0, COLOR)
    stage = REPAIR.mend(ScratchesSettings(), ShotContext(Fraction(25), Fraction(1)))
    assert list(stage(iter([frame]))) == [frame]
    on = REPAIR.mend(ScratchesSettings(enabled=True), ShotContext(Fraction(25), Fraction(1)))
    assert [made.number for made in on(iter([frame]))] == [0]
