"""Patina as it really runs: the stages of a shot from `engine.chain`, with the ledger and the traces it would have."""

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from restoration.engine import chain, reaching
from restoration.engine.analysis import noise_level
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.ledger import Ledger
from restoration.engine.settings import Settings
from restoration.engine.survey import trace_of

RATE = Fraction(30000, 1001)
PIXEL_ASPECT = Fraction(10, 11)
COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
Order = Literal["tff", "bff"] | None


@dataclass(frozen=True, slots=True)
class Mended:
    """The clip after the chain, [T', 3, H, W]; what the repairs say they changed, bool [T', H, W], None where one of
    them says the whole picture; frames on which one backed off; CPU seconds and seconds of the wall."""

    clip: Tensor
    masks: Tensor | None
    backed_off: int
    cpu: float
    wall: float


def frames_of(clip: Tensor, order: Order = None) -> Iterator[Frame]:
    return (Frame(planes.contiguous(), number, COLOR, order) for number, planes in enumerate(clip))


def facts_of(clip: Tensor, order: Order = None) -> SourceFacts:
    """What the engine would know of a file with these pictures."""
    frames, _, height, width = clip.shape
    return SourceFacts(name="benchmark", rate=RATE, frames=frames, width=width, height=height,
                       pixel_aspect=PIXEL_ASPECT, scan="interlaced" if order else "progressive", field_order=order,
                       duration=frames / RATE)


@torch.no_grad()
def mend(clip: Tensor, settings: Settings, order: Order = None,
         noise_sigma: tuple[float, float] | None = None) -> Mended:
    """clip [T, 3, H, W] through everything that the settings ask for. noise_sigma: None for what is measured."""
    settings = _ordered(settings, order)
    luma, chroma = measured_noise(clip, order) if noise_sigma is None else noise_sigma
    shot = Shot(index=0, start=0, end=len(clip), noise_luma=luma, noise_chroma=chroma)
    ledger = Ledger(0, len(clip), reaching.moments_of(settings))
    traces = _traces(clip, settings, order)
    stages = chain.stages(settings, facts_of(clip, order), shot, traces=traces, ledger=ledger)
    cpu, wall = time.process_time(), time.perf_counter()
    made = torch.stack([frame.planes.cpu() for frame in chain.through(frames_of(clip, order), stages)])
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    flagged = len({number for fact in ledger.facts() for number in fact.backed_off})
    return Mended(made, _masks(ledger, made), flagged, cpu, wall)


def measured_noise(clip: Tensor, order: Order = None) -> tuple[float, float]:
    """Standard deviation of luma and chroma as the analysis measures it, from some pairs of neighbours."""
    last = len(clip) - 1
    pairs = [noise_level.sample(clip[at], clip[at - 1], fields=order is not None)
             for at in sorted({1, (1 + last) // 2, last}) if at > 0]
    return noise_level.of_shot([pair for pair in pairs if pair])


def _ordered(settings: Settings, order: Order) -> Settings:
    if order is None:
        return settings
    return settings.model_copy(update={"fields": settings.fields.model_copy(update={"order": order})})


def _traces(clip: Tensor, settings: Settings, order: Order) -> chain.Traces:
    wanted = [repair for repair in reaching.repairs_on(settings) if repair.tracer is not None]
    if not wanted:
        return {}
    tracers = [repair.tracer() for repair in wanted if repair.tracer]
    found = trace_of(frames_of(clip, order), tracers, order=order if settings.fields.method == "frames" else None)
    return {repair.name: trace for repair, trace in zip(wanted, found, strict=True)}


def _masks(ledger: Ledger, made: Tensor) -> Tensor | None:
    """All repairs' masks laid over each other."""
    if any(fact.worst_share == 1.0 for fact in ledger.facts()):
        return None
    masks = torch.zeros(len(made), *made.shape[-2:], dtype=torch.bool)
    with tempfile.TemporaryDirectory() as folder:
        ledger.write(Path(folder) / "changes.zip")
        with zipfile.ZipFile(Path(folder) / "changes.zip") as packed:
            for name in (name for name in packed.namelist() if name.endswith(".png")):
                with packed.open(name) as written:
                    found = torch.from_numpy(np.asarray(Image.open(written).convert("L")) > 0)
                masks[int(Path(name).stem)] |= _at_raster(found, made)
    return masks


def _at_raster(found: Tensor, made: Tensor) -> Tensor:
    if found.shape == made.shape[-2:]:
        return found
    return torch.nn.functional.interpolate(found[None, None].float(), size=made.shape[-2:], mode="nearest")[0, 0] > 0
