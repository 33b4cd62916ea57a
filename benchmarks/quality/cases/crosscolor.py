"""Composite video decoded by plain combs and traps: dots that crawl, colours that shimmer."""

from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.tape import composite_crosstalk
from restoration.engine.settings import CrosscolorSettings, Settings

_DECODERS = ((0.6, 0.5), (0.3, 1.0), (0.9, 0.0))  # Comb and trap: of a good set, a plain one and a comb alone.


def _age(clip: Tensor, seed: int) -> Aged:
    comb, trap = _DECODERS[seed % 3]
    return composite_crosstalk(clip, seed, comb=comb, trap=trap)


CASE = Case(
    name="crosscolor", title="Dot crawl and rainbows", age=_age, detects="dot crawl", frames=16,
    settings=lambda aged: Settings(crosscolor=CrosscolorSettings(enabled=True)),
    oracles=(
        Oracle("dedot", "dedot=lt={lt}:tl={tl}:tc={tc}:ct={ct}", tuple(
            {"lt": lt, "tl": tl, "tc": tc, "ct": ct} for lt, tl, tc, ct in (
                ("0.079", "0.079", "0.058", "0.019"), ("0.1", "0.02", "0.02", "0.01"), ("0.3", "0.1", "0.1", "0.05"),
                ("0.05", "0.15", "0.1", "0.01")))),
        Oracle("atadenoise", "atadenoise=s=5:0a={a}:1a={a}:2a={a}:0b={b}:1b={b}:2b={b}", tuple(
            {"a": a, "b": b} for a, b in (("0.02", "0.04"), ("0.08", "0.1"), ("0.15", "0.3")))),
        Oracle("hqdn3d", "il=l=d:c=d,hqdn3d={ls}:{cs}:{lt}:{ct},il=l=i:c=i", tuple(
            {"ls": ls, "cs": cs, "lt": lt, "ct": ct} for ls, cs, lt, ct in (
                ("0", "0", "6", "9"), ("0", "0", "12", "18"), ("0", "2", "4", "12")))),
    ))
