"""Pictures that have nothing in common are told from one view under another light, and from what shows no view."""

import torch

from restoration.engine.compute import sketches
from restoration.engine.compute.sketches import Sketch
from tests import clips

SIZE = (192, 128)


def sketch(planes: torch.Tensor) -> Sketch:
    return sketches.of_planes(planes)


def test_pictures_of_two_scenes_have_nothing_in_common() -> None:
    one, two = (sketch(clips.moment(0, SIZE, seed)) for seed in (1, 2))
    assert sketches.are_unrelated(one, two) and sketches.are_unrelated(two, one)


def test_a_flash_another_lamp_and_a_torn_camera_leave_something_in_common() -> None:
    clip = clips.scene(3, SIZE, 1)
    for changed in (clips.flash(clip, 1), clips.wash(clip, 1), clips.whip_pan(3, SIZE, 1, pan=2)):
        assert not sketches.are_unrelated(sketch(changed[0]), sketch(changed[1]))


def test_an_even_light_and_the_snow_of_a_tape_show_nothing() -> None:
    view = sketch(clips.moment(0, SIZE, 1))
    for luma in (0.0, 0.5, 1.0):
        assert not sketches.are_unrelated(view, sketch(clips.even(1, SIZE, luma)[0]))
    snow = clips.noisy(clips.even(2, (360, 288), 0.45), 0.25, coarse=2)
    assert not sketches.are_unrelated(sketch(snow[0]), sketch(snow[1]))
