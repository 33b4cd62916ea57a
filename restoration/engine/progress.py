"""How far the work is, said to whoever listens; and whether it should stop."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from restoration.engine.errors import Cancelled

Phase = Literal["analyse", "restore", "join", "render", "light", "gather", "learn", "judge"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` of `phase`, which counts frames, and of an adaptation moments ("gather"), steps ("learn") and
    windows ("judge"); `shot` where one is worked on."""

    phase: Phase
    done: int
    total: int
    shot: int | None = None


Item = TypeVar("Item")
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


def heeded(items: Iterable[Item], is_cancelled: IsCancelled) -> Iterator[Item]:
    """Items passing by, until somebody asks to stop: Cancelled then."""
    for item in items:
        check(is_cancelled)
        yield item
