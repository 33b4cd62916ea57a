"""How fast: the analysis of a tape from its file, and the default repairs of a tape."""

import tempfile
import time
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.quality.mending import RATE, mend
from benchmarks.quality.results import Json
from benchmarks.quality.truth import Clean
from restoration.engine import chain, pipeline
from restoration.engine.ageing.composite import TAPE, field_of, interlace, play
from restoration.engine.settings import Settings
from restoration.engine.settings.presets import PRESETS
from tests.clips import write

DEFAULT = ("crosscolor", "fields", "weave", "noise")  # What the aim of three output frames a second is about.
ANALYSED, MENDED = 96, 12


def played(clip: Tensor, seed: int) -> Tensor:
    """Moments [2T, 3, 480, 720] as frames of a worn 480i tape [T, 3, 480, 720], top field first."""
    dice = torch.Generator().manual_seed(seed)
    fields = [play(field_of(moment, number % 2), number, TAPE, dice) for number, moment in enumerate(clip)]
    return torch.stack([interlace(one, two, "tff") for one, two in zip(fields[::2], fields[1::2], strict=True)])


def measure_speed(clips: list[Clean], seed: int) -> Json:
    """clips: of at least 24 moments."""
    tape = played(clips[0].planes[:2 * MENDED], seed)
    settings = _default()
    mended = mend(tape, settings, "tff")
    seconds = _analysed(tape)
    return {"case": "speed", "repairs": [repair.name for repair in chain.repairs_on(settings)],
            "missing": [name for name in DEFAULT if name not in {each.name for each in chain.repairs_on(settings)}],
            "mended": {"frames": len(mended.clip), "wall": mended.wall, "cpu": mended.cpu},
            "analysed": {"frames": ANALYSED, **seconds}}


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
        frames = torch.cat([tape] * -(-ANALYSED // len(tape)))[:ANALYSED]
        path = write(Path(folder) / "tape.mpg", frames, RATE, fields="tff")
        cpu, wall = time.process_time(), time.perf_counter()
        pipeline.analyse(path)
        return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
