"""What is known stays bit for bit; what is not takes what lies around it."""

import torch

from restoration.engine.compute.spreading import spread_in
from tests import clips


def test_known_places_stay_and_holes_take_their_surroundings() -> None:
    planes = clips.moment(0)
    known = torch.ones(64, 96, dtype=torch.bool)
    known[20:40, 30:60] = False
    filled = spread_in(planes, known)
    assert torch.equal(filled[:, known], planes[:, known])
    assert filled[0, 20:40, 30:60].min() >= planes[0].min() - 1e-5
    assert filled[0, 20:40, 30:60].max() <= planes[0].max() + 1e-5


def test_a_gradient_goes_on_through_a_hole() -> None:
    ramp = torch.linspace(0, 1, 97).expand(1, 65, 97).contiguous()
    known = torch.ones(65, 97, dtype=torch.bool)
    known[28:36, 44:52] = False
    assert (spread_in(ramp, known) - ramp).abs().max() < 0.03


def test_where_nothing_is_known_there_is_nothing() -> None:
    assert not spread_in(torch.ones(3, 10, 7), torch.zeros(10, 7, dtype=torch.bool)).any()
