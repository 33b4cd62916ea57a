"""What comes one by one, seen with what comes before and after it, holding no more than that."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def around(items: Iterable[Item], reach: int) -> Iterator[tuple[list[Item], int]]:
    """Each item with up to `reach` others on either side, fewer at the ends, and its place among them."""
    held: deque[Item] = deque()
    seen = passed = 0  # How many came, how many had their turn.
    for item in items:
        held.append(item)
        seen += 1
        if seen - passed > reach:
            yield list(held), len(held) - (seen - passed)
            passed += 1
        if len(held) > 2 * reach:
            held.popleft()
    while passed < seen:
        held_before = len(held) - (seen - passed)
        for _ in range(held_before - reach):
            held.popleft()
        yield list(held), len(held) - (seen - passed)
        passed += 1
