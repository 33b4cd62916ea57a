"""Training can be interrupted and repeated."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from restoration.engine.networks.upscaler import Upscaler
from restoration.engine.training.batches import batch_of, batches
from restoration.engine.training.lessons import enlarging
from restoration.engine.training.loop import rate_at, train
from restoration.engine.training.material import Material
from restoration.engine.training.recipe import Recipe
from restoration.engine.training.recipes import RECIPES, enlarged_score
from tests import clips


def material() -> Material:
    first, second = ((255 * clips.moment(number, (240, 200))[0].clamp(0, 1)).round().to(torch.uint8).numpy()
                     for number in (0, 5))
    return Material((first,), (second,))


SMALL = Recipe("small", partial(Upscaler, 2, 4, 1), partial(enlarging, scale=2, size=16),
               partial(enlarged_score, scale=2), steps=60, batch=4, rate=3e-3, seed=7)


def weights(state: torch.nn.Module) -> torch.Tensor:
    return torch.cat([value.flatten() for value in state.state_dict().values()])


def test_a_batch_follows_from_its_step_alone() -> None:
    there, again = batch_of(SMALL, material(), 5), batch_of(SMALL, material(), 5)
    torch.testing.assert_close(there, again, rtol=0, atol=0)
    assert not torch.equal(there[0], batch_of(SMALL, material(), 6)[0])


def test_what_is_shown_is_what_is_wanted_made_smaller() -> None:
    shown, wanted = enlarging(material(), np.random.default_rng(3), scale=4, size=16)
    assert (shown.shape, wanted.shape) == ((1, 16, 16), (1, 64, 64))
    assert float((torch.nn.functional.avg_pool2d(wanted[None], 4)[0] - shown).abs().mean()) < 0.03


def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    whole = train(SMALL, material(), tmp_path / "whole.pt", until=6, every=6)
    train(SMALL, material(), tmp_path / "parts.pt", until=2, every=2)
    parts = train(SMALL, material(), tmp_path / "parts.pt", until=6, every=2)
    assert parts.step == whole.step == 6
    assert torch.equal(weights(parts.mean), weights(whole.mean))
    assert torch.equal(weights(parts.model), weights(whole.model))


def test_what_was_learnt_is_better_than_bicubic(tmp_path: Path) -> None:
    learnt = train(SMALL, material(), tmp_path / "learnt.pt", every=60)
    assert SMALL.score(learnt.mean, material()) > SMALL.score(SMALL.build().eval(), material()) + 0.05


def test_what_is_rounded_while_it_is_learnt_is_as_exact_as_ever_afterwards(tmp_path: Path) -> None:
    rounded = replace(SMALL, in_bfloat16=True)
    learnt = train(rounded, material(), tmp_path / "rounded.pt", every=60)
    exact = train(SMALL, material(), tmp_path / "exact.pt", every=60)
    assert weights(learnt.mean).dtype == torch.float32
    assert not torch.equal(weights(learnt.mean), weights(exact.mean))
    assert abs(SMALL.score(learnt.mean, material()) - SMALL.score(exact.mean, material())) < 0.1


def test_a_deeper_network_begins_as_the_shallower_one_and_learns_with_all_its_blocks(tmp_path: Path) -> None:
    first = train(SMALL, material(), tmp_path / "small.pt", every=60)
    deeper = replace(SMALL, name="deeper", build=partial(Upscaler, 2, 4, 3), after=(SMALL, 60))
    begun = train(deeper, material(), tmp_path / "deeper.pt", until=0)
    luma = torch.rand(1, 1, 12, 16)
    torch.testing.assert_close(begun.mean(luma), first.mean(luma), rtol=0, atol=0)
    learnt = train(deeper, material(), tmp_path / "deeper.pt", until=20, every=20)
    assert all(float(value.abs().sum()) > 0 for value in learnt.mean.body.state_dict().values())


def test_time_that_is_spent_ends_what_another_goes_on_from(tmp_path: Path) -> None:
    deeper = replace(SMALL, name="deeper", after=(SMALL, 60))
    assert train(deeper, material(), tmp_path / "deeper.pt", every=20, minutes=0.0).step == 20
    assert not (tmp_path / "deeper.pt").exists()
    assert train(deeper, material(), tmp_path / "deeper.pt", every=20, until=0).step == 0


def test_the_rate_warms_up_and_ends_near_nothing() -> None:
    recipe = RECIPES["upscaler-x4"]
    assert rate_at(recipe, 0) < 0.01 * recipe.rate
    assert rate_at(recipe, 200) == recipe.rate
    assert rate_at(recipe, recipe.steps) < 0.011 * recipe.rate


def test_processes_make_the_same_batches_as_a_thread() -> None:
    by_thread, by_processes = (list(batches(SMALL, material(), range(3, 8), makers)) for makers in (0, 2))
    assert len(by_thread) == len(by_processes) == 5
    for one, other in zip(by_thread, by_processes, strict=True):
        assert torch.equal(one[0], other[0]) and torch.equal(one[1], other[1])


def test_a_share_of_the_batches_is_made_of_another_lesson() -> None:
    wider = replace(SMALL, instead=(0.5, partial(enlarging, scale=2, size=24)))
    sides = [batch_of(wider, material(), step)[0].shape[-1] for step in range(20)]
    assert set(sides) == {batch_of(SMALL, material(), 0)[0].shape[-1], 24}
