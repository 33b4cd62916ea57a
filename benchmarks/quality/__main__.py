"""Every repair against known damage, beside the best open filters.

    python -m benchmarks.quality                              # measures every case on the reporting half
    python -m benchmarks.quality --cases fields noise-10      # these alone; what was measured before is kept
    python -m benchmarks.quality --half tuning --cases fields # finds the oracles' best values, measures that half too
    python -m benchmarks.quality --half tuning --only-tune    # finds the values alone
    python -m benchmarks.quality --cases --write docs/quality.md     # measures nothing, writes the table of all kept

Only the reporting half is published. What it needs: camera clips (--footage), for the tuning half photographs and
animation (--training).
"""

import argparse
import sys
from pathlib import Path

import torch

from benchmarks.quality import reels, results, speed, table, tuning
from benchmarks.quality.case import Case
from benchmarks.quality.cases import CASES
from benchmarks.quality.measuring import measure_case
from benchmarks.quality.speed import TAKE, measure_speed
from benchmarks.quality.truth import HALVES, SEEDS, MissingFootage, clips
from restoration.engine.compute.device import settle

SHARED = results.ROOT.parent / "shared"
SPEED, REELS = "speed", "reels"
TUNING_FRAMES = 6


def main() -> int:
    chosen = _asked()
    settle()
    try:
        for name in chosen.cases:
            with torch.no_grad():
                _measure(name, chosen)
    except MissingFootage as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.only_tune:
        return 0
    text = table.written(chosen.half)
    print(text)
    if chosen.write:
        table.place(chosen.write, text)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [case.name for case in CASES] + [SPEED, REELS]
    parser.add_argument("--half", choices=HALVES, default="reporting")
    parser.add_argument("--cases", nargs="*", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--footage", type=Path, default=SHARED / "footage", help="clips of the reporting half")
    parser.add_argument("--training", type=Path, default=SHARED / "training", help="clips of the tuning half")
    parser.add_argument("--frames", type=int, help="clean moments of each clip, instead of each case's own number")
    parser.add_argument("--only-tune", action="store_true", help="with --half tuning: measure nothing")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks in this file")
    chosen = parser.parse_args()
    if chosen.write and chosen.half != "reporting":
        parser.error("Only the reporting half is published: leave --write or --half tuning out.")
    return chosen


def _measure(name: str, chosen: argparse.Namespace) -> None:
    case = next((case for case in CASES if case.name == name), None)
    if case and chosen.half == "tuning":
        _tune(case, chosen)
    if chosen.only_tune:
        return
    found, source = _measured(case, chosen) if case else _other(name, chosen)
    results.keep(chosen.half, name, found, source=source)
    print(f"{name}: measured", file=sys.stderr, flush=True)


def _tune(case: Case, chosen: argparse.Namespace) -> None:
    few = max(TUNING_FRAMES, case.frames // 2) if chosen.frames is None else chosen.frames
    # Where a window is enough, two thirds of it are enough to tell one strength from another.
    window = case.size and (case.size[0] // 12 * 8, case.size[1] // 12 * 8)
    tuning.tune(case, clips(chosen.half, chosen.training, few, window), SEEDS[chosen.half])


def _measured(case: Case, chosen: argparse.Namespace) -> tuple[results.Json, Path]:
    clean = clips(chosen.half, _folder(chosen), chosen.frames or case.frames, case.size)
    return measure_case(case, clean, SEEDS[chosen.half], tuning.tuned(case)), case.source


def _other(name: str, chosen: argparse.Namespace) -> tuple[results.Json, Path]:
    if name == REELS:
        return reels.measure_reels(chosen.footage), Path(reels.__file__)
    clean = clips(chosen.half, _folder(chosen), 2 * TAKE)
    return measure_speed(clean, SEEDS[chosen.half][0]), Path(speed.__file__)


def _folder(chosen: argparse.Namespace) -> Path:
    return chosen.training if chosen.half == "tuning" else chosen.footage


if __name__ == "__main__":
    sys.exit(main())
