"""Processes of one thread, each with a part of a shot, as workers share one."""

import tempfile
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import torch

from benchmarks.together import timed
from restoration.engine import pipeline, reaching
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.settings import Settings


def side_by_side(tape: Path, report: AnalysisReport, settings: Settings, count: int, workers: int) -> None:
    """Processes that are ready before the clock runs: imports, weights and a first frame are not counted."""
    parts = [part_of(report, worker, count) for worker in range(workers)]
    seconds, cores = timed([partial(_works, tape, report, settings, part) for part in parts])
    made = sum(reaching.moments_of(settings).count(part.start, part.end) for part in parts)
    print(f"| {workers} | {made / seconds:.2f} | {cores:.0%} |", flush=True)


def _works(tape: Path, report: AnalysisReport, settings: Settings, part: Shot, ready: Barrier) -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        first = part.model_copy(update={"end": part.start + 1})
        pipeline.restore_shot(tape, report, first, settings, Path(folder) / "first.mkv")
        ready.wait()
        pipeline.restore_shot(tape, report, part, settings, Path(folder) / "part.mkv")


def part_of(report: AnalysisReport, number: int, count: int) -> Shot:
    """So many frames of the longest shot, from its beginning; again from there where it has no more."""
    shot = max(report.shots, key=lambda one: one.end - one.start)
    parts = max(1, (shot.end - shot.start) // count)
    start = shot.start + number % parts * count
    return shot.model_copy(update={"start": start, "end": min(start + count, shot.end),
                                   "within": (shot.start, shot.end)})
