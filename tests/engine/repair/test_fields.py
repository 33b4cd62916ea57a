"""Every field becomes a whole moment: still lines are woven, moving ones follow their motion, recorded ones stay."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.fields import frames_from_fields, reach
from restoration.engine.settings import FieldsSettings
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
CONTEXT = ShotContext(Fraction(30000, 1001), Fraction(10, 11))


def whole(woven: Tensor, order: str = "tff", first: int = 0, **settings: bool) -> list[Frame]:
    asked = FieldsSettings.model_validate({"method": "frames", "order": order, **settings})
    stage = frames_from_fields(asked, CONTEXT)
    return list(stage(Frame(planes, first + index, COLOR, order) for index, planes in enumerate(woven)))


def psnr(made: Tensor, truth: Tensor) -> float:
    return float(-10 * torch.log10((made - truth).square().mean()))


def averaged(frame: Tensor, parity: int) -> Tensor:
    """The missing lines as the mean of the recorded ones above and below: the simplest way there is."""
    made = frame.clone()
    lines = frame[:, parity::2]
    other = torch.cat((lines[:, 1:], lines[:, -1:]), 1) if parity == 0 else torch.cat((lines[:, :1], lines[:, :-1]), 1)
    made[:, 1 - parity::2] = 0.5 * (lines + other)
    return made


def test_two_moments_come_of_every_frame_and_are_counted() -> None:
    frames = whole(clips.interlace(clips.scene(8)), first=5)
    assert [frame.number for frame in frames] == [10, 11, 12, 13, 14, 15, 16, 17]
    assert all(frame.interlaced is None and frame.color == COLOR for frame in frames)


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_recorded_lines_stay_bit_for_bit(order: str) -> None:
    truth = clips.scene(8)
    for index, frame in enumerate(whole(clips.interlace(truth, order), order)):
        parity = (index + (order == "bff")) % 2
        assert torch.equal(frame.planes[:, parity::2], truth[index][:, parity::2])


def test_what_stands_still_is_woven_exactly() -> None:
    still = clips.scene(1, (96, 64), speed=(0, 0)).expand(8, -1, -1, -1)
    for frame in whole(clips.interlace(still))[2:-2]:
        assert torch.equal(frame.planes[:, 4:-4], still[0][:, 4:-4])


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_moving_pictures_come_nearer_to_the_truth_than_by_averaging_lines(order: str) -> None:
    truth = clips.scene(12, (128, 96), speed=(2.3, 0.7))
    for index, frame in enumerate(whole(clips.interlace(truth, order), order)):
        parity = (index + (order == "bff")) % 2
        plain = averaged(truth[index], parity)
        assert psnr(frame.planes[0], truth[index][0]) > psnr(plain[0], truth[index][0])


def test_the_wrong_order_is_worse() -> None:
    truth = clips.scene(12, (128, 96), speed=(2.3, 0.7))
    woven = clips.interlace(truth)
    right = [psnr(frame.planes[0], truth[i][0]) for i, frame in enumerate(whole(woven))]
    wrong = [psnr(frame.planes[0], truth[i][0]) for i, frame in enumerate(whole(woven, "bff"))]
    assert sum(right) > sum(wrong) + 12


def test_a_single_frame_makes_two_moments_without_combing() -> None:
    truth = clips.scene(2, (96, 64), speed=(6, 0))
    for index, frame in enumerate(whole(clips.interlace(truth))):
        assert psnr(frame.planes[0], truth[index][0]) > 22


def test_no_frame_makes_no_moment() -> None:
    assert whole(torch.empty(0, 3, 64, 96)) == []


@pytest.mark.parametrize(("weave_film", "reached"), [(True, 10), (False, 1)])
def test_a_part_with_frames_to_spare_equals_the_whole(weave_film: bool, reached: int) -> None:
    assert reach(FieldsSettings(method="frames", weave_film=weave_film)) == reached
    woven = clips.interlace(clips.scene(60))
    entire = whole(woven, weave_film=weave_film)
    part = whole(woven[3:26], first=3, weave_film=weave_film)[2 * reached:-2 * reached]
    assert part
    for frame in part:
        assert torch.equal(frame.planes, entire[frame.number].planes)


def test_video_is_the_same_where_nobody_looks_for_film_in_it() -> None:
    woven = clips.interlace(clips.scene(48, speed=(3, 0.5)))
    for looked, plain in zip(whole(woven), whole(woven, weave_film=False), strict=True):
        assert torch.equal(looked.planes, plain.planes)


def test_lines_may_be_calmed_on_request() -> None:
    woven = clips.interlace(clips.scene(6, speed=(2.3, 0.7)))
    kept, calmed = whole(woven)[3].planes, whole(woven, keep_lines=False)[3].planes
    assert torch.equal(kept[:, 0::2], calmed[:, 0::2])
    assert 0 < (kept - calmed).abs().max() < 0.2


def test_frames_pass_untouched_when_not_asked() -> None:
    frame = Frame(clips.moment(0), 3, COLOR)
    assert list(frames_from_fields(FieldsSettings(), CONTEXT)(iter([frame]))) == [frame]


def test_an_odd_number_of_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="even number of lines"):
        whole(torch.zeros(1, 3, 63, 96))
