"""Dust, hair and snow of one frame's life, against what takes single frames' outliers away."""

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.film import dust, snow
from restoration.engine.settings import BlotchesSettings, Settings

_ORACLES = (
    Oracle("tmedian", "tpad=start={r}:stop={r}:start_mode=clone:stop_mode=clone,tmedian=radius={r}",
           tuple({"r": r} for r in ("1", "2"))),
    Oracle("atadenoise", "atadenoise=0a={a}:1a={a}:2a={a}:0b={b}:1b={b}:2b={b}:s={n}",
           tuple({"a": a, "b": b, "n": n} for a, b in (("0.1", "0.5"), ("0.3", "2"), ("0.3", "5"))
                 for n in ("5", "9"))),
    Oracle("removegrain", "removegrain=m0={m}:m1={m}:m2={m}", tuple({"m": m} for m in ("1", "2", "4", "17"))),
    Oracle("median", "median=radius={r}:percentile=0.5", tuple({"r": r} for r in ("1", "3"))),
)


def _told(aged: Aged) -> Settings:
    return Settings(blotches=BlotchesSettings(enabled=True))


CASES = (
    Case(name="dust", title="Dust and hair", age=dust, settings=_told, oracles=_ORACLES, is_local=True,
         detects="blotches", others=(lambda clip, seed: dust(clip, seed, count=3.0),
                                     lambda clip, seed: dust(clip, seed, count=5.0, opaque=0.0)), size=(360, 240)),
    Case(name="snow", title="Snow", age=snow, settings=_told, oracles=_ORACLES, is_local=True, detects="blotches",
         size=(360, 240)),
)
