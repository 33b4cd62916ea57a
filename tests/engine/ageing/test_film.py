"""Damage to film is where its mask says, different in every frame where it is dirt, and the same for the same seed."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing import Aged, film
from tests import clips

CLIP = clips.scene(4, (120, 90), brightness=0.5)


@pytest.mark.parametrize("age", [film.dust, film.snow, film.scratches])
def test_the_mask_is_where_the_picture_changed(age: Callable[[Tensor, int], Aged]) -> None:
    aged = age(CLIP, 3)
    assert aged.masks is not None
    assert torch.equal(aged.truth, CLIP)
    away = (aged.clip - CLIP).abs().amax(1)
    assert away[~aged.masks].max() <= film.VISIBLE
    assert away[aged.masks].min() > film.VISIBLE
    assert 0.001 < aged.masks.float().mean() < 0.2


@pytest.mark.parametrize("age", [film.dust, film.snow, film.scratches])
def test_a_seed_gives_the_same_damage_again(age: Callable[[Tensor, int], Aged]) -> None:
    assert torch.equal(age(CLIP, 7).clip, age(CLIP, 7).clip)
    assert not torch.equal(age(CLIP, 7).clip, age(CLIP, 8).clip)


def test_dust_lives_for_one_frame() -> None:
    masks = film.dust(CLIP, 5, count=4).masks
    assert masks is not None
    again = (masks[1:] & masks[:-1]).float().mean() / masks.float().mean()
    assert again < 0.3


def test_dust_is_dark_and_bright_and_no_longer_than_asked_for() -> None:
    grey = clips.even(6, (120, 90), 0.5)
    assert film.dust(grey, 1, bright=0.0).clip[:, 0].max() < 0.51
    assert film.dust(grey, 1, bright=1.0).clip[:, 0].min() > 0.49
    assert torch.equal(film.dust(grey, 1, count=0.0).clip, grey)


def test_a_scratch_stays_near_its_column_and_runs_along_the_film() -> None:
    masks = film.scratches(clips.even(6, (120, 90), 0.5), 2, count=1, drift=0.2, broken=0.0).masks
    assert masks is not None
    columns = [float(mask.float().sum(0).argmax()) for mask in masks if mask.any()]
    assert max(columns) - min(columns) < 6
    assert masks[-1].any(1).float().mean() > 0.95
