"""How long decoding, computing and encoding take alone and side by side, and how much memory a run takes.

    python benchmarks/pipeline.py            both parts
    python benchmarks/pipeline.py overlap    times alone, and wall time side by side
    python benchmarks/pipeline.py memory     peak memory for a short and a long source (--seconds 10 120)

Sources are made here: 480i59.94 of a moving scene with noise, MPEG-2, the same few seconds again and again.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Before torch is loaded, as the engine's own command does.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from restoration.engine import chain, pipeline, reaching, scouting
from restoration.engine.compute.device import settle
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.media import writer
from restoration.engine.media.reader import read
from restoration.engine.settings import FieldsSettings, NoiseSettings, Settings, UpscaleSettings
from tests import clips

SETTINGS = {
    "as-is": Settings(),
    "fields": Settings(fields=FieldsSettings(method="frames", order="bff")),
    "tape": Settings(fields=FieldsSettings(method="frames", order="bff"), noise=NoiseSettings(enabled=True),
                     upscale=UpscaleSettings(height=1080)),
    "small tape": Settings(fields=FieldsSettings(method="frames", order="bff"), noise=NoiseSettings(enabled=True),
                           upscale=UpscaleSettings(height=480)),
}


def source(folder: Path, frames: int, size: tuple[int, int]) -> Path:
    moments = clips.noisy(clips.scene(24, size, rate=2), 0.015, 0.015)
    few = clips.interlace(moments, "bff")
    clip = few.repeat(-(-frames // len(few)), 1, 1, 1)[:frames] if frames * size[0] * size[1] < 4e7 else few
    path = folder / f"{size[0]}x{size[1]}-{frames}.mpg"
    if len(clip) == frames:
        return clips.write(path, clip, clips.NTSC, fields="bff")
    return clips.write(path, _Again(few, frames), clips.NTSC, fields="bff")  # type: ignore[arg-type]


class _Again:
    """A clip that is as long as asked without being held whole."""

    def __init__(self, few: torch.Tensor, frames: int) -> None:
        self.few, self.frames, self.shape = few, frames, (frames, *few.shape[1:])

    def __iter__(self) -> Iterator[torch.Tensor]:
        return (self.few[number % len(self.few)] for number in range(self.frames))


def report_of(path: Path) -> AnalysisReport:
    facts = pipeline.inspect(path)
    shot = Shot(index=0, start=0, end=facts.frames, transition="start", noise_luma=0.015, noise_chroma=0.015)
    return AnalysisReport(engine="benchmark", source=facts, shots=(shot,),
                          recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))


def overlap(folder: Path, name: str, frames: int, size: tuple[int, int]) -> None:
    path = source(folder, frames, size)
    report, settings = report_of(path), SETTINGS[name]
    shot = pipeline.plan(report, settings)[0]
    rate = reaching.moments_of(settings).rate(report.source.rate)
    texture = scouting.texture_of(path, settings, report.source, shot)
    began = time.perf_counter()
    decoded = list(read(path, report.source, *reaching.frames_around(shot, settings)))
    decode = time.perf_counter() - began
    began = time.perf_counter()
    restored = list(chain.through(decoded, chain.stages(settings, report.source, shot, texture)))
    compute = time.perf_counter() - began
    began = time.perf_counter()
    writer.write(restored, folder / "alone.mkv", rate=rate, pixel_aspect=report.source.pixel_aspect,
                 expected=len(restored))
    encode = time.perf_counter() - began
    del decoded, restored
    began = time.perf_counter()
    pipeline.restore_shot(path, report, shot, settings, folder / "together.mkv")
    together = time.perf_counter() - began
    slowest = max(decode, compute, encode)
    print(f"{name:>7} {size[0]}x{size[1]}, {frames} frames: decode {decode:.2f} s, compute {compute:.2f} s, "
          f"encode {encode:.2f} s; side by side {together:.2f} s = {together / slowest:.2f} x the slowest, "
          f"{together / (decode + compute + encode):.2f} x their sum")


# The kernel's own mark of this process: getrusage would count what its parent held when it was started.
CHILD = """
import os, sys
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
from pathlib import Path
from benchmarks.pipeline import SETTINGS, report_of
from restoration.engine import pipeline
folder, path = Path(sys.argv[1]), Path(sys.argv[2])
pipeline.restore(path, folder / f"{path.stem}.mkv", SETTINGS[sys.argv[3]], workdir=folder / path.stem,
                 report=report_of(path))
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def memory(folder: Path, name: str, size: tuple[int, int], lengths: list[int]) -> None:
    peaks = []
    for seconds in lengths:
        path = source(folder, seconds * 30, size)
        done = subprocess.run([sys.executable, "-c", CHILD, str(folder), str(path), name], check=True,
                              capture_output=True, text=True, cwd=Path(__file__).resolve().parents[1])
        peaks.append(int(done.stdout.split()[-1]) / 1024)
        print(f"{name:>10} {size[0]}x{size[1]}, {seconds} s: peak {peaks[-1]:.0f} MiB, "
              f"{100 * (peaks[-1] / peaks[0] - 1):+.1f} %", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=["overlap", "memory"])
    parser.add_argument("--settings", nargs="*", choices=list(SETTINGS), default=["as-is", "fields", "tape"])
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--seconds", type=int, nargs="+", default=[10, 120])
    chosen = parser.parse_args()
    print(json.dumps({"cores": os.cpu_count(), "load": os.getloadavg()[0], "torch": torch.__version__,
                      "threads": torch.get_num_threads(), "machine": platform.machine()}))
    settle()
    with tempfile.TemporaryDirectory() as temporary:
        if chosen.part != "memory":
            for name in chosen.settings:
                overlap(Path(temporary), name, chosen.frames, (720, 480))
        if chosen.part != "overlap":
            memory(Path(temporary), "as-is", (352, 240), chosen.seconds)
            memory(Path(temporary), "small tape", (240, 160), chosen.seconds)


if __name__ == "__main__":
    main()
