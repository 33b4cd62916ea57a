"""Scratches along the film, against what takes thin lines away."""

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.film import scratches
from restoration.engine.settings import ScratchesSettings, Settings


def _told(aged: Aged) -> Settings:
    return Settings(scratches=ScratchesSettings(enabled=True))


CASE = Case(
    name="scratches", title="Scratches", age=scratches, settings=_told, is_local=True, detects="scratches",
    oracles=(
        Oracle("median across", "median=radius={r}:radiusV=0:percentile=0.5", tuple({"r": r} for r in ("1", "2", "4"))),
        Oracle("tmedian", "tpad=start={r}:stop={r}:start_mode=clone:stop_mode=clone,tmedian=radius={r}",
               tuple({"r": r} for r in ("1", "2", "4"))),
        Oracle("removegrain", "removegrain=m0={m}:m1={m}:m2={m}", tuple({"m": m} for m in ("1", "2", "4", "17"))),
        Oracle("atadenoise", "atadenoise=0a=0.3:1a=0.3:2a=0.3:0b={b}:1b={b}:2b={b}:s=9",
               tuple({"b": b} for b in ("1", "3", "5"))),
    ), size=(360, 240))
