"""How far the work is, said to whoever listens; and whether it should stop."""

from collections.abc import Callable
from dataclasses import dataclass

from restoration.engine.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` frames of `phase` ("analyse", "restore", "join", "render"); `shot` where one is worked on."""

    phase: str
    done: int
    total: int
    shot: int | None = None


Report = Callable[[Progress], None]
IsCancelled = Callable[[], bool]


def ignore(progress: Progress) -> None:
    """Listen to nothing."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


def check(is_cancelled: IsCancelled) -> None:
    """Raise Cancelled if somebody asked to stop. Called between frames, so a stop is felt within a frame's time."""
    if is_cancelled():
        raise Cancelled
