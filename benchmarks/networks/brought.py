"""What a network of others adds to an enlargement, alone and mixed in, on Set14 at four times the raster.

    python -m benchmarks.networks.brought --sets FOLDER --weights FILE [--share 0.3]

PSNR of luma in dB as `set14` measures it; and of what was made, brought back to the source's raster, against the
source: how much of it the recording explains. “held more often” is Patina's own with as many steps of back-projection
as what is mixed in gets, and nothing mixed in. Needs the extra “models”.
"""

import argparse
import sys
from pathlib import Path

import torch

from benchmarks.networks.__main__ import table
from benchmarks.networks.pictures import found
from benchmarks.networks.product import COLOR, enlarged, planes_in, score
from benchmarks.networks.row import Row
from restoration.engine.compute.device import settle
from restoration.engine.compute.resample import resize
from restoration.engine.journal import digest_of_file
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.metrics import psnr
from restoration.engine.networks.brought.running import enlarging, keep
from restoration.engine.settings import UpscaleSettings

COLUMNS = ("Patina", "held more often", "mixed in", "network alone", "Patina, back", "mixed in, back", "alone, back")
_NEXT_TO_NOTHING = 1e-6


def rows(folder: Path, sha256: str, share: float) -> list[Row]:
    """One for each picture. Raises FileNotFoundError where the set is not there."""
    return [_row(each, sha256, share) for each in found(folder, "*_HR.png")]


def _row(path: Path, sha256: str, share: float) -> Row:
    truth, source = (planes_in(path.with_name(path.name.replace("_HR", size)))
                     for size in ("_HR", "_LR"))
    alone = from_rgb(enlarging(sha256)(to_rgb(source, COLOR.matrix)), COLOR.matrix)[0]
    plain, held, mixed = (enlarged(source, UpscaleSettings(height=truth.shape[1], weights=sha256, natural=part))
                          for part in (0, _NEXT_TO_NOTHING, share))
    back = [psnr(resize(each, source.shape[2], source.shape[1]), source[0]) for each in (plain, mixed, alone)]
    return Row(path.stem.split("_SRF")[0], (*(score(each, truth[0]) for each in (plain, held, mixed, alone)), *back))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--weights", type=Path, required=True, help="a .pth or .safetensors file")
    parser.add_argument("--share", type=float, default=0.3)
    chosen = parser.parse_args()
    settle()
    sha256 = digest_of_file(chosen.weights)
    keep(sha256, chosen.weights)
    with torch.no_grad():
        print(table("Set14 ×4", COLUMNS, rows(chosen.sets / "set14_x4", sha256, chosen.share)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
