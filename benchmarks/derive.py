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
    plain, _ = timed(lambda: pipeline.join(source, report, segments, FIRST, folder / "again.mkv"))
    megabytes = (folder / "first.mkv").stat().st_size / 1e6
    print(f"{count} shots of {frames} frames, {size[0]}x{size[1]}: a master of {megabytes:.0f} MB")
    print(f"join from {count} segments: {plain:.2f} s, {megabytes / plain:.0f} MB/s")

    began, pieces, own = time.monotonic(), list[Piece](), 0.0
    for shot, before, now in zip(pipeline.plan(report, second), digests(FIRST), digests(second), strict=True):
        if before == now:
            pieces.append(pipeline.held_piece(folder / "first.mkv", shot, second))
            continue
        target = folder / f"{now}.mkv"
        own += timed(lambda shot=shot, target=target: pipeline.restore_shot(  # type: ignore[misc]
            source, report, shot, second, target))[0]
        pieces.append(Piece(target))
    joined, _ = timed(lambda: pipeline.join(source, report, pieces, second, folder / "second.mkv"))
    whole = time.monotonic() - began
    print(f"derive: {whole:.2f} s in all, of which the changed shot {own:.2f} s and the join {joined:.2f} s")
    print(f"join from the earlier master: {megabytes / joined:.0f} MB/s")
    print(f"without the join {(whole - joined) / own:.2f} times the shot's own time (aim: 2)")


def report_of(source: Path, count: int, frames: int) -> AnalysisReport:
    shots = tuple(Shot(index=index, start=index * frames, end=(index + 1) * frames, noise_luma=0.015,
                       noise_chroma=0.015) for index in range(count))
    return AnalysisReport(engine="benchmark", source=pipeline.inspect(source), shots=shots,
                          recommendation=Recommendation(preset="as-is", settings=FIRST, reasons=()))


def timed(act: Callable[[], object]) -> tuple[float, object]:
    began = time.monotonic()
    result = act()
    return time.monotonic() - began, result


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
