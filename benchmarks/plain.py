"""The same network on the same frames: as the product works, and by a plain loop that loads, runs and writes.

    python -m benchmarks.plain [--frames 12]

720x480 progressive, enlarged to 2880x1920 by the network alone. The plain loop is what one writes first: one process,
torch's own threads, each frame decoded, enlarged and encoded before the next is touched, the network's tensors as torch
lays them and its freed memory given back. The product has a process of one thread for each core, decodes and encodes
beside the arithmetic, and measures faithfulness besides. Neither counts its start: imports, weights and a first frame.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.together import timed
from restoration.engine import chain, mastering, pipeline, reaching
from restoration.engine.enhancement.upscale import learnt
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.media import writer
from restoration.engine.media.reader import read
from restoration.engine.settings import Settings, UpscaleSettings
from tests import clips

_SIZE, _RATE = (720, 480), Fraction(25)
_SETTINGS = Settings(upscale=UpscaleSettings(height=4 * _SIZE[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=12, help="of each, a multiple of the number of cores")
    frames, cores = parser.parse_args().frames, len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        clip = clips.write(Path(folder) / "clip.mkv", clips.scene(frames, _SIZE), _RATE)
        plain, _ = timed([partial(_plain, clip, 0, frames, cores)])
        even = frames // cores
        ours, _ = timed([partial(_as_the_product, clip, even * part, even * (part + 1)) for part in range(cores)])
    print(f"plain loop: {frames / plain:.2f} frames a second; the product: {frames / ours:.2f}, {plain / ours:.2f} "
          f"times as many. {frames} frames, {cores} cores, load {os.getloadavg()[0]:.1f}")


def _plain(clip: Path, first: int, last: int, threads: int, ready: Barrier) -> None:
    torch.set_num_threads(threads)
    learnt.over = _whole  # type: ignore[attr-defined]
    report = _report(clip)
    _loop(clip, report, first, first + 1)
    ready.wait()
    _loop(clip, report, first, last)


@torch.no_grad()
def _whole(network: nn.Module, shown: Tensor, *, reach: int, scale: int) -> Tensor:
    return network.to(memory_format=torch.contiguous_format)(shown[None])[0]  # type: ignore[no-any-return,call-overload]


def _loop(clip: Path, report: AnalysisReport, first: int, last: int) -> None:
    shot = report.shots[0].model_copy(update={"start": first, "end": last, "within": (0, report.source.frames)})
    frames = chain.through(read(clip, report.source, *reaching.frames_around(shot, _SETTINGS)),
                           chain.stages(_SETTINGS, report.source, shot))
    _write(clip, frames, report, shot)


def _write(clip: Path, frames: Iterator[chain.Frame], report: AnalysisReport, shot: Shot) -> None:
    moments = reaching.moments_of(_SETTINGS)
    writer.write(frames, clip.with_name(f"plain-{shot.end}.mkv"), rate=moments.rate(report.source.rate),
                 expected=shot.end - shot.start, start=shot.start, end=shot.end,
                 pixel_aspect=mastering.master_pixel_aspect(_SETTINGS, report.source))


def _as_the_product(clip: Path, first: int, last: int, ready: Barrier) -> None:
    torch.set_num_threads(1)
    report = _report(clip)
    whole = report.shots[0]
    for start, end in ((first, first + 1), (first, last)):
        part = whole.model_copy(update={"start": start, "end": end, "within": (whole.start, whole.end)})
        if end == last:
            ready.wait()
        pipeline.restore_shot(clip, report, part, _SETTINGS, clip.with_name(f"part-{start}-{end}.mkv"))


def _report(clip: Path) -> AnalysisReport:
    facts = pipeline.inspect(clip)
    return AnalysisReport(engine="benchmark", source=facts, shots=(Shot(index=0, start=0, end=facts.frames),),
                          recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
