"""A worn gate moves pictures by a known way and does nothing else."""

import pytest
import torch

from restoration.engine.ageing import gate
from tests import clips


def test_moving_there_and_back_gives_the_picture_again() -> None:
    planes = clips.moment(0, (90, 60))
    back = gate.moved_by(gate.moved_by(planes, 3.0, -2.0), -3.0, 2.0)
    assert (back - planes)[:, 4:-4, 4:-4].abs().max() < 1e-4


def test_a_move_of_whole_pixels_moves_whole_pixels() -> None:
    planes = clips.moment(0, (90, 60))
    moved = gate.moved_by(planes, 3.0, 2.0)
    assert (moved[:, 2:, 3:] - planes[:, :-2, :-3]).abs().max() < 1e-4


def test_films_jump_up_and_down_more_than_sideways() -> None:
    jitter = gate.path(400, 1, down=0.8, across=0.3).jitter
    assert jitter.std(0).tolist() == pytest.approx([0.3, 0.8], rel=0.15)


def test_the_drift_is_slow_and_stays_in_the_truth() -> None:
    way = gate.path(48, 3, drift=1.5)
    assert (way.drift[1:] - way.drift[:-1]).abs().max() < 0.15
    still = gate.weave(clips.scene(3, (60, 40)), 3, down=0, across=0)
    assert torch.equal(still.clip, still.truth)


def test_a_seed_always_gives_the_same_film() -> None:
    clip = clips.scene(3, (60, 40))
    assert torch.equal(gate.weave(clip, 5).clip, gate.weave(clip, 5).clip)
    assert not torch.equal(gate.weave(clip, 5).clip, gate.weave(clip, 6).clip)


def test_frames_of_one_film_frame_lie_at_one_place() -> None:
    clip = clips.scene(1, (60, 40)).expand(6, -1, -1, -1)
    woven = gate.weave(clip, 1, each=3, drift=0).clip
    assert torch.equal(woven[0], woven[2])
    assert not torch.equal(woven[2], woven[3])
