"""The softness of composite tape alone: scanned softly, a narrow band, a plain comb, and nothing else wrong."""

from dataclasses import replace

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.composite import TAPE, field_of, interlace, play
from restoration.engine.settings import Settings, SoftnessSettings

_SOFT = replace(TAPE, chroma_delay=0.0, luma_noise=0.0, chroma_noise=0.0, jitter=0.0, set_up_left=0.0,
                dropouts_per_field=0.0, switching_lines=0)


def _softened(clip: Tensor, seed: int) -> Aged:
    """Both fields of each moment recorded and played, so that no line of it is missing."""
    dice = torch.Generator().manual_seed(seed)
    made = [interlace(*(play(field_of(moment, parity), number, _SOFT, dice) for parity in (0, 1)), "tff")
            for number, moment in enumerate(clip)]
    return Aged(torch.stack(made), clip)


CASE = Case(
    name="softness", title="Softness of tape", age=_softened, frames=6, size=(480, 320),
    settings=lambda aged: Settings(softness=SoftnessSettings(enabled=True)),
    oracles=(
        Oracle("unsharp", "unsharp=lx={x}:ly=3:la={a}:cx=3:cy=3:ca=0",
               tuple({"x": x, "a": a} for x in ("3", "5") for a in ("0.3", "0.6", "1.0", "1.5"))),
        Oracle("cas", "cas=strength={s}:planes=1", tuple({"s": s} for s in ("0", "0.3", "0.6", "1"))),
    ))
