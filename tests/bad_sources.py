"""Sources as people bring them: each with one thing wrong, and what should be said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.archive import recordings

Write = Callable[[Path], object]


@dataclass(frozen=True)
class Bad:
    """`refused`: words of the sentence that refuses it, of the archive and of the engine; `remarks`: of the one remark
    that goes with it where it is taken, of the archive and of the engine."""

    name: str
    write: Write
    refused: tuple[str, str] | None = None
    remarks: tuple[str, str] | None = None

    def __str__(self) -> str:
        return self.name

    def at(self, folder: Path) -> Path:
        path = folder / self.name
        self.write(path)
        return path


def _recorded(**options: Any) -> Write:
    return lambda path: recordings.record(path, **options)


def _cut(path: Path, **options: Any) -> None:
    """The first half of a recording of 30 frames."""
    recordings.record(path, frames=30, **options)
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])


REFUSED = (
    Bad("不是视频.mkv", lambda path: path.write_bytes(b"no video at all" * 100), refused=(
        "is not a video that can be read: it is something else, or its header is damaged. Choose another file",
        "is not a video that can be read: its header is damaged or of an unknown kind. Play it elsewhere first")),
    Bad("empty.mov", Path.touch, refused=("is empty (0 bytes). Fetch it again from where it came.",) * 2),
    Bad("without its end.mp4", lambda path: _cut(path, codec="mpeg4", pixel_format="yuv420p"), refused=(
        "or fetch it again.", "or fetch it again.")),
    Bad("sound.mkv", recordings.sound_only, refused=(
        "has no moving picture, only: audio. Choose a video file.",
        "has no picture, only audio. Choose a video file.")),
    Bad("too wide.avi", _recorded(size=(16500, 16), frames=1, codec="rawvideo", pixel_format="yuv420p"), refused=(
        "claims a picture of 16500×16, which no recording has: its header is damaged. Fetch it again",) * 2),
)
TAKEN = (
    Bad("cut.avi", _cut, remarks=("It ends early: 14 of the 30 frames its header promises",) * 2),
    Bad("cut.mkv", _cut, remarks=("It ends early: 14 of the 30 frames its header promises",) * 2),
    Bad("wrong ending.mp4", _recorded(format="matroska"), remarks=(
        "Its name ends in .mp4, but it is really Matroska", "Its name says .mp4, its contents are matroska")),
    Bad("uneven.mkv", _recorded(uneven=True, frames=30), remarks=("Its frames come at uneven times",) * 2),
    Bad("late.mkv", _recorded(first=15), remarks=(
        "Its first picture comes at 0.501 s instead of 0", "Its picture starts at 0.501 s")),
    Bad("sound goes on.mkv", _recorded(sound_seconds=2.5), remarks=(
        "Its sound goes on for 2.1", "The sound goes on for 2.1 s after the picture")),
    Bad("odd.mkv", _recorded(size=(97, 65)), remarks=("Its picture is 97×65, an odd size",) * 2),
    Bad("one.mkv", _recorded(frames=1), remarks=("It holds one single frame.",) * 2),
)
