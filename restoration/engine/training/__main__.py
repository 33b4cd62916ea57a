"""python -m restoration.engine.training NAME --material FOLDER [--folder FOLDER] [--until STEP] [--minutes M]"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from restoration.engine.compute.device import settle
from restoration.engine.training.loop import train
from restoration.engine.training.material import MissingMaterial, photographs
from restoration.engine.training.recipes import RECIPES


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m restoration.engine.training", description=__doc__)
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--material", type=Path, required=True, help="folder with the folder photos/")
    parser.add_argument("--folder", type=Path, default=Path("var/training"), help="where checkpoints lie")
    parser.add_argument("--until", type=int, help="stop at this step; later calls go on")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes; later calls go on")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settle()
    try:
        material = photographs(chosen.material / "photos")
    except MissingMaterial as missing:
        print(missing, file=sys.stderr)
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    train(RECIPES[chosen.name], material, chosen.folder / f"{chosen.name}.pt", until=chosen.until,
          minutes=chosen.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
