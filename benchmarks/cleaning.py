"""What the network `cleaner` brings after the repair "Noise", and how much of the noise it should be told.

    python -m benchmarks.cleaning --footage FOLDER [--half tuning]

The noise cases and clean clips of benchmarks.quality, windows of 264x176; PSNR in dB of all three planes of two moments
in the middle of six: the repair alone, then with the network told several shares of the noise that was there before,
however weak that is.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.networks.__main__ import table
from benchmarks.networks.row import Row
from benchmarks.quality.case import Case
from benchmarks.quality.cases.noise import CASES
from benchmarks.quality.measuring import Sample, samples
from benchmarks.quality.mending import measured_noise, mend
from benchmarks.quality.scores import decibels
from benchmarks.quality.truth import HALVES, SEEDS, MissingFootage, clips
from restoration.engine.compute.device import settle
from restoration.engine.repair.noise.finishing import finished
from restoration.engine.settings import NoiseSettings, Settings

TOLD = (0.05, 0.1, 0.2)
_MOMENTS, _MIDDLE = 6, slice(2, 4)
_WINDOW = (264, 176)
_ALONE = Settings(noise=NoiseSettings(enabled=True, luma=1, chroma=1, network="off"))


@torch.no_grad()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True, help="folder that the clips of the half lie in")
    parser.add_argument("--half", choices=HALVES, default="reporting")
    chosen = parser.parse_args()
    settle()
    try:
        clean = clips(chosen.half, chosen.footage, _MOMENTS, _WINDOW)
    except MissingFootage as error:
        print(error, file=sys.stderr)
        return 2
    for case in CASES:
        rows = [_row(case, sample) for sample in samples(case, clean, SEEDS[chosen.half])]
        print(table(case.title, ("repair", *(f"told {share:.2f}" for share in TOLD)), rows), flush=True)
    return 0


def _row(case: Case, sample: Sample) -> Row:
    return Row(sample.clean.name, tuple(_scores(case, sample)))


def _scores(case: Case, sample: Sample) -> Iterator[float]:
    sigma = case.noise_sigma or measured_noise(sample.aged.clip)
    repaired = mend(sample.aged.clip, _ALONE, noise_sigma=sigma).clip[_MIDDLE]
    truth = sample.aged.truth[_MIDDLE]
    yield decibels(repaired, truth)
    for share in TOLD:
        yield decibels(torch.stack([finished(planes, sigma=sigma, left=share) for planes in repaired]), truth)


if __name__ == "__main__":
    sys.exit(main())
