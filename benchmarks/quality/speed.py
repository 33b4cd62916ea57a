"""How fast: the analysis of a tape from its file, and the default repairs of a tape, which every core mends at the same
time with one thread, as workers mend a shot each."""

import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.quality.mending import RATE, mend
from benchmarks.quality.results import Json
from benchmarks.quality.truth import Clean
from restoration.engine import pipeline, reaching
from restoration.engine.ageing.composite import TAPE, field_of, interlace, play
from restoration.engine.settings import Settings
from restoration.engine.settings.presets import PRESETS
from tests.clips import write

DEFAULT = ("crosscolor", "fields", "weave", "noise")  # What the aim of three output frames a second is about.
TAKE, TAKES = 96, 3  # Frames of the tape that is analysed: so many, so many times.
MENDED = 12


def played(clip: Tensor, seed: int) -> Tensor:
    """Moments [2T, 3, 480, 720] as frames of a worn 480i tape [T, 3, 480, 720], top field first."""
    dice = torch.Generator().manual_seed(seed)
    fields = [play(field_of(moment, number % 2), number, TAPE, dice) for number, moment in enumerate(clip)]
    return torch.stack([interlace(one, two, "tff") for one, two in zip(fields[::2], fields[1::2], strict=True)])


def measure_speed(clips: list[Clean], seed: int) -> Json:
    """clips: of twice as many moments as a take has frames."""
    tape = played(clips[0].planes[:2 * TAKE], seed)
    settings = _default()
    mended = _mended(tape[:MENDED], settings)
    seconds = _analysed(tape)
    return {"case": "speed", "repairs": [repair.name for repair in reaching.repairs_on(settings)],
            "missing": [name for name in DEFAULT if name not in {each.name for each in reaching.repairs_on(settings)}],
            "mended": mended,
            "analysed": {"frames": TAKES * len(tape), **seconds}}


def _mended(tape: Tensor, settings: Settings) -> Json:
    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(cores, get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)) as workers:
        list(workers.map(_part, [(tape[:2].numpy(), settings)] * cores))  # Until each has loaded what it needs.
        parts = list(workers.map(_part, [(tape.numpy(), settings)] * cores))
    frames, begun, ended, cpu = zip(*parts, strict=True)
    return {"frames": sum(frames), "wall": max(ended) - min(begun), "cpu": sum(cpu)}


def _part(asked: tuple[np.ndarray, Settings]) -> tuple[int, float, float, float]:
    """Frames made, when that began and ended, and CPU seconds."""
    begun = time.monotonic()
    mended = mend(torch.from_numpy(asked[0]), asked[1], "tff")
    return len(mended.clip), begun, time.monotonic(), mended.cpu


def _default() -> Settings:
    """The tape preset's repairs and whatever of the four there is, at the source's raster."""
    data = PRESETS["tape"].settings.model_dump()
    for name in ("crosscolor", "weave"):
        data[name]["enabled"] = True
    data["upscale"]["height"] = None
    return Settings.model_validate(data)


def _analysed(tape: Tensor) -> Json:
    """From the file, decoding included."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "tape.mpg", tape.repeat(TAKES, 1, 1, 1), RATE, fields="tff")
        cpu, wall = time.process_time(), time.perf_counter()
        pipeline.analyse(path)
        return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
