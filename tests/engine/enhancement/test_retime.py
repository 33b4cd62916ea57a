"""Frames in between: the recorded ones stay, the others are near the true moments, and no cut is crossed."""

from fractions import Fraction
from typing import Literal

import pytest
import torch
from torch import Tensor

from restoration.engine.compute import between
from restoration.engine.compute.resample import resize
from restoration.engine.enhancement import retime as stage
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.metrics import psnr
from restoration.engine.moments import Moments
from restoration.engine.settings import FieldsSettings, RetimeSettings
from restoration.engine.stage import ShotContext
from tests import clips, concert

SIZE = (160, 112)
Rate = Literal["as it is", "double", "five for two"]


def retimed(clip: Tensor, rate: Rate = "double", first: int = 0, own: tuple[int, int] | None = None) -> list[Frame]:
    """Of a clip whose first frame has the number `first`; own: the source frames whose moments are wanted."""
    moments = Moments.of(FieldsSettings(), RetimeSettings(rate=rate))
    context = ShotContext(Fraction(24), Fraction(1), moments=moments,
                          wanted=moments.owned(*(own or (first, first + len(clip)))))
    color = ColorSpec("bt709", "bt709", "bt709")
    frames = (Frame(planes, first + index, color) for index, planes in enumerate(clip))
    return list(stage.retime(RetimeSettings(rate=rate), context)(frames))


def test_as_it_is_passes_all_untouched() -> None:
    clip = clips.scene(3, SIZE)
    assert torch.equal(torch.stack([frame.planes for frame in retimed(clip, "as it is")]), clip)


def test_the_recorded_frames_stay_bit_for_bit_and_the_last_is_shown_again() -> None:
    clip = clips.scene(4, SIZE)
    made = retimed(clip, first=7)
    assert [frame.number for frame in made] == list(range(14, 22))
    assert all(torch.equal(frame.planes, planes) for frame, planes in zip(made[::2], clip, strict=True))
    assert torch.equal(made[-1].planes, clip[-1])


@pytest.mark.parametrize(("rate", "step"), [("double", 0.5), ("five for two", 0.4)])
def test_frames_in_between_are_near_the_true_moments(rate: Rate, step: float) -> None:
    made = retimed(clips.scene(4, SIZE), rate)
    for frame in made:
        if frame.number * step <= 3:
            assert psnr(frame.planes, clips.moment(frame.number * step, SIZE)) > 40


def test_a_part_with_the_frame_that_follows_equals_the_whole() -> None:
    clip = clips.scene(4, SIZE)
    whole = retimed(clip, "five for two")
    parts = [*retimed(clip[:3], "five for two", own=(0, 2)), *retimed(clip[2:], "five for two", first=2)]
    assert [frame.number for frame in parts] == [frame.number for frame in whole]
    assert all(torch.equal(one.planes, two.planes) for one, two in zip(parts, whole, strict=True))


def test_nothing_is_made_between_two_frames_that_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    known = stage.motion_between
    monkeypatch.setattr(stage, "motion_between", lambda *pair: asked.append(1) or known(*pair))
    clip = clips.scene(2, SIZE).repeat_interleave(2, dim=0)
    made = retimed(clip)
    assert len(asked) == 1
    assert torch.equal(made[1].planes, clip[0]) and torch.equal(made[5].planes, clip[2])
    assert not torch.equal(made[3].planes, clip[1])


@pytest.mark.parametrize("rate", ["double", "five for two"])
def test_between_two_pictures_that_have_nothing_in_common_the_first_is_shown_again(rate: Rate) -> None:
    montage = torch.cat([clips.scene(1, SIZE, seed) for seed in (1, 2, 3)])
    made = retimed(montage, rate)
    assert all(any(torch.equal(frame.planes, planes) for planes in montage) for frame in made)


def test_a_large_picture_takes_its_motion_from_a_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between, "TALLEST", 80)
    one, truth, other = (resize(clips.moment(at, (216, 162)), 433, 325) for at in (2.0, 2.5, 3.0))
    made = retimed(torch.stack((one, other)))[1].planes
    assert psnr(made, truth) > psnr((one + other) / 2, truth) + 4


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_belongs_to_the_concert_is_met_no_worse_than_by_mixing(effect: str) -> None:
    one, truth, other = concert.EFFECTS[effect](9)[3:6]
    made = retimed(torch.stack((one, other)))[1].planes
    assert psnr(made, truth) > psnr((one + other) / 2, truth) - 0.1
