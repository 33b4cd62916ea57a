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
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.stages.clock import Clock, busy, wait
from benchmarks.stages.side_by_side import part_of, side_by_side
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
    limit, noise = _most_flops(), reaching.noise_sigma(part_of(report, 0, chosen.frames))[0]
    print(f"{_machine()}; a product of matrices reaches {limit / 1e12:.1f} TFLOP/s in {_format()}\n")
    with torch.no_grad():
        _alone(chosen.tape, report, settings, chosen.frames)
        for network in networks_used(settings, noise, report.source.height):
            _network(network, limit)
    print("\n| workers | frames of the master a second | cores busy |\n|---|---|---|", flush=True)
    for workers in chosen.workers:
        side_by_side(chosen.tape, report, settings, chosen.frames, workers)


def _with_height(settings: Settings, height: int | None) -> Settings:
    if height is None:
        return settings
    return settings.model_copy(update={"upscale": settings.upscale.model_copy(update={"height": height})})


def _alone(tape: Path, report: AnalysisReport, settings: Settings, count: int) -> None:
    """Once to load and to warm up, once timed, and on a GPU once more under the profiler."""
    shot = part_of(report, 0, count)
    settings = settings.at(*reaching.whole(shot))
    made = passed(tape, report, settings, shot, Clock())
    clock = Clock()
    passed(tape, report, settings, shot, clock)
    at_work: dict[str, float] = {}
    if device().type == "cuda":
        with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA], acc_events=True) as profiler:
            passed(tape, report, settings, shot, Clock())
        at_work = busy(profiler)
    print("| part | ms for a frame | the card at work |\n|---|---|---|")
    for name, seconds in clock.seconds.items():
        share = f"{at_work[name] / (seconds or 1):.0%}" if name in at_work else "—"
        print(f"| {name} | {1000 * seconds / made:.1f} | {share} |")
    whole = sum(clock.seconds.values())
    share = f"{sum(at_work.values()) / whole:.0%}" if at_work else "—"
    print(f"| all of it, one after the other | {1000 * whole / made:.1f} | {share} |\n", flush=True)


def passed(tape: Path, report: AnalysisReport, settings: Settings, shot: Shot, clock: Clock) -> int:
    """The shot all the way to a file; how many frames came out."""
    facts = report.source
    texture, traces = clock.timed("looking before", lambda: (
        scouting.texture_of(tape, settings, facts, shot), scouting.traces_of(tape, settings, facts, shot)))
    witness = chain.witness_of(settings, facts, shot)
    stages = chain.stages(settings, facts, shot, texture, traces=traces, witness=witness)
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
        wait()
        began = time.perf_counter()
        do()
        wait()
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


def _machine() -> str:
    cores = f"{len(os.sched_getaffinity(0))} cores"
    return f"{torch.cuda.get_device_name()}, {cores}" if device().type == "cuda" else f"{cores}, no GPU"


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
