"""Colour beside its brightness, as copies of tapes leave it.

The setting says how far, for the whole reel. On the damaged clips it is told, as the oracle's is. Forced on a clip
that nothing was done to it is whatever the measure finds there, however little that is: what a person would be shown.
"""

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from benchmarks.quality.mending import frames_of
from restoration.engine.ageing import Aged
from restoration.engine.ageing.tape import chroma_delay
from restoration.engine.analysis import specimens
from restoration.engine.defects import DEFECTS, severity
from restoration.engine.facts import Defect
from restoration.engine.repair.chromadelay import REPAIR, measure
from restoration.engine.settings import ChromaDelaySettings, Settings

_ACROSS, _DOWN = 2.5, 2.0


def _age(clip: Tensor, seed: int) -> Aged:
    return chroma_delay(clip, seed, across=_ACROSS, down=_DOWN)


def _told_or_found(aged: Aged) -> Settings:
    is_damaged = aged.clip.shape == aged.truth.shape and not torch.equal(aged.clip, aged.truth)
    return Settings(chromadelay=ChromaDelaySettings(across=_ACROSS, down=_DOWN) if is_damaged else _found(aged))


def _found(aged: Aged) -> ChromaDelaySettings:
    frames = tuple(frames_of(aged.clip, aged.order))[:specimens.FRAMES]
    finding = measure(specimens.specimen(frames, aged.order, (0.0, 0.0))).get("chroma delay")
    if finding is None:
        return ChromaDelaySettings()
    defect = Defect(name="chroma delay", value=finding.value, severity=severity("chroma delay", finding.value),
                    confidence=finding.confidence, unit=DEFECTS["chroma delay"].unit, hints=dict(finding.hints))
    return ChromaDelaySettings(**REPAIR.advice[0].choose(defect))


CASE = Case(
    name="chromadelay", title="Colour out of place", age=_age, detects="chroma delay",
    settings=_told_or_found,
    oracles=(Oracle("chromashift", "chromashift=cbh={h}:crh={h}:cbv={v}:crv={v}:edge=smear", (
        {"h": "-2", "v": "-2"}, {"h": "-3", "v": "-2"})),))
