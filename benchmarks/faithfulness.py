"""How faithful the recommended settings stay to real recordings, shot by shot.

    python -m benchmarks.faithfulness --footage FOLDER [--frames N] [--preset NAME]

Every clip is analysed from its first frame to its last; of every shot that the analysis found, the first frames go
through all that was recommended (or through a preset), and the master's frames are brought down to the source's raster
and compared with the repaired ones, as `engine.faithfulness` does for every version. The aim, on every shot: at least
38 dB, and colour of large areas within 2 (CIE Lab, median); the worst frame of all stands beside.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from restoration.engine import chain, reaching, scouting
from restoration.engine.compute.device import settle
from restoration.engine.errors import EngineError
from restoration.engine.facts import AnalysisReport, Faithfulness, Shot
from restoration.engine.fitting import fitted
from restoration.engine.media.reader import read
from restoration.engine.pipeline import analyse
from restoration.engine.settings import Settings, preset


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=4, help="of the source, from the beginning of each shot")
    parser.add_argument("--preset", help="instead of what is recommended")
    chosen = parser.parse_args()
    settle()
    sources = sorted((chosen.footage / "good").glob("*.*"))
    if not sources:
        print(f"The recordings are not here: {chosen.footage / 'good'}.", file=sys.stderr)
        return 2
    print("| recording | shots | master | worst dB | worst ΔE | beyond the source | beyond the bounds |\n"
          "|---|---|---|---|---|---|---|")
    for source in sources:
        print(_row(source, chosen.frames, chosen.preset), flush=True)
    return 0


def _row(source: Path, frames: int, wished: str | None) -> str:
    try:
        report = analyse(source)
    except EngineError as refusal:
        return f"| {source.name} | {refusal} | | | | | |"
    settings = report.recommendation.settings if wished is None else fitted(preset(wished).settings, report.source)
    found = list(_facts(source, report, settings, frames))
    if not found:
        return f"| {source.name} | {len(report.shots)} | nothing is enhanced | | | | |"
    worst = min(one.worst.value for one in found)
    colour = max(one.worst_colour.value for one in found)
    beyond = sum(not one.holds for one in found)
    return (f"| {source.name} | {len(found)} | {settings.upscale.height or report.source.height} lines | {worst:.1f} "
            f"| {colour:.2f} | {max(one.unexplained for one in found):.2%} | {beyond} |")


def _facts(source: Path, report: AnalysisReport, settings: Settings, frames: int) -> Iterator[Faithfulness]:
    for shot in report.shots:
        part = shot.model_copy(update={"end": min(shot.end, shot.start + frames), "within": (shot.start, shot.end)})
        facts = _of(source, report, settings.at(part.start, part.end), part)
        if facts is not None:
            yield facts


def _of(source: Path, report: AnalysisReport, settings: Settings, shot: Shot) -> Faithfulness | None:
    witness = chain.witness_of(settings, report.source, shot)
    stages = chain.stages(settings, report.source, shot, scouting.texture_of(source, settings, report.source, shot),
                          traces=scouting.traces_of(source, settings, report.source, shot), witness=witness)
    for _ in chain.through(read(source, report.source, *reaching.frames_around(shot, settings)), stages):
        pass
    return witness.facts()


if __name__ == "__main__":
    sys.exit(main())
