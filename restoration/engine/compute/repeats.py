"""Which frames around one are really other moments. Films of 12 or 16 pictures a second are stored at 25 or 30 by
repeating frames, and compression makes the repetitions differ by a little: damage that lived for one moment then lives
for two or three frames, and a neighbour that repeats the frame says nothing about it."""

from collections.abc import Sequence

from torch import Tensor

SAME = 2e-4  # Mean difference of luma below which two frames are one, whatever the others do.
REPEATED = 0.35  # Of the usual change between frames, below which a frame repeats the one before.


def change(one: Tensor, two: Tensor) -> float:
    """Mean absolute difference of two luma planes [H, W], on some of their points."""
    return float((one[::4, ::2] - two[::4, ::2]).abs().mean())


def repeated(changes: Sequence[float]) -> list[bool]:
    """Whether each of consecutive changes, frame to next frame, is a repetition.

    What is usual is the change that a quarter of them reach: real changes are at least as many, and a flash or two
    does not decide.
    """
    if not changes:
        return []
    usual = sorted(changes, reverse=True)[len(changes) // 4]
    return [each < max(SAME, REPEATED * usual) for each in changes]


def other_moments(is_repeated: Sequence[bool], middle: int, count: int) -> tuple[list[int], list[int]]:
    """Indices of the nearest frames of the `count` moments before and after the one of frame `middle`, nearest first.

    is_repeated: for each pair of neighbours (0, 1), (1, 2), … as `repeated` gives it.
    """
    before = [index for index in range(middle - 1, -1, -1) if not is_repeated[index]]
    after = [index + 1 for index in range(middle, len(is_repeated)) if not is_repeated[index]]
    return before[:count], after[:count]
