"""What each part of a version costs: the numbers that restoration/engine/effort.py foresees the work of a run by.

    python -m restoration.engine.demo tape.mov
    OMP_NUM_THREADS=1 python -m benchmarks.effort tape.mov [--frames 8] [--only noise upscale]

Each section of the settings is switched on by itself, on the demo's tape, and its seconds of one core are divided by
the millions of pixels that leave it; decoding and encoding beside them. Processor time is counted, not the clock's, so
that other work on the machine matters little.
"""

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch

from benchmarks.stages.__main__ import passed
from benchmarks.stages.clock import Clock
from benchmarks.stages.side_by_side import part_of
from restoration.engine import effort, pipeline
from restoration.engine.facts import AnalysisReport
from restoration.engine.frames import Frame
from restoration.engine.settings import parse

ON = {"enabled": True}
# By the name that effort.py knows: the settings, and the stage that is timed.
PARTS: dict[str, tuple[dict[str, Any], str]] = {
    "decoding": ({}, "decoding"), "encoding": ({}, "encoding"),
    "crosscolor": ({"crosscolor": ON}, "crosscolor"), "linejitter": ({"linejitter": ON}, "linejitter"),
    "chromadelay": ({"chromadelay": {"across": 1.0}}, "chromadelay"), "dropouts": ({"dropouts": ON}, "dropouts"),
    "fields": ({}, "fields"), "weave": ({"weave": ON}, "weave"), "flicker": ({"flicker": ON}, "flicker"),
    "scratches": ({"scratches": ON}, "scratches"), "blotches": ({"blotches": ON}, "blotches"),
    "noise": ({"noise": {**ON, "network": "off"}}, "noise"), "blocking": ({"noise": ON, "blocking": ON}, "blocking"),
    "softness": ({"softness": ON}, "softness"), "banding": ({"banding": ON}, "banding"),
    "fade": ({"fade": {"black": 0.02}}, "fade"), "lowlight": ({"lowlight": ON}, "lowlight"),
    "faces": ({"faces": ON}, "mending"), "depth": ({"depth": ON}, "contrast"),
    "filters": ({"upscale": {"height": 1440, "method": "filters"}}, "upscale"),
    "upscaler-x2": ({"upscale": {"height": 960}}, "upscale"), "upscaler-x4": ({"upscale": {"height": 1920}}, "upscale"),
    "faithfulness": ({"upscale": {"height": 1440, "method": "filters"}}, "faithfulness"),
    "grain": ({"noise": ON, "grain": {"amount": 0.5}}, "regrain"),
    "retime": ({"fields": {"method": "film"}, "retime": {"rate": "double"}}, "retime"),
}


class PixelClock(Clock):
    """Processor seconds, and millions of pixels that passed by, by name."""

    def __init__(self) -> None:
        super().__init__(now=time.process_time)
        self.megapixels: dict[str, float] = defaultdict(float)

    def watch(self, name: str, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in super().watch(name, frames):
            self.megapixels[name] += frame.planes.shape[-1] * frame.planes.shape[-2] / 1e6
            yield frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tape", type=Path)
    parser.add_argument("--frames", type=int, default=8, help="of the source")
    parser.add_argument("--only", nargs="*", choices=[*PARTS], default=[*PARTS])
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    report = pipeline.analyse(chosen.tape)
    print("| part | seconds of one core for a million pixels | foreseen |\n|---|---|---|")
    for name in chosen.only:
        print(f"| {name} | {_measured(name, chosen.tape, report, chosen.frames):.4f} | {effort.COSTS[name]:g} |",
              flush=True)


def _measured(name: str, tape: Path, report: AnalysisReport, count: int) -> float:
    """Once to load and to warm up, once timed."""
    written, stage = PARTS[name]
    shot = part_of(report, 0, count)
    settings = parse({"fields": {"method": "frames"}, "grain": {"amount": 0}, **written})
    for _ in range(2):
        clock = PixelClock()
        with torch.no_grad():
            passed(tape, report, settings, shot, clock)
    return clock.seconds[stage] / clock.megapixels["chain" if stage == "encoding" else stage]


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
