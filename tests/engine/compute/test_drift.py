"""Where a picture lies is known to hundredths of a pixel, and how sure that is."""

import pytest
import torch

from restoration.engine.ageing.gate import moved_by
from restoration.engine.compute.drift import between, reduced
from restoration.engine.compute.shifting import fetched
from tests import clips

SIZE = (180, 120)


@pytest.mark.parametrize("move", [(0.0, 0.0), (0.3, -0.2), (1.7, 2.6), (-9.4, 5.3)])
def test_a_known_move_is_found(move: tuple[float, float]) -> None:
    planes = clips.moment(0, SIZE)
    x, y, sure = between(reduced(planes[0]), reduced(moved_by(planes, *move)[0]))
    assert (x, y) == pytest.approx(move, abs=0.05)
    assert sure > 0.8


def test_a_move_of_a_field_is_found_in_lines_of_the_frame() -> None:
    planes = clips.moment(0, SIZE)
    before, now = (reduced(each[0, ::2], is_field=True) for each in (planes, moved_by(planes, 0.6, 1.4)))
    assert between(before, now)[:2] == pytest.approx((0.6, 1.4), abs=0.08)


def test_what_passes_in_front_does_not_count() -> None:
    still = clips.scene(1, SIZE, speed=(0, 0))[0, 0]
    one, two = still.clone(), still.clone()
    patch = clips.moment(0, SIZE, 7)[0, :60, :80]
    one[30:90, 40:120], two[30:90, 46:126] = patch, patch
    assert between(reduced(one), reduced(two))[:2] == pytest.approx((0, 0), abs=0.06)


def test_a_change_of_light_is_no_move() -> None:
    luma = clips.moment(0, SIZE)[0]
    assert between(reduced(luma), reduced(1.2 * luma + 0.05))[:2] == pytest.approx((0, 0), abs=0.03)


def test_two_scenes_have_nothing_in_common() -> None:
    one, two = (clips.moment(0, SIZE, seed)[0] for seed in (1, 2))
    assert between(reduced(one), reduced(two))[2] < 0.45


def test_of_an_even_grey_nothing_is_known() -> None:
    grey = torch.full((120, 180), 0.4)
    assert between(reduced(grey), reduced(grey))[2] < 0.45


def test_fetching_undoes_a_move() -> None:
    planes = clips.moment(0, SIZE)
    back = fetched(moved_by(planes, 1.3, -0.6), 1.3, -0.6)
    assert (back - planes)[:, 4:-4, 4:-4].square().mean().sqrt() < 0.003


def test_fetching_by_whole_pixels_mirrors_what_comes_in() -> None:
    planes = torch.arange(30.0).reshape(1, 5, 6).expand(3, -1, -1).contiguous()
    moved = fetched(planes, 1.0, 0.0)
    assert torch.allclose(moved[0, 0], torch.tensor([1.0, 2, 3, 4, 5, 4]), atol=1e-5)
