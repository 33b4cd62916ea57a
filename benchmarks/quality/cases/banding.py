"""Dark gradients in plateaus."""

from torch import Tensor

from benchmarks.quality.case import Age, Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.compression import banded
from restoration.engine.settings import BandingSettings, Settings

_STEP = 4.0  # Of 255.


def _banded(step: float) -> Age:
    return lambda clip, seed: banded(clip, seed, step=step)


def _age(clip: Tensor, seed: int) -> Aged:
    return banded(clip, seed, step=_STEP)


def _share(aged: Aged) -> float:
    return float(aged.masks.float().mean()) if aged.masks is not None else 0.0


def _settings(aged: Aged) -> Settings:
    return Settings(banding=BandingSettings(enabled=True, steps=_STEP))


CASE = Case(
    name="banding", title="Banding", age=_age, settings=_settings, is_local=True, detects="banding",
    others=(_banded(3.0), _banded(6.0)), amount=_share, frames=8,
    oracles=(
        Oracle("deband", "deband=1thr={t}:2thr={t}:3thr={t}:range={r}:blur=1",
               tuple({"t": t, "r": r} for t in ("0.01", "0.02", "0.04") for r in ("16", "32"))),
        Oracle("gradfun", "gradfun={t}:{r}",
               tuple({"t": t, "r": r} for t in ("2", "4", "8") for r in ("16", "32"))),
    ))
