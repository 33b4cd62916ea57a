"""What comes one by one, seen with what comes before and after it, holding no more than that."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import TypeVar

Item = TypeVar("Item")

_NONE = object()


def around(items: Iterable[Item], reach: int) -> Iterator[tuple[list[Item], int]]:
    """Each item with up to `reach` others on either side, fewer at the ends, and its place among them."""
    held: deque[Item | object] = deque([_NONE] * (reach + 1), maxlen=2 * reach + 1)
    for entering in chain(items, repeat(_NONE, reach)):
        held.append(entering)
        if len(held) == 2 * reach + 1 and held[reach] is not _NONE:
            window = list(held)
            before = sum(each is not _NONE for each in window[:reach])
            yield [each for each in window if each is not _NONE], before  # type: ignore[misc]
