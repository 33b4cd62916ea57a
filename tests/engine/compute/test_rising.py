"""What rises softly begins and ends slowly, and comes to the same for a number and for many."""

import pytest
import torch

from restoration.engine.compute.rising import rise, risen, risen_between


@pytest.mark.parametrize(("part", "there"), [(-1, 0), (0, 0), (0.25, 0.15625), (0.5, 0.5), (0.75, 0.84375), (1, 1),
                                             (9, 1)])
def test_a_number_and_many_rise_alike(part: float, there: float) -> None:
    assert rise(part) == there
    assert torch.equal(risen(torch.full((2, 3), float(part))), torch.full((2, 3), there))


def test_it_rises_between_two_values_and_stays() -> None:
    values = torch.tensor([0.0, 0.2, 0.3, 0.4, 1.0])
    assert torch.allclose(risen_between(values, 0.2, 0.4), torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0]))
    assert torch.allclose(risen_between(values, 0.4, 0.2), torch.tensor([1.0, 1.0, 0.5, 0.0, 0.0]))


def test_it_never_falls_and_is_slow_at_both_ends() -> None:
    steps = risen(torch.linspace(0, 1, 101, dtype=torch.float64)).diff()
    assert bool((steps > 0).all())
    assert float(steps[0]) < 0.001 and float(steps[-1]) < 0.001 and float(steps[50]) > 0.0149
