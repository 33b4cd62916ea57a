"""Motion with sharp edges: of large things and of small fast ones, whatever number of threads OpenCV may use."""

import cv2
import torch
from torch import Tensor

from restoration.engine.compute.dense import dense_both_ways
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


def test_the_number_of_threads_changes_nothing() -> None:
    one, other = clips.moment(0.0, (352, 240))[0], clips.moment(1.0, (352, 240))[0]
    before, made = cv2.getNumThreads(), []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        made.append(dense_both_ways(one, other)[0])
        assert cv2.getNumThreads() == threads
    cv2.setNumThreads(before)
    assert torch.equal(*made)
