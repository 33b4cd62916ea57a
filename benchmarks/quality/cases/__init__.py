"""One file a defect; the order is that of the table."""

from benchmarks.quality.case import Case
<<<<<<< HEAD
from benchmarks.quality.cases import (
    banding,
    blocking,
    crosscolor,
    fields,
    noise,
)

CASES: tuple[Case, ...] = (
    crosscolor.CASE,
    fields.CASE,
    *noise.CASES,
    *blocking.CASES,
    banding.CASE,
)
=======
from benchmarks.quality.cases import crosscolor, fields, noise, weave

CASES: tuple[Case, ...] = (crosscolor.CASE, fields.CASE, weave.CASE, *noise.CASES)
>>>>>>> fa3edd9 (Hold still what trembles in the gate, and leave every camera its moves)
