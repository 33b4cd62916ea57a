"""What exceptions make of one section, each of them asked once: a reel can have thousands."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from restoration.engine.settings.exceptions import Override


def standing(overrides: Iterable[Override], section: str) -> Iterator[dict[str, Any]]:
    """The settings of that section that exceptions change together, wherever one begins or ends: of those that hold
    there, the later the stronger. What is the same in several places comes once."""
    touching = [each for each in overrides if section in each.changes]
    coming = sorted(range(len(touching)), key=lambda number: touching[number].start, reverse=True)
    strongest: dict[str, list[int]] = {}  # For each setting a heap: the last of those that change it comes first.
    told = set()
    for turn in sorted({turn for each in touching for turn in (each.start, each.end)}):
        while coming and touching[coming[-1]].start <= turn:
            number = coming.pop()
            for key in touching[number].changes[section]:
                heappush(strongest.setdefault(key, []), -number)
        for heap in strongest.values():
            while heap and touching[-heap[0]].end <= turn:
                heappop(heap)
        holding = tuple((key, -heap[0]) for key, heap in strongest.items() if heap)
        if holding not in told:
            told.add(holding)
            yield {key: touching[number].changes[section][key] for key, number in holding}
