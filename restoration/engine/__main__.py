"""The engine from the shell, without a database: `python -m restoration.engine analyse|restore|stereo`.

Exit status: 0 done, 2 the person's fault (one sentence), 1 ours (a reference to the log), 130 interrupted.
"""

import argparse
import json
import logging
import os
import re
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

# Before torch is loaded: threads that spin while they wait for each other take the cores from those that work.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from restoration.engine import given_weights, pipeline, two_eyes
from restoration.engine.errors import (
    Cancelled,
    DiskFullError,
    EncodingError,
    RepairError,
    SettingsError,
    SourceError,
    WeightsError,
    gettext_noop,
)
from restoration.engine.facts import AnalysisReport, RestoreReport
from restoration.engine.fitting import fitted
from restoration.engine.media import timing
from restoration.engine.printing import visible
from restoration.engine.progress import Progress
from restoration.engine.settings import PRESETS, Settings, parse, preset

log = logging.getLogger("restoration.engine")
OK, OURS, THEIRS, INTERRUPTED = 0, 1, 2, 130
PHASES = {"analyse": "Analysing", "restore": "Restoring", "join": "Joining", "render": "Rendering"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; never a traceback for a person."""
    chosen = _parser().parse_args(arguments)
    stop = _Stop()
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        command: Callable[[argparse.Namespace, _Stop], None] = chosen.command
        _refuse_to_write_over(chosen)
        command(chosen, stop)
    except (SourceError, SettingsError, WeightsError, DiskFullError) as error:
        return _say(str(error), THEIRS)
    except Cancelled:
        return _say(chosen.after_interruption, INTERRUPTED)
    except (EncodingError, RepairError) as error:
        return _say(f"{error} {_logged()}", OURS)
    except Exception:  # noqa: BLE001 (the last door: logged with its traceback, told with a reference)
        return _say(f"Something went wrong that is not your fault. {_logged()}", OURS)
    return OK


def _refuse_to_write_over(chosen: argparse.Namespace) -> None:
    """Raises SettingsError where something is to be written into a file that is read, or into one that is written."""
    given = vars(chosen)
    held = [path.resolve() for path in (chosen.source, given.get("settings"), *given.get("weights", ())) if path]
    for name in ("target", "json", "report"):
        path = given.get(name)
        if path is None or str(path) == "-":
            continue
        if path.resolve() in held:
            raise SettingsError(gettext_noop("“{name}” is read or written by this command already. Give another name "
                                             "to what is to be written."), name=path.name)
        held.append(path.resolve())


class _Stop:
    """Ctrl-C asks politely; a second one ends at once."""

    def __init__(self) -> None:
        self.is_asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True

    def is_cancelled(self) -> bool:
        return self.is_asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m restoration.engine", description="Analyse and restore recordings.")
    commands = parser.add_subparsers(required=True, metavar="analyse | restore | stereo")
    analyse = commands.add_parser("analyse", help="say what is on a source and what to do about it")
    analyse.add_argument("source", type=Path)
    analyse.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON; - for standard output")
    analyse.set_defaults(command=_analyse, after_interruption="Interrupted. Nothing was written.")
    restore = commands.add_parser("restore", help="make a master; run again with the same workdir to go on")
    restore.add_argument("source", type=Path)
    restore.add_argument("target", type=Path, help="the master, a .mkv file")
    how = restore.add_mutually_exclusive_group()
    how.add_argument("--preset", metavar="NAME",
                     help=f"one of: {', '.join(PRESETS)}; else what the analysis recommends")
    how.add_argument("--settings", type=Path, metavar="FILE", help="settings as JSON")
    restore.add_argument("--weights", type=Path, metavar="FILE", action="append", default=[],
                         help="where the weights lie whose digest the settings name")
    restore.add_argument("--frames", type=_frames, metavar="A:B", help="source frames A to B-1 alone")
    restore.add_argument("--workdir", type=Path, metavar="DIR", help="where finished segments are kept")
    restore.add_argument("--report", type=Path, metavar="FILE", help="write what was done as JSON")
    restore.set_defaults(command=_restore, after_interruption="Interrupted. Finished segments stay: run the same "
                                                              "command again and it goes on from there.")
    stereo = commands.add_parser("stereo", help="one shot for two eyes, side by side, by a map of layers; a rendition")
    stereo.add_argument("source", type=Path, help="whole frames, such as a master's")
    stereo.add_argument("target", type=Path, help="an .mp4 file without sound")
    stereo.add_argument("--frames", type=_frames, metavar="A:B", required=True, help="frames A to B-1, of one shot")
    stereo.set_defaults(command=_stereo, after_interruption="Interrupted. Nothing was written.")
    return parser


def _frames(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+):(\d+)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"“{text}” is no range of frames; write it as 100:250")
    return int(match[1]), int(match[2])


def _analyse(chosen: argparse.Namespace, stop: _Stop) -> None:
    with _Shown() as shown:
        report = pipeline.analyse(chosen.source, report=shown, is_cancelled=stop.is_cancelled)
    text = report.model_dump_json(indent=2)
    if chosen.json is not None and str(chosen.json) == "-":
        sys.stdout.write(text + "\n")
        return
    if chosen.json is not None:
        _write(chosen.json, text)
    _summary(report, Console())


def _restore(chosen: argparse.Namespace, stop: _Stop) -> None:
    workdir = chosen.workdir or chosen.target.with_name(f".{chosen.target.name}.segments")
    given = given_weights.kept(chosen.weights)
    with _Shown() as shown:
        settings, report = _settings(chosen, workdir, given, shown, stop)
        if others := given_weights.unasked(settings, given, chosen.frames):
            _say(f"The settings do not name the weights {others}: they have no part in the master.", OK)
        done = pipeline.restore(chosen.source, chosen.target, settings, workdir=workdir, frames=chosen.frames,
                                report=report, report_progress=shown, is_cancelled=stop.is_cancelled)
    if chosen.report is not None:
        _write(chosen.report, done.model_dump_json(indent=2))
    _closing_words(done, Console(stderr=True))


def _stereo(chosen: argparse.Namespace, stop: _Stop) -> None:
    start, end = chosen.frames
    with _Shown() as shown:
        two_eyes.render(chosen.source, chosen.target, start=start, end=end, report=shown,
                        is_cancelled=stop.is_cancelled)


def _settings(chosen: argparse.Namespace, workdir: Path, given: Mapping[str, Path], shown: "_Shown",
              stop: _Stop) -> tuple[Settings, AnalysisReport]:
    """What was asked for; without a wish, what the analysis recommends. Wishes that cannot be are refused first."""
    wished = _read_settings(chosen.settings) if chosen.settings else None
    if wished is not None:
        given_weights.refuse_missing(wished, given, chosen.frames)
    if chosen.preset:
        preset(chosen.preset)
    report = pipeline.prepare(chosen.source, chosen.target, workdir, report=shown, is_cancelled=stop.is_cancelled)
    if wished is not None:
        return wished, report
    if chosen.preset:
        return fitted(preset(chosen.preset).settings, report.source), report
    return report.recommendation.settings, report


def _read_settings(path: Path) -> Settings:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(gettext_noop("The settings in “{name}” cannot be read as JSON."), name=str(path)) from error
    if not isinstance(data, dict):
        raise SettingsError(gettext_noop("The settings in “{name}” are not a JSON object."), name=str(path))
    return parse(data)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(gettext_noop("“{name}” cannot be written: {reason}."), name=str(path),
                            reason=error.strerror) from error


class _Shown:
    """Frames done, frames a second and time left, on stderr, when somebody is looking."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("frames"),
                        TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), console=console,
                        disable=not console.is_terminal)
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> "_Shown":
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        name = PHASES.get(progress.phase, progress.phase)
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=progress.total, speed="")
        task = self._tasks[name]
        speed = self._bar.tasks[task].speed
        self._bar.update(task, completed=progress.done, total=progress.total,  # type: ignore[arg-type]
                         speed=f"{speed:.1f}/s" if speed else "")


def _summary(report: AnalysisReport, console: Console) -> None:
    source = report.source
    scan = source.scan + (f", {source.field_order}" if source.field_order else "")
    console.print(f"[bold]{_plain(source.name)}[/]  {source.width}×{source.height}, pixels {source.pixel_aspect}, "
                  f"{source.rate} frames a second, {scan}, {source.frames} frames", highlight=False, soft_wrap=True)
    for remark in source.remarks:
        console.print(f"  • {_plain(str(remark))}", highlight=False, soft_wrap=True)
    for shot in report.shots:
        start = timing.label(shot.start, source.rate)
        damage = ", ".join(f"{defect.name} {defect.severity:.2f}" for defect in shot.defects)
        console.print(f"  shot {shot.index:>3}  {start}  {shot.start}:{shot.end}  {shot.transition:<8} {damage}",
                      highlight=False, soft_wrap=True)
    console.print(f"Recommended: {report.recommendation.preset}", highlight=False, soft_wrap=True)
    for reason in report.recommendation.reasons:
        console.print(f"  {reason.field}: {_plain(str(reason))}", highlight=False, soft_wrap=True)


def _closing_words(done: RestoreReport, console: Console) -> None:
    reused = sum(segment.was_reused for segment in done.segments)
    master = done.master
    console.print(f"{_plain(master.name)}: {master.frames} frames, {master.width}×{master.height}, "
                  f"{master.rate} a second; {len(done.segments)} segments, {reused} of them made before; "
                  f"{done.seconds:.1f} s.",
                  highlight=False, soft_wrap=True)
    for remark in done.remarks:
        console.print(f"  • {_plain(str(remark))}", highlight=False, soft_wrap=True)


def _plain(text: str) -> str:
    """Nothing in it speaks to the terminal or to the console's own markup."""
    return escape(visible(text))


def _logged() -> str:
    """Write the traceback to a file of its own; say where, and its reference."""
    reference = secrets.token_hex(4)
    path = Path(tempfile.gettempdir()) / f"patina-engine-{reference}.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    log.addHandler(handler)
    log.exception("reference %s", reference)
    log.removeHandler(handler)
    handler.close()
    return f"Reference {reference}; the details are in {path}."


def _say(sentence: str, status: int) -> int:
    print(visible(sentence), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
