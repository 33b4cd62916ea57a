"""What the neighbours of a moment bring the upscaler.

    python -m benchmarks.neighbours --footage FOLDER [--half tuning]

The clean clips of benchmarks.quality, a window of 576x384, brought to a quarter by an antialiased bicubic filter in 8
bits; PSNR of luma in dB of the two moments in the middle of six, eight pixels of every edge left out: bicubic, the
network on the moment alone, and with its neighbours.
"""

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks.networks.__main__ import table
from benchmarks.networks.row import Row
from benchmarks.quality.truth import HALVES, MissingFootage, clips
from restoration.engine.compute.device import settle
from restoration.engine.enhancement.upscale.learnt import MOMENTS, Learnt
from restoration.engine.metrics import psnr
from restoration.engine.networks.registry import network

_MOMENTS, _MIDDLE = 6, (2, 3)
_WINDOW = (576, 384)
_EDGE = slice(8, -8)


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
    rows = [_row(clip.name, clip.planes[:, :1]) for clip in clean]
    print(table(chosen.half, ("bicubic", "the moment alone", "with its neighbours"), rows))
    return 0


def _row(name: str, truth: Tensor) -> Row:
    reduced = interpolate(truth, scale_factor=0.25, mode="bicubic", antialias=True)
    small = ((reduced * 255).round().clamp(0, 255) / 255)[:, 0]
    moments, several = list(enumerate(small)), _learnt()
    scores = torch.tensor([[_score(made, truth[at, 0]) for made in (
        interpolate(small[None, at:at + 1], scale_factor=4, mode="bicubic")[0, 0], _learnt().alone([moments[at]], 0),
        several.alone(moments[at - MOMENTS:at + MOMENTS + 1], MOMENTS))] for at in _MIDDLE])
    return Row(name, tuple(scores.mean(0).tolist()))


def _learnt() -> Learnt:
    return Learnt(network("upscaler-x4"))


def _score(made: Tensor, truth: Tensor) -> float:
    return psnr(made.clamp(0, 1)[_EDGE, _EDGE], truth[_EDGE, _EDGE])


if __name__ == "__main__":
    sys.exit(main())
