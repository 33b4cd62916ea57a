"""One file a defect; the order is that of the table."""

from benchmarks.quality.case import Case
from benchmarks.quality.cases import (
    banding,
    blocking,
    blotches,
    chromadelay,
    crosscolor,
    dropouts,
    fade,
    fields,
    flicker,
    linejitter,
    noise,
    retouch,
    scratches,
    softness,
    telecine,
    weave,
    whole,
)

CASES: tuple[Case, ...] = (
    crosscolor.CASE,
    linejitter.CASE,
    chromadelay.CASE,
    dropouts.CASE,
    fields.CASE,
    telecine.CASE,
    weave.CASE,
    *flicker.CASES,
    scratches.CASE,
    *blotches.CASES,
    retouch.CASE,
    *noise.CASES,
    *blocking.CASES,
    softness.CASE,
    banding.CASE,
    *fade.CASES,
    *whole.CASES,
)
