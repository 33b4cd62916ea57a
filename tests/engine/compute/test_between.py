"""The picture between two frames: near the true one, the same bits on any number of threads."""

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.between import motion_between, picture_between
from restoration.engine.metrics import psnr
from tests import clips

SIZE = (192, 128)


def between(one: Tensor, other: Tensor, time: float) -> Tensor:
    return picture_between(one, other, motion_between(one[0], other[0]), time)


@pytest.mark.parametrize("time", [0.25, 0.5, 0.8])
def test_a_moment_in_between_is_near_the_true_one(time: float) -> None:
    one, truth, other = (clips.moment(at, SIZE) for at in (3.0, 3.0 + time, 4.0))
    faded = torch.lerp(one, other, time)
    assert psnr(between(one, other, time), truth) > psnr(faded, truth) + 6


def test_what_moves_before_something_else_keeps_its_edge() -> None:
    """A bright square passes a standing wall: what it hides in one frame is taken from the other."""
    def at(left: int) -> Tensor:
        planes = wall.clone()
        planes[0, 40:88, left:left + 48] = 0.9
        return planes

    wall = clips.moment(0.0, SIZE, seed=4)
    made, faded, truth = between(at(60), at(72), 0.5), (at(60) + at(72)) / 2, at(66)
    wrong, wrong_faded = (((each[0] - truth[0]).abs() > 0.1).float().mean() for each in (made, faded))
    assert wrong < wrong_faded / 3


def test_two_equal_frames_give_that_frame() -> None:
    one = clips.moment(0.0, SIZE)
    assert torch.allclose(between(one, one, 0.5), one, atol=2e-3)


def test_one_thread_and_two_give_the_same_bits() -> None:
    one, other = clips.moment(0.0, (352, 240)), clips.moment(1.0, (352, 240))
    made, before = [], torch.get_num_threads()
    for threads in (1, 2):
        torch.set_num_threads(threads)
        made.append(between(one, other, 0.4))
    torch.set_num_threads(before)
    assert torch.equal(*made)
