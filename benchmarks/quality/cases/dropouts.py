"""Stretches of lines that a tape lost for an instant."""

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing.tape import dropouts
from restoration.engine.settings import DropoutsSettings, Settings

_ENDS = "tpad=start={n}:stop={n}:start_mode=clone:stop_mode=clone,"

CASE = Case(
    name="dropouts", title="Dropouts", age=lambda clip, seed: dropouts(clip, seed, per_field=1.0), is_local=True,
    detects="dropouts", frames=16, settings=lambda aged: Settings(dropouts=DropoutsSettings(enabled=True)),
    oracles=(
        Oracle("tmedian", _ENDS + "tmedian=radius={n}", ({"n": "1"}, {"n": "2"})),
        Oracle("median", "il=l=d:c=d,median=radius=1:radiusV={v},il=l=i:c=i", ({"v": "2"}, {"v": "3"})),
        Oracle("removegrain", "il=l=d:c=d,removegrain=m0={m}:m1={m}:m2={m},il=l=i:c=i", ({"m": "1"}, {"m": "4"})),
        Oracle("atadenoise", "atadenoise=s=5:0a={a}:1a={a}:2a={a}:0b={b}:1b={b}:2b={b}",
               ({"a": "0.08", "b": "0.1"}, {"a": "0.3", "b": "0.5"})),
    ))
