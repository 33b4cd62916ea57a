"""What the stages that change a look cost for a frame of 720x480, in seconds of one processor.

    python -m benchmarks.looks
"""

import argparse
import time
from fractions import Fraction

import torch

from restoration.engine.demo.show import Show
from restoration.engine.enhancement.depth import set_apart
from restoration.engine.enhancement.lowlight import lift_shadows
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.settings import DepthSettings, LowlightSettings
from restoration.engine.stage import ShotContext, Stage

FRAMES, SECONDS, BEGINNING = 13, 8, 4.0
COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    torch.set_num_threads(1)
    show, context = Show.of(SECONDS, 7), ShotContext(Fraction(25), Fraction(10, 11), noise_sigma=(0.01, 0.01))
    clip = [Frame(show.moment(BEGINNING + number / 60), number, COLOR) for number in range(FRAMES)]
    stages: dict[str, Stage] = {"lowlight": lift_shadows(LowlightSettings(enabled=True), context),
                                "depth": set_apart(DepthSettings(enabled=True), context)}
    for name, stage in stages.items():
        print(f"{name:>9} {_cost(stage, clip):.3f} s")


def _cost(stage: Stage, clip: list[Frame]) -> float:
    with torch.no_grad():
        list(stage(iter(clip[:2])))  # What is loaded once.
        began = time.process_time()
        made = list(stage(iter(clip)))
    return (time.process_time() - began) / len(made)


if __name__ == "__main__":
    main()
