"""Ways along the motion lead where the picture went, and end where nobody linked two moments."""

import pytest
import torch

from restoration.engine.compute.ways import Linked, linked, ways_back, ways_there
from tests import clips

STEP = (2.0, 1.0)


@pytest.fixture
def moments() -> list[Linked]:
    """Five moments of a picture that moves evenly to the right and down."""
    still = clips.scene(1, (160, 120), 1)[0]
    made: list[Linked] = []
    for number in range(5):
        moved = torch.roll(still, (number * int(STEP[1]), number * int(STEP[0])), (1, 2))
        made.append(linked(moved, made[-1] if made else None))
    return made


def middle_of(flow: torch.Tensor) -> tuple[float, float]:
    """Of the inner picture, where nothing came in from the edge."""
    return tuple(float(axis[30:-30, 30:-30].median()) for axis in flow)  # type: ignore[return-value]


@pytest.mark.parametrize("step", [-1, 1])
def test_ways_lead_there_and_back_over_all_between(moments: list[Linked], step: int) -> None:
    there, back = list(ways_there(moments, 2, step)), list(ways_back(moments, 2, step))
    assert [index for index, _ in there] == [index for index, _ in back] == [2 + step, 2 + 2 * step]
    for away, ((_, out), (_, home)) in enumerate(zip(there, back, strict=True), start=1):
        wanted = (away * step * STEP[0], away * step * STEP[1])
        assert middle_of(out) == pytest.approx(wanted, abs=0.15)
        assert middle_of(home) == pytest.approx((-wanted[0], -wanted[1]), abs=0.15)


def test_a_way_ends_where_two_moments_are_not_linked(moments: list[Linked]) -> None:
    moments[3] = Linked(moments[3].planes)
    assert list(ways_there(moments, 2, 1)) == []
    assert [index for index, _ in ways_back(moments, 4, -1)] == [3]
