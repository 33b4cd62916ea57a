"""How long somebody waits for a look: three frames of a tape's longest shot, under the settings that its analysis
recommends, made as the worker makes them that waits for nothing else.

    python -m restoration.engine.demo tape.mov
    python -m benchmarks.look tape.mov

Prints the seconds from being asked to each picture, and the seconds of processors.
"""

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from restoration.engine import pipeline
from restoration.engine.looking import look_at
from restoration.engine.networks import registry, weights
from restoration.engine.reaching import moments_of


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("tape", type=Path)
    tape = asked.parse_args().tape
    report = pipeline.analyse(tape)
    settings, shot = report.recommendation.settings, max(report.shots, key=lambda each: each.end - each.start)
    owned = moments_of(settings.at(shot.start, shot.end)).owned(shot.start, shot.end)
    frames = [owned[round(part * (len(owned) - 1))] for part in (1 / 6, 1 / 2, 5 / 6)]
    for network in registry.NETWORKS:
        weights.load(network)
    began, used = time.monotonic(), time.process_time()
    for frame, png in look_at(tape, report, shot, settings, frames, at_once=len(os.sched_getaffinity(0)) + 1):
        print(f"frame {frame}: {time.monotonic() - began:.1f} s, {len(png) / 1e6:.1f} MB")
    print(f"{time.process_time() - used:.1f} s of processors; {settings.upscale.height or report.source.height} lines; "
          f"load {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
