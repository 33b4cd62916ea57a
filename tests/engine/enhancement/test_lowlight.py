"""Shadows become lighter and nothing else does: black, lit things, hues and the order of tones stay, frame by frame."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from restoration.engine.chain import stages, witness_of
from restoration.engine.enhancement.lowlight import lift_shadows
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.color import to_rgb
from restoration.engine.settings import LowlightSettings, Settings, UpscaleSettings
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("bt709", "bt709", "bt709")


def lifted(clip: Tensor, amount: float = 1.0, *, sigma: float = 0.0, order: str | None = None) -> Tensor:
    stage = lift_shadows(LowlightSettings(enabled=True, amount=amount),
                         ShotContext(Fraction(25), Fraction(1), noise_sigma=(sigma, sigma)))
    return torch.stack([frame.planes for frame in stage(
        Frame(planes, index, COLOR, order) for index, planes in enumerate(clip))])


def level(luma: float) -> float:
    return float(lifted(clips.even(1, (64, 48), luma))[0, 0, 20, 30])


def ramp(first: float, last: float) -> Tensor:
    clip = torch.zeros(1, 3, 64, 512)
    clip[0, 0] = torch.linspace(first, last, 512)
    return clip


@pytest.mark.parametrize("luma", [-0.02, 0.0, 0.01, 0.02, 0.45, 0.7, 1.0, 1.05])
def test_black_and_whatever_is_lit_stay_bit_for_bit(luma: float) -> None:
    clip = clips.even(1, (64, 48), luma)
    assert torch.equal(lifted(clip), clip)


def test_the_middle_shadows_gain_most() -> None:
    assert level(0.12) / 0.12 > 1.5
    assert level(0.12) / 0.12 > level(0.3) / 0.3 > 1.1


@pytest.mark.parametrize(("first", "last"), [(-0.05, 1.05), (0.0, 0.2)])
def test_no_tone_passes_another(first: float, last: float) -> None:
    made = lifted(ramp(first, last))[0, 0, 30]
    assert float((made[1:] - made[:-1]).min()) > 0


def test_a_bright_spot_in_the_dark_stays_brighter_than_a_less_bright_one() -> None:
    made = []
    for spot in torch.linspace(0.1, 0.6, 26):
        clip = clips.even(1, (64, 48), 0.1)
        clip[0, 0, 20:22, 30:32] = spot
        made.append(lifted(clip)[0, 0, 21, 31])
    assert all(one < other for one, other in pairwise(made))
    assert float(made[-1]) == pytest.approx(0.6)


def test_hue_and_saturation_stay() -> None:
    clip = 0.5 * clips.scene(1, (96, 64), brightness=0.3)
    before, after = to_rgb(clip[0], "bt709"), to_rgb(lifted(clip)[0], "bt709")
    assert float((after / after.sum(0) - before / before.sum(0)).abs().max()) < 1e-4
    assert float(after.mean()) > 1.2 * float(before.mean())


def test_a_strong_blue_lamp_has_no_room_and_is_not_pushed_over_white() -> None:
    clip = clips.even(1, (64, 48), 0.09)
    clip[0, 1], clip[0, 2] = 0.45, -0.03
    assert float(to_rgb(lifted(clip)[0], "bt709").max()) < 1.0
    assert float((lifted(clip) - clip).abs().max()) < 0.01


def test_texture_of_shadows_is_lifted_with_them_and_noise_is_not() -> None:
    clip = clips.noisy(clips.even(1, (128, 96), 0.12), 0.01)
    inner = (..., slice(8, -8), slice(8, -8))
    as_texture, as_noise = lifted(clip)[0, 0][inner], lifted(clip, sigma=0.01)[0, 0][inner]
    was = float(clip[0, 0][inner].std())
    assert float(as_texture.std()) > 1.3 * was
    assert float(as_noise.std()) < 1.2 * was
    assert float(as_noise.mean()) == pytest.approx(float(as_texture.mean()), abs=0.01)


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_no_effect_of_a_concert_makes_it_flicker(effect: str) -> None:
    """A frame is what it is alone, and where two frames show the same, they are lifted the same."""
    clip = concert.EFFECTS[effect](6)
    made = lifted(clip)
    assert torch.equal(made[3:], lifted(clip[3:]))
    assert torch.equal(made[2:3], lifted(clip[2:3]))
    before, after = to_rgb(clip, "bt709").amax(1), to_rgb(made, "bt709").amax(1)
    assert float(after.max()) <= max(1.0, float(before.max())) + 1e-4


def test_fields_are_lifted_each_by_itself() -> None:
    moments = 0.4 * clips.scene(2, (96, 64))
    woven = clips.interlace(moments)
    assert torch.equal(lifted(woven, order="tff")[0, :, 0::2], lifted(woven[:, :, 0::2])[0])


def test_nothing_asked_for_changes_nothing() -> None:
    clip = clips.scene(2, (96, 64), brightness=0.1)
    assert torch.equal(lifted(clip, 0.0), clip)


def test_the_certificate_compares_with_the_lifted_picture() -> None:
    """A look is no untruth: what is enlarged after it is held against it."""
    clip = clips.even(4, (64, 48), 0.12)
    settings = Settings(lowlight=LowlightSettings(enabled=True), upscale=UpscaleSettings(height=120, method="filters"))
    facts = SourceFacts(name="dark.mkv", rate=Fraction(25), frames=4, width=64, height=48, pixel_aspect=Fraction(1),
                        scan="progressive", field_order=None, duration=Fraction(4, 25))
    shot = Shot(index=0, start=0, end=4)
    witness = witness_of(settings, facts, shot)
    frames: Iterator[Frame] = (Frame(each, number, COLOR) for number, each in enumerate(clip))
    for stage in stages(settings, facts, shot, witness=witness):
        frames = stage(frames)
    assert float(next(frames).planes[0].mean()) > 0.13
    list(frames)
    found = witness.facts()
    assert found is not None
    assert found.error < 1e-6
