"""Motion to a small part of a pixel."""

import pytest
import torch

from restoration.engine.ageing.gate import moved_by
from restoration.engine.compute.fine_flow import fine_flow
from tests import clips


@pytest.mark.parametrize(("across", "down"), [(0.25, 0.0), (1.5, -0.75), (-3.3, 2.1)])
def test_it_finds_a_move_to_a_tenth_of_a_pixel(across: float, down: float) -> None:
    still = clips.moment(0, (160, 120))
    found = fine_flow(still[0], moved_by(still, across, down)[0])[:, 16:-16, 16:-16]
    middle = found.flatten(1).median(1).values
    torch.testing.assert_close(middle, torch.tensor([across, down]), rtol=0, atol=0.1)


def test_it_finds_nothing_where_nothing_moves() -> None:
    still = clips.moment(0, (96, 64))[0]
    assert float(fine_flow(still, still).abs().max()) < 0.05
