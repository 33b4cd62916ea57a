"""What each part of a tape's way costs alone, what all of it makes side by side, and how near that is to what the
machine can do.

    python -m restoration.engine.demo tape.mov
    python -m benchmarks.stages tape.mov [--height 2160] [--frames 8] [--workers 1 2 4]

The reel's longest shot under the settings that the analysis recommends. Alone: decoding, what is looked at beforehand,
every stage and encoding, each waited for before the next begins, in milliseconds for a frame of the master; on a GPU
also the share of that time in which the card had work. Side by side: processes of one thread, each with a part of the
shot, as workers share one. The limits: of the arithmetic what a large product of matrices reaches here in the networks'
own number format; of the card and of the cores that they are busy all the time.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psutil
import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile, record_function
from torch.utils.flop_counter import FlopCounterMode

from restoration.engine import chain, mastering, pipeline, reaching, scouting
from restoration.engine.compute.device import ROUNDED, device, settle
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.frames import Frame
from restoration.engine.media import writer
from restoration.engine.media.reader import read
from restoration.engine.networks import strips
from restoration.engine.networks.registry import Network, networks_used
from restoration.engine.networks.weights import load
from restoration.engine.settings import Settings
from restoration.engine.stage import Stage

_TIMES = 5
_SIDE = {"cuda": 8192, "cpu": 2048}  # Of the matrices whose product is the limit of the arithmetic.


class Clock:
    """Adds up seconds by name; what is nested within another is taken off that one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = 0.0

    def timed(self, name: str, do: Callable[[], Frame | None]) -> Frame | None:
        _wait()
        outer, self._inner = self._inner, 0.0
        began = time.perf_counter()
        with record_function(f"part:{name}"):
            made = do()
            _wait()
        whole = time.perf_counter() - began
        self.seconds[name] = self.seconds.get(name, 0.0) + whole - self._inner
        self._inner = outer + whole
        return made

    def watch(self, name: str, frames: Iterable[Frame]) -> Iterator[Frame]:
        coming = iter(frames)
        while (frame := self.timed(name, lambda: next(coming, None))) is not None:
            yield frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tape", type=Path)
    parser.add_argument("--height", type=int, help="of the master, in lines; as recommended unless told")
    parser.add_argument("--frames", type=int, default=8, help="of the source, alone, and side by side for each worker")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, len(os.sched_getaffinity(0))])
    chosen = parser.parse_args()
    settle()
    report = pipeline.analyse(chosen.tape)
    settings = _with_height(report.recommendation.settings, chosen.height)
    limit = _most_flops()
    print(f"{_machine()}; a product of matrices reaches {limit / 1e12:.1f} TFLOP/s in {_format()}\n")
    with torch.no_grad():
        _alone(chosen.tape, report, settings, chosen.frames)
        for network in networks_used(settings, 0.0, report.source.height):
            _network(network, limit)
    print("\n| workers | frames of the master a second | cores busy |\n|---|---|---|", flush=True)
    for workers in chosen.workers:
        _side_by_side(chosen.tape, report, settings, chosen.frames, workers)


def _with_height(settings: Settings, height: int | None) -> Settings:
    if height is None:
        return settings
    return settings.model_copy(update={"upscale": settings.upscale.model_copy(update={"height": height})})


def _alone(tape: Path, report: AnalysisReport, settings: Settings, count: int) -> None:
    """Once to load and to warm up, once timed, and on a GPU once more under the profiler."""
    shot = _part(report, 0, count)
    settings = settings.at(*reaching.whole(shot))
    made = _passed(tape, report, settings, shot, Clock())
    clock = Clock()
    _passed(tape, report, settings, shot, clock)
    busy: dict[str, float] = {}
    if device().type == "cuda":
        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiler:
            _passed(tape, report, settings, shot, Clock())
        busy = _busy(profiler)
    print("| part | ms for a frame | the card at work |\n|---|---|---|")
    for name, seconds in clock.seconds.items():
        share = f"{busy[name] / (seconds or 1):.0%}" if name in busy else "—"
        print(f"| {name} | {1000 * seconds / made:.1f} | {share} |")
    whole = sum(clock.seconds.values())
    share = f"{sum(busy.values()) / whole:.0%}" if busy else "—"
    print(f"| all of it, one after the other | {1000 * whole / made:.1f} | {share} |\n", flush=True)


def _passed(tape: Path, report: AnalysisReport, settings: Settings, shot: Shot, clock: Clock) -> int:
    """The shot all the way to a file; how many frames came out."""
    facts = report.source

    def looked() -> None:
        nonlocal found
        found = (scouting.texture_of(tape, settings, facts, shot), scouting.traces_of(tape, settings, facts, shot))

    found: tuple[object, object] = (None, None)
    clock.timed("looking before", looked)  # type: ignore[arg-type]
    texture, traces = found
    witness = chain.witness_of(settings, facts, shot)
    stages = chain.stages(settings, facts, shot, texture, traces=traces, witness=witness)  # type: ignore[arg-type]
    decoded = clock.watch("decoding", read(tape, facts, *reaching.frames_around(shot, settings)))
    restored = list(chain.through(decoded, [_watched(clock, stage) for stage in stages]))
    with tempfile.TemporaryDirectory() as folder:
        clock.timed("encoding", lambda: _encoded(restored, Path(folder), report, settings))
    return len(restored)


def _encoded(restored: list[Frame], folder: Path, report: AnalysisReport, settings: Settings) -> None:
    writer.write(restored, folder / "alone.mkv", rate=reaching.moments_of(settings).rate(report.source.rate),
                 expected=len(restored), pixel_aspect=mastering.master_pixel_aspect(settings, report.source))


def _watched(clock: Clock, stage: Stage) -> Stage:
    name = stage.__name__ if stage.__name__ not in ("stage", "<lambda>") else stage.__module__.rsplit(".", 1)[-1]
    return lambda frames: clock.watch(name, stage(frames))


def _busy(profiler: profile) -> dict[str, float]:
    """Seconds in which the card worked for each part, without those nested within it."""
    whole: dict[str, float] = {}
    for event in profiler.events() or ():
        if event.name.startswith("part:") and event.device_type.name == "CPU":
            name = event.name.removeprefix("part:")
            inner = sum(one.device_time_total for one in _nested(event.cpu_children))
            whole[name] = whole.get(name, 0.0) + (event.device_time_total - inner) / 1e6
    return whole


def _nested(events: Sequence[torch.autograd.profiler_util.FunctionEvent]) -> Iterator[
        torch.autograd.profiler_util.FunctionEvent]:
    """The nearest parts within."""
    for event in events:
        if event.name.startswith("part:"):
            yield event
        else:
            yield from _nested(event.cpu_children)


def _network(network: Network, limit: float) -> None:
    """One frame of 720x480 through a network, by itself."""
    shown = torch.rand(_SHOWN[network.architecture](network), 480, 720, device=device())
    run = partial(strips.over, load(network), shown, reach=network.margin, scale=network.scale,
                  multiple=network.multiple)
    with FlopCounterMode(display=False) as counted:
        run()
    seconds = _least(run)
    flops = counted.get_total_flops() / seconds
    print(f"{network.name}: {1000 * seconds:.1f} ms for a frame of 720×480, {flops / 1e12:.2f} TFLOP/s, "
          f"{flops / limit:.0%} of the limit", flush=True)


# How many channels each architecture is shown.
_SHOWN: dict[str, Callable[[Network], int]] = {
    "cleaner": lambda network: 18, "mender": lambda network: 3, "segmenter": lambda network: 11,
    "upscaler": lambda network: 1 + 4 * network.scale ** 2}


def _least(do: Callable[[], Tensor]) -> float:
    taken = []
    for _ in range(_TIMES):
        _wait()
        began = time.perf_counter()
        do()
        _wait()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _most_flops() -> float:
    side = _SIDE[device().type]
    one, other = (torch.randn(side, side, device=device(), dtype=_dtype()) for _ in range(2))
    return 2 * side ** 3 / _least(lambda: one @ other)


def _dtype() -> torch.dtype:
    return ROUNDED.get(device().type, torch.float32)


def _format() -> str:
    return str(_dtype()).removeprefix("torch.")


def _side_by_side(tape: Path, report: AnalysisReport, settings: Settings, count: int, workers: int) -> None:
    """Processes that are ready before the clock runs: imports, weights and a first frame are not counted."""
    spawning = multiprocessing.get_context("spawn")
    ready = spawning.Barrier(workers + 1)
    processes = [spawning.Process(target=_works, args=(tape, report, settings, _part(report, worker, count), ready))
                 for worker in range(workers)]
    for process in processes:
        process.start()
    ready.wait()
    psutil.cpu_percent()
    began = time.perf_counter()
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit(f"A worker ended with {process.exitcode}.")
    seconds, cores = time.perf_counter() - began, psutil.cpu_percent() / 100
    made = sum(reaching.moments_of(settings).count(part.start, part.end)
               for part in (_part(report, worker, count) for worker in range(workers)))
    print(f"| {workers} | {made / seconds:.2f} | {cores:.0%} |", flush=True)


def _works(tape: Path, report: AnalysisReport, settings: Settings, part: Shot, ready: Barrier) -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        first = part.model_copy(update={"end": part.start + 1})
        pipeline.restore_shot(tape, report, first, settings, Path(folder) / "first.mkv")
        ready.wait()
        pipeline.restore_shot(tape, report, part, settings, Path(folder) / "part.mkv")


def _part(report: AnalysisReport, number: int, count: int) -> Shot:
    """So many frames of the longest shot, from its beginning; again from there where it has no more."""
    shot = max(report.shots, key=lambda one: one.end - one.start)
    parts = max(1, (shot.end - shot.start) // count)
    start = shot.start + number % parts * count
    return shot.model_copy(update={"start": start, "end": min(start + count, shot.end),
                                   "within": (shot.start, shot.end)})


def _machine() -> str:
    cores = f"{len(os.sched_getaffinity(0))} cores"
    return f"{torch.cuda.get_device_name()}, {cores}" if device().type == "cuda" else f"{cores}, no GPU"


def _wait() -> None:
    if device().type == "cuda":
        torch.cuda.synchronize()


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
