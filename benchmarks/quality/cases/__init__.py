"""One file a defect; the order is that of the table."""

from benchmarks.quality.case import Case
from benchmarks.quality.cases import crosscolor, fields, noise

CASES: tuple[Case, ...] = (crosscolor.CASE, fields.CASE, *noise.CASES)
