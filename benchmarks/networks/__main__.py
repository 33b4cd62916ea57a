"""Public test sets, for measuring alone: nothing here is trained on them, and none is part of this repository.

    python -m benchmarks.networks --sets FOLDER                     # every set
    python -m benchmarks.networks --sets FOLDER --only middlebury   # one of them
"""

import argparse
import sys
from pathlib import Path

import torch

from benchmarks.networks import live1, middlebury, noise30, set14, twice
from benchmarks.networks.row import Row
from restoration.engine.compute.device import settle

# A set is a module with a NAME, the FOLDER it lies in, its COLUMNS, and rows(folder) -> list[Row].
SETS = (set14, twice, live1, noise30, middlebury)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--only", choices=[each.NAME for each in SETS])
    chosen = parser.parse_args()
    settle()
    try:
        for each in SETS:
            if chosen.only in (None, each.NAME):
                with torch.no_grad():
                    print(table(each.NAME, each.COLUMNS, each.rows(chosen.sets / each.FOLDER)))
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


def table(name: str, columns: tuple[str, ...], rows: list[Row]) -> str:
    """In Markdown, with the mean of every column last."""
    mean = Row("mean", tuple(sum(values) / len(rows) for values in zip(*(row.values for row in rows), strict=True)))
    lines = [f"| {name} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {row.name} | {' | '.join(f'{value:.2f}' for value in row.values)} |" for row in (*rows, mean)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
