"""python -m restoration.engine.training NAME --material FOLDER [--folder FOLDER] [--until STEP] [--minutes M]
                                        [--every STEPS] [--makers N]
python -m restoration.engine.training NAME --export FILE [--folder FOLDER]"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from restoration.engine.compute.device import settle
from restoration.engine.training.export import export
from restoration.engine.training.loop import restored, train
from restoration.engine.training.material import MissingMaterial
from restoration.engine.training.recipe import Recipe
from restoration.engine.training.recipes import RECIPES


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m restoration.engine.training", description=__doc__)
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--material", type=Path, help="folder with photos/, for dirt also film_damage/ and video/")
    parser.add_argument("--folder", type=Path, default=Path("var/training"), help="where checkpoints lie")
    parser.add_argument("--until", type=int, help="stop at this step; later calls go on")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes; later calls go on")
    parser.add_argument("--every", type=_positive, default=500, help="steps between checkpoints (500 unless told)")
    parser.add_argument("--makers", type=int, default=0, metavar="N",
                        help="make lessons in N processes of their own: where a GPU would wait for them")
    parser.add_argument("--export", type=Path, metavar="FILE",
                        help="train nothing: write what was learnt so far as safetensors and print its SHA-256")
    chosen = parser.parse_args(arguments)
    if chosen.export is None and chosen.material is None:
        parser.error("either --material or --export is needed")
    if chosen.export is not None:
        return _export(RECIPES[chosen.name], chosen.folder, chosen.export)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settle()
    recipe = RECIPES[chosen.name]
    try:
        material = recipe.material(chosen.material)
    except MissingMaterial as missing:
        print(missing, file=sys.stderr)
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    train(recipe, material, chosen.folder / f"{chosen.name}.pt", until=chosen.until, every=chosen.every,
          minutes=chosen.minutes, makers=chosen.makers)
    return 0


def _positive(said: str) -> int:
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{said} is not a number of steps; say 1 or more")
    return number


def _export(recipe: Recipe, folder: Path, target: Path) -> int:
    checkpoint = folder / f"{recipe.name}.pt"
    if not checkpoint.exists():
        print(f"There is nothing to export: no training has left {checkpoint}.", file=sys.stderr)
        return 2
    target.parent.mkdir(parents=True, exist_ok=True)
    state = restored(recipe, checkpoint)
    digest = export(state, target, recipe.exported)
    print(f"{digest}  {target}  step {state.step} of {recipe.steps}, {state.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
