"""What it costs to derive a version in which one of fifty shots differs: that shot, and a join that copies the others.

    python -m benchmarks.derive                    50 shots of 24 frames, 720x480
    python -m benchmarks.derive --shots 50 --frames 24 --size 720 480

The first version leaves the frames as they are; in the second one shot has its noise reduced. Prints seconds, and
megabytes a second of the join, from segments and from the earlier master.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch

from restoration.engine import pipeline
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.journal import Piece, digest_of_file
from restoration.engine.settings import NoiseSettings, Override, Settings
from tests import clips

FIRST = Settings(noise=NoiseSettings(enabled=False, radius=1))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--shots", type=int, default=50)
    asked.add_argument("--frames", type=int, default=24)
    asked.add_argument("--size", type=int, nargs=2, default=(720, 480))
    given = asked.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.shots, given.frames, tuple(given.size))


def measure(folder: Path, count: int, frames: int, size: tuple[int, int]) -> None:
    scene = clips.noisy(clips.scene(frames, size), 0.015, 0.015)
    source = clips.write(folder / "reel.mpg", _Again(scene, count * frames), Fraction(25))  # type: ignore[arg-type]
    report, sha256 = report_of(source, count, frames), digest_of_file(source)
    changed = Override(start=frames, end=2 * frames, changes={"noise": {"enabled": True}})
    second = FIRST.with_exceptions([changed])

    def digests(settings: Settings) -> list[str]:
        return [pipeline.segment_digest(sha256, report, shot, settings) for shot in pipeline.plan(report, settings)]

    pipeline.restore(source, folder / "first.mkv", FIRST, workdir=folder / "work", report=report)
    segments = [folder / "work" / f"{digest}.mkv" for digest in digests(FIRST)]
    plain = timed(lambda: pipeline.join(source, report, segments, FIRST, folder / "again.mkv"))
    megabytes = (folder / "first.mkv").stat().st_size / 1e6
    print(f"{count} shots of {frames} frames, {size[0]}x{size[1]}: a master of {megabytes:.0f} MB")
    print(f"join from {count} segments: {plain}, {plain.rates(megabytes)}")

    began, pieces, own = Clock(), list[Piece](), Clock()
    for shot, before, now in zip(pipeline.plan(report, second), digests(FIRST), digests(second), strict=True):
        if before == now:
            pieces.append(pipeline.held_piece(folder / "first.mkv", shot, second))
            continue
        target = folder / f"{now}.mkv"
        own = timed(lambda shot=shot, target=target: pipeline.restore_shot(  # type: ignore[misc]
            source, report, shot, second, target))
        pieces.append(Piece(target))
    joined = timed(lambda: pipeline.join(source, report, pieces, second, folder / "second.mkv"))
    whole = began.until_now()
    print(f"derive: {whole} in all, of which the changed shot {own} and the join {joined}")
    print(f"join from the earlier master: {joined.rates(megabytes)}")
    print(f"without the join {(whole.wall - joined.wall) / own.wall:.2f} times the shot's own time (aim: 2)")


def report_of(source: Path, count: int, frames: int) -> AnalysisReport:
    shots = tuple(Shot(index=index, start=index * frames, end=(index + 1) * frames, noise_luma=0.015,
                       noise_chroma=0.015) for index in range(count))
    return AnalysisReport(engine="benchmark", source=pipeline.inspect(source), shots=shots,
                          recommendation=Recommendation(preset="as-is", settings=FIRST, reasons=()))


class Clock:
    """Seconds on the wall and of processors; between two moments, where both are known."""

    def __init__(self, wall: float | None = None, busy: float | None = None) -> None:
        self.wall = time.monotonic() if wall is None else wall
        self.busy = time.process_time() if busy is None else busy

    def until_now(self) -> "Clock":
        return Clock(time.monotonic() - self.wall, time.process_time() - self.busy)

    def rates(self, megabytes: float) -> str:
        return f"{megabytes / self.wall:.0f} MB/s, {megabytes / self.busy:.0f} MB for a second of a processor"

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.busy:.2f} s of processors)"


def timed(act: Callable[[], object]) -> Clock:
    began = Clock()
    act()
    return began.until_now()


class _Again:
    """A clip that is as long as asked without being held whole."""

    def __init__(self, few: torch.Tensor, frames: int) -> None:
        self.few, self.frames, self.shape = few, frames, (frames, *few.shape[1:])

    def __len__(self) -> int:
        return self.frames

    def __iter__(self) -> object:
        return (self.few[number % len(self.few)] for number in range(self.frames))


if __name__ == "__main__":
    main()
