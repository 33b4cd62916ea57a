"""What comes one by one is seen with its neighbours."""

from collections.abc import Iterator

import pytest

from restoration.engine.compute.windows import around


@pytest.mark.parametrize("reach", [0, 1, 2, 5, 9])
def test_each_has_as_many_on_either_side_as_there_are(reach: int) -> None:
    seen = [(window[middle], window) for window, middle in around(range(7), reach)]
    assert seen == [(item, list(range(max(0, item - reach), min(7, item + reach + 1)))) for item in range(7)]


def test_nothing_comes_of_nothing() -> None:
    assert not list(around([], 3))


def test_no_more_is_asked_for_than_is_needed() -> None:
    asked = []

    def items() -> Iterator[int]:
        for item in range(9):
            asked.append(item)
            yield item

    next(around(items(), 2))
    assert asked == [0, 1, 2]
