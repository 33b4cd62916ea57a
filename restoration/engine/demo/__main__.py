"""The demo's concert tape from the shell: `python -m restoration.engine.demo TARGET.mov`.

Exit status: 0 done, 2 the person's fault or a full disk (one sentence), 130 interrupted.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from restoration.engine.demo.reel import render_tape
from restoration.engine.errors import DiskFullError, SettingsError
from restoration.engine.progress import Progress

OK, THEIRS, INTERRUPTED = 0, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the tape; the same seed gives the same tape."""
    chosen = _parser().parse_args(arguments)
    console = Console(stderr=True)
    try:
        _render(chosen, console)
    except (SettingsError, DiskFullError) as error:
        return _say(str(error), THEIRS)
    except KeyboardInterrupt:
        return _say("Interrupted. Nothing was written.", INTERRUPTED)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restoration.engine.demo",
                                     description="Render the concert tape that the demo restores.")
    parser.add_argument("target", type=Path, help="the tape, a .mov file")
    parser.add_argument("--seconds", type=float, default=4, help="how long it is (4 unless told)")
    parser.add_argument("--seed", type=int, default=7, help="another number, another concert (7 unless told)")
    parser.add_argument("--clean", type=Path, metavar="FILE", help="also write the truth, every moment whole, as .mkv")
    return parser


def _render(chosen: argparse.Namespace, console: Console) -> None:
    with Bar(TextColumn("Rendering"), BarColumn(), MofNCompleteColumn(), TextColumn("frames"), TimeRemainingColumn(),
             console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total)

        render_tape(chosen.target, seconds=chosen.seconds, seed=chosen.seed, clean=chosen.clean, report=show)


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
