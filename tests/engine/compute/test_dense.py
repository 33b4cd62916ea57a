"""Motion with sharp edges: of large things and of small fast ones."""

import torch
from torch import Tensor

from restoration.engine.compute.dense import dense_both_ways
from restoration.engine.compute.opencv import cv2
from tests import clips

SIZE = (192, 128)
SIDE, TOP, LEFT = 14, 56, 50


def passing(step: int, texture: Tensor) -> Tensor:
    """Luma of a small textured square `step` pixels on its way over a standing wall."""
    wall = clips.moment(0.0, SIZE, seed=4)[0].clone()
    wall[TOP:TOP + SIDE, LEFT + step:LEFT + step + SIDE] = 0.5 + texture[:SIDE, :SIDE]
    return wall


def test_a_pan_is_found_both_ways() -> None:
    there, back = dense_both_ways(clips.moment(3.0, SIZE)[0], clips.moment(4.0, SIZE)[0])
    assert torch.allclose(there.flatten(1).median(1).values, torch.tensor([1.3, 0.4]), atol=0.1)
    assert torch.allclose(back.flatten(1).median(1).values, torch.tensor([-1.3, -0.4]), atol=0.1)


def test_a_small_thing_that_moves_by_more_than_itself_is_followed() -> None:
    texture = clips.moment(0.0, SIZE, seed=9)[0]
    there, _ = dense_both_ways(passing(0, texture), passing(24, texture))
    inside = there[:, TOP + 3:TOP + SIDE - 3, LEFT + 3:LEFT + SIDE - 3]
    assert (inside - torch.tensor([24.0, 0.0]).view(2, 1, 1)).norm(dim=0).median() < 1


def test_opencv_keeps_to_one_thread_for_then_it_finds_the_same_everywhere() -> None:
    dense_both_ways(clips.moment(3.0, SIZE)[0], clips.moment(4.0, SIZE)[0])
    assert cv2.getNumThreads() == 1
