"""From moment to moment along the motion: flows between neighbours, estimated once, and the ways that they add up to.

A way ends where two neighbours are not linked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor

from restoration.engine.compute.motion import composed, estimate_both_ways


@dataclass(frozen=True, slots=True)
class Linked:
    """planes: [3, H, W] of a moment; to_previous, from_previous: the flows [2, H, W] between it and the one before it,
    None where nobody goes that way."""

    planes: Tensor
    to_previous: Tensor | None = None
    from_previous: Tensor | None = None


def linked(planes: Tensor, previous: Linked | None, *, noise: float = 0.0) -> Linked:
    """A moment and the one before it, None where nobody will go from one to the other. noise: as of `estimate`."""
    if previous is None:
        return Linked(planes)
    return Linked(planes, *estimate_both_ways(planes[0], previous.planes[0], finest=1, noise=noise))


def ways_there(moments: Sequence[Linked], middle: int, step: int) -> Iterator[tuple[int, Tensor]]:
    """The others on one side (step -1 or 1), the nearest first, and the flow to each from the middle one."""
    way: Tensor | None = None
    for index in range(middle + step, -1 if step < 0 else len(moments), step):
        ahead = _flow(moments, index - step, index)
        if ahead is None:
            return
        way = ahead if way is None else composed(way, ahead)
        yield index, way


def ways_back(moments: Sequence[Linked], middle: int, step: int) -> Iterator[tuple[int, Tensor]]:
    """The same others, and the flow from each to the middle one."""
    way: Tensor | None = None
    for index in range(middle + step, -1 if step < 0 else len(moments), step):
        behind = _flow(moments, index, index - step)
        if behind is None:
            return
        way = behind if way is None else composed(behind, way)
        yield index, way


def _flow(moments: Sequence[Linked], one: int, other: int) -> Tensor | None:
    """From a moment to one of its neighbours."""
    later = moments[max(one, other)]
    return later.from_previous if one < other else later.to_previous
