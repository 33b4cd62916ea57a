"""Lines that start too early or too late, as a tape's time base leaves them. No open filter of the ffmpeg at hand mends
this; what smooths between lines is tried for the sake of the table."""

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing.tape import line_jitter
from restoration.engine.settings import LineJitterSettings, Settings

CASE = Case(
    name="linejitter", title="Trembling lines", age=lambda clip, seed: line_jitter(clip, seed, pixels=0.8),
    detects="line jitter", settings=lambda aged: Settings(linejitter=LineJitterSettings(enabled=True)),
    amount=lambda aged: 0.8,
    oracles=(
        Oracle("atadenoise", "atadenoise=s=5:0a={a}:1a={a}:2a={a}:0b={b}:1b={b}:2b={b}",
               ({"a": "0.02", "b": "0.04"}, {"a": "0.08", "b": "0.1"}, {"a": "0.15", "b": "0.3"})),
        Oracle("hqdn3d", "il=l=d:c=d,hqdn3d={s}:{s}:{t}:{t},il=l=i:c=i", (
            {"s": "0", "t": "6"}, {"s": "4", "t": "12"}, {"s": "8", "t": "18"})),
    ))
