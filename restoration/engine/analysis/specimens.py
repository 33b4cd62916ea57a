"""Which frames the detectors are shown: a few together, from every stretch of the reel, none of them a repetition."""

from typing import Literal

from torch import Tensor

from restoration.engine.frames import Frame
from restoration.engine.specimen import REACH, Specimen

EVERY = 24  # Frames from one specimen to the next.
EVERY_OF_LARGE = 48
LARGE = 1_000_000  # Pixels.
FRAMES = 2 * REACH + 1
LONGEST = 4 * FRAMES  # Source frames to wait for as many that are not the same: films of 12 a second at 30 repeat.
REPEATED = 0.2  # Of the change between others, below which a frame repeats the one before.
SAME = 2e-4


class Specimens:
    """Takes frames in display order; gives groups of five consecutive frames that differ, one in every stretch."""

    def __init__(self) -> None:
        self._held: list[Frame] = []
        self._opened = 0
        self._is_open = False
        self._changes: list[float] = []

    def push(self, frame: Frame, number: int) -> tuple[Frame, ...] | None:
        """The group that is complete with this frame."""
        every = EVERY if frame.planes[0].numel() < LARGE else EVERY_OF_LARGE
        if not self._is_open and number % every == 1:
            self._is_open, self._opened, self._held, self._changes = True, number, [], []
        if not self._is_open:
            return None
        self._take(frame)
        if len(self._held) < FRAMES and number - self._opened < LONGEST:
            return None
        self._is_open = False
        held, self._held = tuple(self._held), []
        return held if len(held) == FRAMES else None

    def _take(self, frame: Frame) -> None:
        if not self._held:
            self._held.append(frame)
            return
        change = difference(self._held[-1].planes, frame.planes)
        if change > max(SAME, REPEATED * max(self._changes, default=0.0)):
            self._held.append(frame)
            self._changes.append(change)


def difference(one: Tensor, two: Tensor) -> float:
    """Mean absolute difference of two frames' luma, on some of their points."""
    return float((one[0, ::8, ::2] - two[0, ::8, ::2]).abs().mean())



def specimen(group: tuple[Frame, ...], order: Literal["tff", "bff"] | None,
             noise_sigma: tuple[float, float]) -> Specimen:
    return Specimen(group, len(group) // 2, order=order, noise_sigma=noise_sigma)


def sparsely(count: int) -> bool:
    """Of the groups of a shot, the first two and then every fourth: what is rare is found by looking often at the
    beginning and steadily after."""
    return count <= 2 or count % 4 == 0


