"""Colour beside its brightness, as copies of tapes leave it."""

from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.tape import chroma_delay
from restoration.engine.settings import ChromaDelaySettings, Settings

_ACROSS, _DOWN = 2.5, 2.0


def _age(clip: Tensor, seed: int) -> Aged:
    return chroma_delay(clip, seed, across=_ACROSS, down=_DOWN)


CASE = Case(
    name="chromadelay", title="Colour out of place", age=_age, detects="chroma delay",
    settings=lambda aged: Settings(chromadelay=ChromaDelaySettings(across=_ACROSS, down=_DOWN)),
    oracles=(Oracle("chromashift", "chromashift=cbh={h}:crh={h}:cbv={v}:crv={v}:edge=smear", (
        {"h": "-2", "v": "-2"}, {"h": "-3", "v": "-2"})),))
